"""The graphs: a conversation turn and what drives it."""
