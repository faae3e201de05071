"""Tests of vitasense.memory.conversations."""
