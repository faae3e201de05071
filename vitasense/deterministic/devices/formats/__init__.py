"""Readers of vendors' files: each gives what it found, one after another, and names what it could not take."""
