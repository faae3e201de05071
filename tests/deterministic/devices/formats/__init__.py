"""Readers of vendors' files."""
