"""Embeddings: one contract, and the models that keep it."""

from vitasense.memory.embeddings.contract import Embedder

__all__ = ["Embedder"]
