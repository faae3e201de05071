"""Embeddings: unit vectors of texts, by a model that the operator chooses; the default needs nothing."""

from vitasense.memory.embeddings.choose import FASTEMBED, FOLDER, LEXICAL, embedder
from vitasense.memory.embeddings.contract import Embedder
from vitasense.memory.embeddings.fast import FastEmbedder
from vitasense.memory.embeddings.lexical import LexicalEmbedder, expanded
from vitasense.memory.embeddings.onnx import OnnxEmbedder
from vitasense.memory.embeddings.remote import Refused, RemoteEmbedder, Server
from vitasense.memory.embeddings.similarity import threshold

__all__ = [
    "FASTEMBED",
    "FOLDER",
    "LEXICAL",
    "Embedder",
    "FastEmbedder",
    "LexicalEmbedder",
    "OnnxEmbedder",
    "Refused",
    "RemoteEmbedder",
    "Server",
    "embedder",
    "expanded",
    "threshold",
]
