"""Thin: load, fill a form, call a verb, render."""
