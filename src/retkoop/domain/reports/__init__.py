"""Reports (états): what a book says, as plain values that a page, a document or a JSON answer can show."""
