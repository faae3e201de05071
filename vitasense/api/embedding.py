"""The embedder that the settings name, with what keeps identifiers from a remote one."""

from vitasense.deterministic.platform.settings import Settings
from vitasense.guardrails import Redactor
from vitasense.memory.embeddings import Embedder, embedder

_CONVERSATION = "embeddings"  # one for all, so that the same text is always sent the same way


def embedder_of(settings: Settings) -> Embedder:
    """The embedder of the settings. Raises InvalidInput or Unavailable with the remedy."""
    return embedder(
        settings.embeddings,
        redact=_without_identifiers,
        base_url=settings.embeddings_base_url,
        api_key=settings.embeddings_api_key,
        trusted=settings.embeddings_trusted,
        timeout_seconds=settings.embeddings_timeout_seconds,
        dimensions=settings.embeddings_dimensions,
        models=settings.home / "models",
        download=settings.embeddings_download,
    )


def _without_identifiers(text: str) -> str:
    """A Redactor for each text: one kept for all would keep every text too."""
    return Redactor((), _CONVERSATION).redact(text)
