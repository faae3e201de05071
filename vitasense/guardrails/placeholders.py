"""Placeholders: what stands for an identifier in what a model reads, and how it becomes the identifier again."""

import re
from collections.abc import Iterator
from hashlib import blake2b

from vitasense.guardrails.identifiers.found import KINDS, IdentifierKind

_OPEN, _CLOSE = "⟦〚【«‹[{<", "⟧〛】»›]}>"
_KIND = "|".join(sorted((kind.upper().replace("_", r"[\s_\\-]{1,2}") for kind in KINDS), key=len, reverse=True))
_EXACT = re.compile(rf"⟦((?:{'|'.join(kind.upper() for kind in KINDS)})_\d{{1,6}}(?:\.\d{{1,4}})?)⟧")
# As models write them: other brackets or none, other case, spaces, a hyphen or an escaped underscore.
_MANGLED = re.compile(
    rf"(?:(?P<open>[{re.escape(_OPEN)}]{{1,2}})[ ]{{0,2}})?(?<!\w)(?P<kind>{_KIND})(?P<gap>[\s_\\-]{{1,3}})"
    rf"(?P<number>\d{{1,6}})(?:\.(?P<variant>\d{{1,4}}))?(?!\w)(?:[ ]{{0,2}}(?P<close>[{re.escape(_CLOSE)}]{{1,2}}))?",
    re.IGNORECASE,
)
# What was not known is numbered from here, and looks like no year; the known ones count from 1.
_SMALLEST, _NUMBERS = 3000, 6000
_SMALLEST_VARIANT, _VARIANTS = 100, 900


class Placeholders:
    """Names identifiers, always by the same name for the same `key`, and takes back only the names that it gave."""

    def __init__(self, key: bytes) -> None:
        self._key = key[:64]
        self._written: dict[str, str] = {}
        self._names: dict[tuple[str, str], str] = {}
        self._bases: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()

    def known(self, kind: IdentifierKind, number: int, value: str, written: str) -> str:
        """The placeholder of the `number`th known identifier of its kind, here written as `written`."""
        base = f"{kind.upper()}_{number}"
        return self._name(base, written, plain=written == value)

    def found(self, kind: IdentifierKind, written: str, identity: str) -> str:
        """The placeholder of something found; all that have the same `identity` are numbered alike."""
        if (kind, identity) not in self._bases:
            base = self._free(f"{kind.upper()}_", identity, _SMALLEST, _NUMBERS)
            self._taken.add(base)
            self._bases[kind, identity] = base
        base = self._bases[kind, identity]
        return self._name(base, written, plain=base not in self._written)

    def restored(self, text: str) -> str:
        """The text with the placeholders that were given turned back; what was never given stays as it is."""
        pieces: list[str] = []
        last = 0
        for match in _EXACT.finditer(text):
            if match.group(1) in self._written:
                pieces.extend((self._mended(text[last : match.start()]), self._written[match.group(1)]))
                last = match.end()
        return "".join((*pieces, self._mended(text[last:])))

    def _mended(self, text: str) -> str:
        def turn(match: re.Match[str]) -> str:
            written = self._meant(match) if _is_placeholder(match) else None
            return match.group() if written is None else written

        return _MANGLED.sub(turn, text)

    def _meant(self, match: re.Match[str]) -> str | None:
        kind = re.sub(r"[\s_\\-]+", "_", match.group("kind")).upper()
        base = f"{kind}_{match.group('number')}"
        exact = f"{base}.{match.group('variant')}" if match.group("variant") else base
        variants = (written for name, written in self._written.items() if name.partition(".")[0] == base)
        return self._written.get(exact) or self._written.get(base) or next(variants, None)

    def _name(self, base: str, written: str, *, plain: bool) -> str:
        if (base, written) not in self._names:
            name = base if plain else self._free(f"{base}.", written, _SMALLEST_VARIANT, _VARIANTS)
            self._taken.add(name)
            self._names[base, written] = name
            self._written[name] = written
        return f"⟦{self._names[base, written]}⟧"

    def _free(self, stem: str, meaning: str, smallest: int, count: int) -> str:
        digest = blake2b(f"{stem}\0{meaning}".encode("utf-8", "surrogatepass"), key=self._key, digest_size=8).digest()
        start = int.from_bytes(digest, "big") % count
        numbers = (smallest + (start + step) % count for step in range(count))
        free = (name for number in numbers if (name := f"{stem}{number}") not in self._taken)
        # More identifiers than numbers: count on past them.
        return next(free, f"{stem}{smallest + count + len(self._taken)}")


def lookalikes(text: str) -> Iterator[tuple[int, int]]:
    """Where the text, or a piece of it between such places, would be taken for a placeholder."""
    last = 0
    for match in _MANGLED.finditer(text):
        if _is_placeholder(match):
            yield from _shifted(lookalikes(text[last : match.start()]), last)
            yield match.span()
            last = match.end()
    if last:
        yield from _shifted(lookalikes(text[last:]), last)


def _shifted(spans: Iterator[tuple[int, int]], by: int) -> Iterator[tuple[int, int]]:
    return ((start + by, end + by) for start, end in spans)


def _is_placeholder(match: re.Match[str]) -> bool:
    """Without any bracket only what is joined by more than a space is one: "person 1" are words."""
    return bool(match.group("open") or match.group("close") or match.group("gap").strip())
