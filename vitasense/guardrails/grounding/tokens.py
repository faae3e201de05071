"""A text cut into words, numbers, dates and marks."""

import re

# In the order in which they are tried: a plain word is the most frequent; dates and times come before numbers, compound
# units and gene alleles before the other words.
_PIECES = (
    r"[a-z]+(?=[\s,;:)?!]|$)|[,;()?!]|\.(?!\d)",
    r"\d+(?=[\s;)?!]|,(?!\d)|$)",
    r"\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:?\d\d)?)?(?![\w-])",
    r"\d{1,2}/\d{1,2}/\d{2,4}(?![\w/])|\d{1,2}\.\d{1,2}\.\d{4}(?!\w)|\d{1,2}-\d{1,2}-\d{4}(?![\w-])",
    r"\d{1,2}:\d\d(?::\d\d)?(?!\d)",
    r"x?10[*^]\d{1,2}/[a-z]{1,3}",
    r"(?<![\w.,)%])-\d(?:[\d.,]*\d)?(?![\w-]*-)|\d(?:[\d.,]*\d)?|(?<![\w.])\.\d+",
    r"[ap]\.m\.?(?!\w)|e\.g\.|i\.e\.",
    r"(?<![\w*])\*\d+[a-z]?(?:x\d+)?(?![\w*])",
    r"[a-z][a-z0-9]*\*\d+[a-z0-9:]*",
    r"[a-z][a-z0-9]*(?:-(?=[a-z]*\d)[a-z0-9]++)++(?![\w/])",
    r"[a-z]+/[a-z0-9.^]*[a-z0-9](?:/[a-z0-9.^]*[a-z0-9])?",
    r"(?<![\w/])/(?:min|day|h)\b",
    r"[a-z][a-z0-9]*(?:'[a-z]+)?",
    r">=|<=|\n\s*(?:[-*+]+\s+|#+\s*)?|[*_`]+",
    r"\S",
)
_TOKEN = re.compile("|".join(_PIECES))
_HYPHEN = re.compile(r"(?<=[a-z])-(?=[a-z])")  # a space instead, so that places stay true
_BRITISH = re.compile("ae|oe|our|is")
_ENDINGS = {
    "s": (("ies", "y"), ("sses", "ss"), ("s", "")),
    "g": (("ing", ""),),
    "d": (("ed", ""),),
    "y": (("edly", ""), ("ly", "")),
}
_SHORTENED = {"can't": ("can", "not"), "won't": ("will", "not"), "shan't": ("shall", "not"), "cannot": ("can", "not")}
_SHORT_ENDS = {"'re": "are", "'ve": "have", "'ll": "will", "'d": "would", "'m": "am"}


def cut(text: str) -> list[str]:
    """The tokens of plain lower-case `text`, without emphasis; short forms are written out ("isn't" is "is", "not")."""
    found: list[str] = _TOKEN.findall(_HYPHEN.sub(" ", text) if "-" in text else text)
    if "'" not in text and "*" not in text and "`" not in text and "_" not in text and "cannot" not in text:
        return found
    return [
        part
        for written in found
        for part in (_parts(written) if written[0] in "*_`" or "'" in written or written in _SHORTENED else (written,))
    ]


def spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each token that `cut` gives."""
    return [match.span() for match in _TOKEN.finditer(_HYPHEN.sub(" ", text)) for _ in _parts(match.group())]


def stem(word: str) -> str:
    """`word` without its ending and in American spelling, so that the forms of one word meet."""
    if len(word) < 4 or not word.isalpha():
        return word
    if _BRITISH.search(word):
        word = word.replace("ae", "e").replace("oe", "e").replace("our", "or").replace("is", "iz")
    for ending, rest in _ENDINGS.get(word[-1], ()):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith(("ss", "us")):
            word = word[: len(word) - len(ending)] + rest
            break
    if word.endswith(("tre", "bre")):
        word = word[:-2] + "er"
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    return word.rstrip("e") if len(word) > 4 else word


def _parts(token: str) -> tuple[str, ...]:
    if token in _SHORTENED:
        return _SHORTENED[token]
    if not token.strip("*_`"):
        return ()
    if "'" not in token or len(token) == 1:
        return (token,)
    if token.endswith("n't"):
        return token[:-3], "not"
    base, mark, end = token.partition("'")
    written = _SHORT_ENDS.get(mark + end)
    if written:
        return base, written
    return (
        (base, "is")
        if end == "s" and base in {"it", "that", "there", "here", "what"}
        else (base if end == "s" else token,)
    )
