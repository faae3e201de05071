"""The stores of memories: one contract, three engines."""
