"""The bus: one contract, two ways, and processes that are killed."""
