"""The ANSM thesaurus, imported whole: none of its interactions lost, and each class–class one answered for members.

What is wanted is read from the XML by plain patterns of this file, and not by the importer.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from vitasense.deterministic.knowledge.facts import EdgeFact, NodeFact, Relation
from vitasense.deterministic.knowledge.formats.ansm import ORIGIN, read
from vitasense.deterministic.knowledge.library import Book, Library, volume, volumes, whole
from vitasense.deterministic.knowledge.rulebook import rulebook
from vitasense.evals.flags import listed
from vitasense.evals.suite import Answer, Case, Mark, Measure, Suite, Verdict
from vitasense.evals.system import System

FOLDER = "05_drug_interactions/worldvista_ansm"
KEPT, RATED = "Interactions kept, by string of severity", "Interactions kept with what their string says"
ASKED, ANSWERED = "Class–class interactions with members to ask about", "Member pairs answered with the severity"
MEMBERS = "Members known by the name in the thesaurus"
PAIRS, SEED, _TOGETHER = 2000, 20260701, 100
_LEVELS = (
    ("contraindicated", ("indicat", "contrandica")),
    ("major", ("recom",)),
    ("moderate", ("precaution",)),
    ("minor", ("into account",)),
)
_LONGEST = 12  # words of a severity

Row = Mapping[str, Any]


def cases(data: Path) -> Iterator[Case]:
    """One case for each string of severity, then the member pairs, a hundred in a case."""
    folder = data / FOLDER
    if not folder.is_dir():
        return
    blocks = _blocks(folder)
    for number, (text, lines) in enumerate(_by_severity(blocks).items(), 1):
        facts = {"folder": str(folder), "severity": text, "wanted": _level(text), "lines": lines}
        yield Case(f"severity-{number:02}", text or "(none)", facts=facts)
    asked, pairs = _pairs(folder, blocks)
    both = sum(bool(_classes(block)) for block in blocks.values())
    for at in range(0, len(pairs), _TOGETHER):
        rows = pairs[at : at + _TOGETHER]
        counted = {"asked": len(asked), "both": both} if at == 0 else {}
        told = "\n".join(f"{row['names'][0]} with {row['names'][1]}" for row in rows)
        yield Case(f"pairs-{at // _TOGETHER + 1:02}", told, facts={"folder": str(folder), "rows": rows, **counted})


async def answer(case: Case, system: System) -> Answer:
    """The severities of the imported edges by line, and what the library lists for each pair of members."""
    del system
    edges, library = _imported(case.facts["folder"])
    if "rows" in case.facts:
        said = [_listed(library, row["names"]) for row in case.facts["rows"]]
        return Answer(f"{sum(each is not None for each in said)} pairs known", {"said": said})
    found = {str(line): edges[line] for line in case.facts["lines"] if line in edges}
    return Answer(f"{len(found)} interactions", {"severities": found})


def judge(case: Case, said: Answer) -> Verdict:
    """Whether each interaction is there with its severity, and whether each pair is answered with that of its classes."""
    return _judged_pairs(case, said) if "rows" in case.facts else _judged_severity(case, said)


def _judged_severity(case: Case, said: Answer) -> Verdict:
    lines, found = case.facts["lines"], said.facts["severities"]
    right = sum(severity == case.facts["wanted"] for severity in found.values())
    wrong = f"“{case.facts['severity']}”: {len(lines)} in the file, {len(found)} kept, {right} as wanted"
    marks = (Mark(KEPT, len(found), len(lines)), Mark(RATED, right, len(lines)))
    return Verdict(marks, "" if right == len(lines) else wrong)


def _judged_pairs(case: Case, said: Answer) -> Verdict:
    rows: Sequence[Row] = case.facts["rows"]
    answers = list(zip(rows, said.facts["said"], strict=True))
    right = [told is not None and [row["line"], row["wanted"]] in told for row, told in answers]
    known = sum(told is not None for _, told in answers)
    marks = [Mark(ANSWERED, sum(right), len(rows)), Mark(MEMBERS, known, len(rows))]
    if "asked" in case.facts:
        marks.append(Mark(ASKED, case.facts["asked"], case.facts["both"]))
    wrong = [
        f"{row['names'][0]} with {row['names'][1]}"
        for (row, _), is_right in zip(answers, right, strict=True)
        if not is_right
    ]
    return Verdict(tuple(marks), listed(wrong))


@lru_cache(maxsize=1)
def _imported(folder: str) -> tuple[dict[int, str | None], Library]:
    """The severity of each imported interaction by its line, and the rule files together with the thesaurus."""
    facts = list(read(Path(folder)))
    edges = [fact for fact in facts if isinstance(fact, EdgeFact)]
    nodes = [fact for fact in facts if isinstance(fact, NodeFact)]
    release = volume(Book("ansm", "2016-09", ORIGIN), nodes, edges)
    by_line = {_line(edge): edge.severity for edge in edges if edge.relation is Relation.INTERACTS}
    return {line: level.value if level else None for line, level in by_line.items()}, Library(
        whole(volumes(rulebook()), [release])
    )


def _listed(library: Library, names: Sequence[str]) -> list[list[object]] | None:
    """Line and severity of each interaction of the thesaurus that holds for the two; None when a name is not known."""
    one, two = (library.find(name) for name in names)
    if one is None or two is None:
        return None
    edges = [library.edge(edge) for edge in library.listed(one, two) if library.book(edge).name == "ansm"]
    return [[_line(edge), edge.severity.value if edge.severity else None] for edge in edges]


def _line(edge: EdgeFact) -> int:
    return int(edge.ref.rpartition(" ")[2])


def _text(folder: Path, name: str) -> str:
    return next(folder.glob(f"*{name}*.xml")).read_text("utf-8")


def _blocks(folder: Path) -> dict[int, str]:
    """The text of each interaction by the line it begins in."""
    blocks, line = dict[int, str](), 1
    for piece in re.split(r"(?=<INTERACTION>)", _text(folder, "tables")):
        if piece.startswith("<INTERACTION>"):
            blocks[line] = piece
        line += piece.count("\n")
    return blocks


def _severity(block: str) -> str:
    return " ".join("".join(re.findall(r"<SEVERITY>(.*?)</SEVERITY>", block, re.DOTALL)).split())


def _by_severity(blocks: Mapping[int, str]) -> dict[str, list[int]]:
    found = dict[str, list[int]]()
    for line, block in blocks.items():
        found.setdefault(_severity(block), []).append(line)
    return found


def _level(text: str) -> str | None:
    """The most severe level, told by pieces of words that no typing error in the file has touched."""
    lower = text.lower()
    if len(lower.split()) > _LONGEST or "doses" in lower:  # sentences, in which no level is named
        return None
    return next((level for level, pieces in _LEVELS if any(piece in lower for piece in pieces)), None)


def _classes(block: str) -> list[tuple[str, str]]:
    """Name and code of both sides of a block, when both are classes; else empty."""
    sides = re.findall(r'<DRUG[12]>\s*<CLASS name="([^"]*)" code="([^"]*)"', block)
    return sides if len(sides) == 2 else []


def _members(folder: Path) -> dict[str, list[str]]:
    """The names of members by the letters of their class, and by its code where only one class has it."""
    found, coded = dict[str, list[str]](), dict[str, set[str]]()
    classes = r'<CLASS name="([^"]*)" code="([^"]*)"[^>]*>(.*?)</CLASS>'
    for name, code, block in re.findall(classes, _text(folder, "classes"), re.DOTALL):
        named = [each.strip() for each in re.findall(r'<DRUG name="([^"]*)"', block)]
        found.setdefault(_plain(name), []).extend(each for each in named if each)
        coded.setdefault(f"code {code}", set()).add(_plain(name))
    return found | {code: found[next(iter(names))] for code, names in coded.items() if len(names) == 1}


def _plain(name: str) -> str:
    return re.sub(r"[^A-Z0-9]|^OTHER ", "", name.upper().strip())


def _pairs(folder: Path, blocks: Mapping[int, str]) -> tuple[list[int], list[Row]]:
    """The class–class interactions whose members are known by their names, and pairs of members: each is asked about."""
    members, chance = _members(folder), Random(SEED)  # noqa: S311
    sides = {
        line: [members.get(_plain(name)) or members.get(f"code {code}", []) for name, code in _classes(block)]
        for line, block in blocks.items()
    }
    asked = sorted(line for line, named in sides.items() if named and all(named))
    rows = list[Row]()
    for line in [*asked, *chance.choices(asked, k=max(0, PAIRS - len(asked)))]:
        names = next((pair for pair in _drawn(sides[line], chance) if _plain(pair[0]) != _plain(pair[1])), None)
        if names:
            rows.append({"line": line, "names": list(names), "wanted": _level(_severity(blocks[line]))})
    return asked, rows


def _drawn(sides: Sequence[Sequence[str]], chance: Random) -> Iterator[tuple[str, str]]:
    for _ in range(50):
        yield chance.choice(sides[0]), chance.choice(sides[1])


SUITE = Suite(
    name="ansm",
    title="ANSM thesaurus",
    about="whether the import of the thesaurus loses nothing, and whether members of its classes are answered for",
    cases=cases,
    answer=answer,
    judge=judge,
    measures=(
        Measure(KEPT, "ANSM thesaurus, September 2016"),
        Measure(RATED, "the same"),
        Measure(ASKED, "the same", note="reported only; the others write a class as no list of members does"),
        Measure(ANSWERED, f"the same, {PAIRS} pairs, seed {SEED}"),
        Measure(MEMBERS, "the same pairs", note="reported only"),
    ),
    needs=frozenset({"data"}),
)
