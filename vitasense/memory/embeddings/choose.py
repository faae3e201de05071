"""Which embedder a setting names."""

from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.memory.embeddings.contract import Embedder
from vitasense.memory.embeddings.fast import FastEmbedder
from vitasense.memory.embeddings.lexical import LexicalEmbedder
from vitasense.memory.embeddings.onnx import OnnxEmbedder
from vitasense.memory.embeddings.remote import RemoteEmbedder, Server

LEXICAL, FOLDER, FASTEMBED = "lexical", "folder:", "fastembed:"


def embedder(
    name: str,
    *,
    redact: Callable[[str], str] | None = None,
    base_url: str | None = None,
    api_key: SecretStr | None = None,
    trusted: bool = False,
    timeout_seconds: float = 20.0,
    dimensions: int | None = None,
    models: Path | None = None,
    download: bool = False,
) -> Embedder:
    """The embedder of a name: `lexical`, `folder:/path`, `fastembed:NAME`, or a litellm name with a slash.

    `redact` takes identifiers out of what a remote model is sent; without it only a `trusted` one is given. `models`
    is where fastembed keeps its models. Raises InvalidInput for a name that is none of these, and Unavailable when
    what it names is not there.
    """
    if name == LEXICAL:
        return LexicalEmbedder()
    if name.startswith(FOLDER):
        return OnnxEmbedder(Path(name.removeprefix(FOLDER)).expanduser())
    if name.startswith(FASTEMBED):
        return FastEmbedder(name.removeprefix(FASTEMBED), folder=models or Path("models"), download=download)
    if "/" not in name:
        raise InvalidInput(
            f"VITASENSE_EMBEDDINGS is {name!r}: it must be lexical, folder:/path, fastembed:NAME or PROVIDER/MODEL."
        )
    if redact is None and not trusted:
        raise InvalidInput("A remote embedding model that is not trusted is asked only with a way to hide identifiers.")
    server = Server(
        model=name, base_url=base_url, api_key=api_key, timeout_seconds=timeout_seconds, dimensions=dimensions
    )
    return RemoteEmbedder(server, None if trusted else redact)
