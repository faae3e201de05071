"""Tests of vitasense.memory.statements."""
