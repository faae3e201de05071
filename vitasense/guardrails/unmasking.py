"""The ways in which one text can be read: as it stands, without disguise, decoded, and backwards.

Disguises as named by NVIDIA garak (encoding, latent injection) and in OWASP LLM01:2025, scenario 9 (obfuscation).
"""

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from vitasense.deterministic.platform.untrusted import visible

# Unicode Technical Standard 39, confusables: the Cyrillic and Greek letters that look like one Latin letter.
_LOOKALIKES = str.maketrans(
    "аВЕеЗКкМНОоРрСсТуХхІіЈјЅѕԁԛԝһӏАЕгпЬνΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικορτυχ",
    "aBEe3KkMHOoPpCcTyXxIiJjSsdqwhlAErnbvABEZHIKMNOPTYXaikoptux",
)
_DIGITS_FOR_LETTERS = str.maketrans("0134578@$!|", "oieastbasil")
_TAGS = re.compile("[\U000e0020-\U000e007e]+")
_MIXED = re.compile(r"[\w@$!|]{3,}")
_SPELLED = re.compile(r"(?<!\w)\w(?:([ ._*~/-])\w(?:\1\w){2,})(?!\w)")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}[\s:,]?){12,}")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2}\w*[.,]?){3,}")
_ENTITY = re.compile(r"(?:&(?:#\d{2,5}|#x[0-9A-Fa-f]{2,4}|[a-z]{2,6});[^&]{0,3}){3,}")
_LEAST_PRINTABLE = 0.95


def plain(text: str) -> str:
    """`text` in composed letters without hidden characters and accents; smuggled tag characters become letters.

    It may be longer or shorter than `text`.
    """
    if text.isascii():
        return text
    told = _TAGS.sub(lambda found: " " + "".join(chr(ord(c) - 0xE0000) for c in found.group()) + " ", text)
    parts = unicodedata.normalize("NFKD", visible(told))
    return "".join(character for character in parts if not unicodedata.combining(character))


def disguised(text: str) -> Iterator[str]:
    """What else `text` (already `plain`) says when its letters are put right or what is encoded in it is decoded."""
    if not text.isascii():
        yield text.translate(_LOOKALIKES)
    for undo in (_spelled, _letters):
        if (undone := undo(text)) != text:
            yield undone
    yield from _decoded(text)


def turned(text: str) -> Iterator[str]:
    """`text` in rot13 and backwards, which of ordinary text is no text at all."""
    yield codecs.encode(text, "rot13")
    yield text[::-1]


def _spelled(text: str) -> str:
    """Words that are written letter by letter, put together."""
    return _SPELLED.sub(lambda found: found.group().replace(found.group(1), ""), text)


def _letters(text: str) -> str:
    """Words in which digits and signs stand for letters."""
    return _MIXED.sub(lambda found: _spelled_out(found.group()), text)


def _spelled_out(word: str) -> str:
    return word.translate(_DIGITS_FOR_LETTERS) if any(map(str.isalpha, word)) else word


def _decoded(text: str) -> Iterator[str]:
    for found in _BASE64.finditer(text):
        yield from _readable(_from_base64(found.group()))
    for found in _HEX.finditer(text):
        yield from _readable(bytes.fromhex(re.sub(r"[\s:,]", "", found.group())))
    if _PERCENT.search(text):
        yield unquote(text)
    if _ENTITY.search(text):
        yield html.unescape(text)


def _from_base64(written: str) -> bytes:
    plain_alphabet = written.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain_alphabet + "=" * (-len(plain_alphabet) % 4))
    except (binascii.Error, ValueError):
        return b""


def _readable(data: bytes) -> Iterator[str]:
    """The bytes as text, when they are text."""
    words = data.decode("utf-8", errors="ignore")
    shown = sum(character.isprintable() or character.isspace() for character in words)
    if words and len(words) >= len(data) * _LEAST_PRINTABLE and shown >= len(words) * _LEAST_PRINTABLE:
        yield words
