"""Tests of vitasense.memory.documents."""
