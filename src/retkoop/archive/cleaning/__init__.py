"""What is sent is hostile until it has been made anew: `cleaned` does so, `draw_page` shows the result."""

from retkoop.archive.cleaning.receive import Cleaned, Limits, cleaned, draw_page
from retkoop.archive.cleaning.refusals import RefusedFile

__all__ = ["Cleaned", "Limits", "RefusedFile", "cleaned", "draw_page"]
