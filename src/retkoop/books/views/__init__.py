"""The pages of the cahier, a module a page."""
