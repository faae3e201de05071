"""Conversations of before: summarised and recalled."""
