"""Medications: what a person takes and how, and everything that speaks against it."""
