"""Tests of vitasense.memory.literature."""
