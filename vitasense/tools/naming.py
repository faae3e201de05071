"""Questions that describe something and ask for its name: what is described, and what kind of thing it is."""

import re
from dataclasses import dataclass

_MEDICINE = frozenset({"group", "medicine", "supplement", "herb", "concept"})
_TEST = frozenset({"lab", "vital", "test"})
_CONDITION = frozenset({"condition"})
_NOUNS = {
    _MEDICINE: "medicines?|medications?|meds?|drugs?|pills?|tablets?|capsules?|inhalers?|injections?|remed(?:y|ies)|antibiotics?",
    _TEST: "tests?|(?:blood|urine|lab) (?:tests?|results?|values?)|scans?|measures?|measurements?|exams?|examinations?",
    _CONDITION: "illness(?:es)?|diseases?|conditions?|disorders?|sickness(?:es)?",
}
_NOUN = "|".join(_NOUNS.values())
_WHO = "(?:you|we|they|people|doctors?|one|the doctors?)"
_FRAMES = tuple(
    re.compile(frame, re.IGNORECASE)
    for frame in (
        rf"\bwhat (?:do|does|would|did|can) {_WHO} call (?:it (?:when|if) |(?:it|that|this|someone|somebody) )?(?P<what>.+)",
        r"\b(?:what|how)(?:'?s| is| are| was| were) (?:it|this|that) (?:called|named) (?:when|if) (?P<what>.+)",
        r"\b(?:word|term|name|expression)s? (?:for|of|when) (?P<what>.+)",
        r"\b(?:what|how)(?:'?s| is| are| was| were) (?P<what>.+?) (?:called|named)\b(?P<more>.*)",
        r"\bwhat (?P<what>(?:the|that|an?) .+?) (?:is|are|was|were) (?:called|named)\b(?P<more>.*)",
        rf"\bwhat(?:'?s| was| were| is| are) (?:that|those|the) (?P<what>(?:{_NOUN}) .+)",
        rf"\b(?:which|what) (?P<what>(?:{_NOUN}) .+)",
    )
)
# About the person or for a decision: no question for a name.
_OWN = re.compile(
    r"\b(?:i|i'm|i've|my|mine|we|our|should|best|better|need|needs|safe|recommend\w*|choose)\b", re.IGNORECASE
)
_KINDS = tuple(
    (re.compile(rf"^(?:(?:a|an|the|that|those|these|some|another) )?(?:{nouns})\b\s*", re.IGNORECASE), kinds)
    for kinds, nouns in _NOUNS.items()
)
_LINKING = re.compile(r"^(?:(?:for|that|which|against|of|to|with|who|shows?|measures?)\b\s*)+", re.IGNORECASE)
_ENDING = re.compile(
    r"(?:\s+(?:again|called|named|please|then|anyway|in medicine|in medical terms))*\W*$", re.IGNORECASE
)
_AMOUNTS = (
    (re.compile(r"\b(?:too (?:little|few|low)|not enough|lack(?:s|ing)?(?: of)?)\b", re.IGNORECASE), "low"),
    (re.compile(r"\btoo (?:much|many|high)\b", re.IGNORECASE), "high"),
)


@dataclass(frozen=True, slots=True)
class Described:
    """The words that describe it, and the kinds of explanations that it can be; none when any can."""

    words: str
    kinds: frozenset[str] = frozenset()


def described(text: str) -> Described | None:
    """What a question describes to learn its name; None when it asks for no name, or about the person."""
    if _OWN.search(text):
        return None
    for frame in _FRAMES:
        if found := frame.search(text):
            more = found.groupdict().get("more") or ""
            return _described(f"{found['what']}{more}")
    return None


def _described(what: str) -> Described | None:
    what = _ENDING.sub("", what)
    for amount, plain in _AMOUNTS:
        what = amount.sub(plain, what)
    for noun, kinds in _KINDS:
        if found := noun.match(what):
            rest = _LINKING.sub("", what[found.end() :])
            return Described(rest, kinds) if rest else None
    return Described(what) if what else None
