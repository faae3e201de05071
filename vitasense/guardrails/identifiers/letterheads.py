"""The lines of a letterhead or a signature: between a person and an address every line tells who it is."""

import re
from collections.abc import Iterator, Sequence

from vitasense.guardrails.identifiers.found import NAMED, Found

_LINE = re.compile(r"[^\n]+")
_MARKS = ">?|* \t\r"
_MOST_WORDS, _MOST_LINES = 7, 2
_ENDS = frozenset({"person", "name", "organisation"})
_GOES_ON = frozenset({"address", "phone", "person", "email"})


def letterheads(text: str, found: Sequence[Found]) -> Iterator[Found]:
    """One or two short lines between a line that is a name and one that begins with an address, number or name."""
    lines = [match for match in _LINE.finditer(text) if match.group().strip(_MARKS)]
    for index, line in enumerate(lines):
        if not _is_all(line, found):
            continue
        between: list[re.Match[str]] = []
        for following in lines[index + 1 : index + 2 + _MOST_LINES]:
            if _begins_with(following, found):
                yield from (_whole(each) for each in between)
                break
            if not _short(following.group()):
                break
            between.append(following)


def _is_all(line: re.Match[str], found: Sequence[Found]) -> bool:
    start = _start(line)
    end = line.start() + len(line.group().rstrip(" \t\r.,"))
    return any(each.kind in _ENDS and each.start <= start and each.end >= end for each in found)


def _begins_with(line: re.Match[str], found: Sequence[Found]) -> bool:
    start = _start(line)
    return any(each.kind in _GOES_ON and each.start <= start < each.end for each in found)


def _short(line: str) -> bool:
    return len(line.split()) <= _MOST_WORDS and not re.search(r"[:.!?]\s*$|:\s", line)


def _whole(line: re.Match[str]) -> Found:
    start = _start(line)
    return Found(start, line.start() + len(line.group().rstrip()), "organisation", NAMED)


def _start(line: re.Match[str]) -> int:
    return line.end() - len(line.group().lstrip(_MARKS))
