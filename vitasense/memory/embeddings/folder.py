"""What lies in the folder of a local model: which files, and how its words are cut and its vectors pooled."""

import json
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Literal, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from vitasense.deterministic.platform.problems import Unavailable

MODEL, TOKENIZER, CONFIG = "model.onnx", "tokenizer.json", "config.json"
POOLING = "1_Pooling/config.json"  # where sentence-transformers keeps it
LONGEST = 512  # tokens, where the folder says nothing
_VERSION_BYTES, _BLOCK = 8, 1 << 20


class _Config(BaseModel):
    """The keys of config.json that matter here; a model's own config.json has many others."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    pooling: Literal["mean", "cls"] | None = None
    query_prefix: str = ""
    passage_prefix: str = ""
    max_length: int | None = None
    max_position_embeddings: int = LONGEST


@dataclass(frozen=True, slots=True)
class Folder:
    """A local model: `prefixes` stand before a passage and before a question, `longest` counts tokens."""

    path: Path
    pooling: Literal["mean", "cls"]
    prefixes: tuple[str, str]
    longest: int

    @property
    def version(self) -> str:
        """A hash of every file that the vectors depend on."""
        digest = blake2b(digest_size=_VERSION_BYTES)
        for file in _files(self.path):
            digest.update(f"{file.relative_to(self.path)} {file.stat().st_size}\n".encode())
            with file.open("rb") as opened:
                while block := opened.read(_BLOCK):
                    digest.update(block)
        return digest.hexdigest()


def read_folder(path: Path) -> Folder:
    """The folder's settings. Raises Unavailable with the remedy when it is not the folder of a model."""
    if missing := [name for name in (MODEL, TOKENIZER) if not (path / name).is_file()]:
        raise Unavailable(f"VITASENSE_EMBEDDINGS names the folder {path}, which has no {' and no '.join(missing)}.")
    try:
        config = _Config.model_validate(_json(path / CONFIG))
    except (ValidationError, ValueError, TypeError) as error:
        raise Unavailable(
            f"{path / CONFIG} cannot be used: pooling is mean or cls, prefixes are text, max_length is a number."
        ) from error
    cls = _json(path / POOLING).get("pooling_mode_cls_token") is True
    longest = min(config.max_length or LONGEST, config.max_position_embeddings)
    return Folder(
        path, config.pooling or ("cls" if cls else "mean"), (config.passage_prefix, config.query_prefix), longest
    )


def _files(path: Path) -> list[Path]:
    """The model's files, with the weights that a large graph keeps beside it."""
    names = (TOKENIZER, CONFIG, POOLING)
    kept = [*path.glob("*.onnx*"), *path.glob("*.bin"), *path.glob("*_data"), *(path / name for name in names)]
    return sorted({file for file in kept if file.is_file()})


def _json(file: Path) -> dict[str, object]:
    """The object in the file; empty when there is no such file."""
    if not file.is_file():
        return {}
    found: object = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise TypeError("not an object")
    return cast("dict[str, object]", found)
