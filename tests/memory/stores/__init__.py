"""Tests of vitasense.memory.stores."""
