"""What the assistant remembers, and where it came from."""
