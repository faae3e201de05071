"""The words of Rich Text Format (Microsoft RTF Specification 1.9.1, 2008): groups, control words, escaped letters."""

import re
from collections.abc import Iterator

# A control word with its number and the space that ends it, a control symbol, a hexadecimal letter, a brace, or text.
_TOKEN = re.compile(r"\\([a-zA-Z]+)(-?\d+)? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n]+", re.DOTALL)
_BREAKS = {"par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "cell": "\t", "tab": "\t"}
_SIGNS = {"emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”"}
_SILENT = frozenset({"fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "fldinst"})
_SYMBOLS = {"~": " ", "_": "-", "-": ""}
_DEEPEST = 200  # groups within groups; what is deeper is no letter


def rtf_text(markup: str) -> str:
    """The words of RTF, one paragraph a line; "" for what is no RTF."""
    if not markup.lstrip().startswith("{\\rtf"):
        return ""
    lines = (" ".join(line.split()) for line in "".join(_words(markup)).split("\n"))
    return "\n".join(line for line in lines if line)


def _words(markup: str) -> Iterator[str]:
    silent = [False]
    skip = 0  # letters that stand in for the Unicode letter before them
    for found in _TOKEN.finditer(markup):
        word, number, letter, symbol, brace, plain = found.groups()
        if brace == "{" and len(silent) < _DEEPEST:
            silent.append(silent[-1])
        elif brace == "}" and len(silent) > 1:
            silent.pop()
        elif symbol == "*" or word in _SILENT:
            silent[-1] = True
        elif not silent[-1]:
            text = _text(word, number, letter, symbol, plain)
            yield text[skip:]
            skip = 1 if word == "u" else max(0, skip - len(text))


def _text(word: str | None, number: str | None, letter: str | None, symbol: str | None, plain: str | None) -> str:
    if plain is not None:
        return plain
    if letter:
        return bytes.fromhex(letter).decode("cp1252", errors="replace")
    if word == "u" and number:
        return chr(int(number) % 0x10000)
    if word:
        return _BREAKS.get(word, _SIGNS.get(word, ""))
    return _SYMBOLS.get(symbol, symbol if symbol in ("\\", "{", "}") else "") if symbol else ""
