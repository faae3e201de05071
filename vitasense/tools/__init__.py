"""Tools: thin, typed and called in one way."""
