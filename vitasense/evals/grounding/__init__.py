"""Replies for the grounding suite: findings, faithful rephrasings of them, and what makes a reply false."""
