"""Retkoop: the online accounts of the French school cooperatives."""
