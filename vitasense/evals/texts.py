"""Texts as cases: one alone, or many together where each says little by itself."""

import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from vitasense.evals.suite import Case

MANY = 100


def one(group: str, text: str, target: str = "", **facts: Any) -> Case:
    """One text as a case; its id is the group and the CRC-32 of the text, so it stays when others come and go."""
    return Case(id=f"{group}-{checksum(text)}", input=text, target=target, facts={"texts": [text], **facts})


def many(group: str, texts: Sequence[str], target: str = "", *, size: int = MANY, **facts: Any) -> Iterator[Case]:
    """The texts in cases of `size`, numbered in their order."""
    for number, start in enumerate(range(0, len(texts), size), start=1):
        chosen = list(texts[start : start + size])
        yield Case(id=f"{group}-{number:03}", input="\n".join(chosen), target=target, facts={"texts": chosen, **facts})


def checksum(text: str) -> str:
    """The CRC-32 of a text in eight hexadecimal digits."""
    return f"{zlib.crc32(text.encode()):08x}"
