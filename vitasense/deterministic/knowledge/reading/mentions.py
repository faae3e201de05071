"""What a sentence names: known names, kinds of medicines by their form, and kinds that it describes in words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from vitasense.deterministic.knowledge.facts import NodeKind
from vitasense.deterministic.knowledge.names import normalise
from vitasense.deterministic.knowledge.reading.candidate import Mention
from vitasense.deterministic.knowledge.reading.lexicon import SHORTEST, Lexicon, lexicon

DESCRIBED = "described"
LONGEST_DESCRIPTION = 140  # characters
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_WHO = frozenset({"patient", "patients", "subjects", "those", "who", "are", "is", "while", "maintained", "stabilized"})
_GENERAL = r"(?:drugs?|medications?|medicines?|agents?|products?|substances?|compounds?|therap(?:y|ies)|preparations?)"
_STOP = (
    r"(?=\s+(?:should|may|might|can|could|must|will|would|has|have|had|is|are|was|were|increases?|decreases?|resulted|results?)\b"
    r"|\s*[,;:.()]|\s+(?:and|or)\s+(?:is|are|has|have|may|should)\b|$)"
)
_RELATIVE = re.compile(
    rf"\b{_GENERAL}\s+(?:(?:that|which)\s+\w+(?=\s+\w)|known to|capable of|metaboli[sz]ed|eliminated|cleared|transported|excreted|affecting|altering"
    rf"|interfering|with (?:a |an )?(?:similar|known|narrow|effects?|anti\w+|potential)|(?!be|includ|accord|dur|dos|receiv|us|tak)\w+ing(?=\s+\w))\b.*?{_STOP}",
    re.IGNORECASE,
)
_PROTEIN = r"(?:cyp\s?\d\w*(?:/\d\w*)?|cytochrome\s+p-?\s?450(?:\s+\w*\d\w*)?|p-?\s?gp|p-?glycoprotein|oatp\w*|oat\d|oct\d|bcrp|ugt\w*|mate\d?\S*)"
_ROLE = re.compile(
    rf"\b(?:(?:strong|potent|moderate|weak|known|dual|combined|specific|selective)\s+(?:and\s+\w+\s+)?)?"
    rf"(?:{_PROTEIN}(?:\s*(?:and|or|/|,)\s*{_PROTEIN})*(?:\s+\w+)?\s+(?:inhibitors?|inducers?|substrates?)"
    rf"|(?:inhibitors?|inducers?|substrates?)(?:\s+(?:and|or)\s+(?:inhibitors?|inducers?|substrates?))?\s+of\s+.{{2,90}}?{_STOP})",
    re.IGNORECASE,
)
_HEADS = (
    r"(?:inhibitors?|inducers?|blockers?|antagonists?|agonists?|agents?|drugs?|medications?|medicines|diuretics?|antibiotics?"
    r"|antidepressants?|antihypertensives?|anticoagulants?|antacids?|antifungals?|steroids?|relaxants?|an(?:a)?esthetics?"
    r"|contraceptives?|supplements?|stimulants?|depressants?|hormones?|salts?|vaccines?|alkaloids?|glycosides?|derivatives?|resins?)"
)
_FORM = re.compile(
    rf"(?:[\w'-]+\s+){{1,4}}?{_HEADS}\b(?!-|\s+(?:interactions?|labels?|levels?|concentrations?|products?|substances?|of choice)\b)",
    re.IGNORECASE,
)


class _Token(NamedTuple):
    word: str
    start: int
    end: int


def mentions(sentence: str, offset: int, own: Iterable[str] = (), words: Lexicon | None = None) -> list[Mention]:
    """What the sentence, which begins at character `offset` of the text, names; in order, none inside another.

    `own` are further names of medicines to look for, such as those of the label's own.
    """
    known = words or lexicon()
    added = {normalise(name) for name in own if normalise(name)}
    found = list(_described(sentence))
    found += [each for each in _named(sentence, known, added) if not _inside(each, found)]
    found += [each for each in _formed(sentence, known) if not _inside(each, found)]
    return [
        Mention(each.text, each.start + offset, each.end + offset, each.kind, each.key)
        for each in sorted(found, key=lambda each: each.start)
    ]


def proteins(sentence: str, offset: int, words: Lexicon | None = None) -> list[Mention]:
    """The enzymes and transporters that it names, also within the description of a kind."""
    found = (
        each
        for each in _named(sentence, words or lexicon(), set())
        if each.kind in (NodeKind.ENZYME, NodeKind.TRANSPORTER)
    )
    return [Mention(each.text, each.start + offset, each.end + offset, each.kind, each.key) for each in found]


def _inside(one: Mention, others: Sequence[Mention]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)


def _named(sentence: str, known: Lexicon, added: set[str]) -> Iterator[Mention]:
    tokens = [_Token(normalise(each.group()), each.start(), each.end()) for each in _WORD.finditer(sentence)]
    longest_added = max((len(name.split()) for name in added), default=0)
    at = 0
    while at < len(tokens):
        most = max(known.longest.get(tokens[at].word, 0), known.longest.get(tokens[at].word.removesuffix("s"), 0))
        found = next(_longest(sentence, tokens, at, max(most, longest_added, 1), known, added), None)
        if found is None:
            at += 1
            continue
        mention, size = found
        yield mention
        at += size


def _longest(
    sentence: str, tokens: Sequence[_Token], at: int, most: int, known: Lexicon, added: set[str]
) -> Iterator[tuple[Mention, int]]:
    for size in range(min(most, len(tokens) - at), 0, -1):
        name = " ".join(token.word for token in tokens[at : at + size])
        start, end = tokens[at].start, tokens[at + size - 1].end
        written = sentence[start:end]
        named = known.find(name)
        if named is None and name in added:
            yield Mention(written, start, end, NodeKind.DRUG, None), size
        elif named and _may_be(name, written) and not is_analyte(sentence, name, start, end, known):
            yield Mention(written, start, end, named.kind, named.key), size


def _may_be(name: str, written: str) -> bool:
    return len(name) >= SHORTEST or written.isupper()


def is_analyte(sentence: str, name: str, start: int, end: int, known: Lexicon) -> bool:
    """Whether a name at these characters of the sentence stands for what is measured in blood, and for no medicine."""
    if name not in known.analytes:
        return False
    before, after = (
        _WORD.findall(sentence[max(0, start - 40) : start])[-3:],
        _WORD.findall(sentence[end : end + 40])[:2],
    )
    if before and before[-1].lower() == "containing":
        return True
    taken = len(before) > 1 and before[-1].lower() == "on" and before[-2].lower() in _WHO
    return not taken and not known.as_medicine.intersection(word.lower() for word in (*before, *after))


def _described(sentence: str) -> Iterator[Mention]:
    """Kinds in words: "drugs that prolong the QT interval", "inhibitors of CYP3A4"."""
    end = 0
    for found in sorted((*_RELATIVE.finditer(sentence), *_ROLE.finditer(sentence)), key=lambda each: each.start()):
        text = found.group().rstrip()
        if found.start() >= end and len(text) <= LONGEST_DESCRIPTION:
            end = found.start() + len(text)
            yield Mention(text, found.start(), end, DESCRIBED)


def _formed(sentence: str, known: Lexicon) -> Iterator[Mention]:
    """Kinds by their form: words that say of which kind, before "inhibitors", "agents" and the like."""
    for found in _FORM.finditer(sentence):
        words = list(_WORD.finditer(found.group()))
        telling = len(words) - 1
        while telling > 0 and normalise(words[telling - 1].group()) not in known.hollow:
            telling -= 1
        if telling == len(words) - 1:
            continue
        start = found.start() + words[telling].start()
        text = sentence[start : found.end()]
        named = known.find(normalise(text))
        yield Mention(text, start, found.end(), named.kind if named else DESCRIBED, named.key if named else None)
