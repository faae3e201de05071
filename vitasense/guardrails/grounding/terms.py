"""Tokens read as terms: what each word, number, date or mark of a text stands for."""

from collections.abc import Sequence

from vitasense.guardrails.grounding.amounts import Amount, amount_at, number_at, unit_at
from vitasense.guardrails.grounding.dates import HALVES, Moment, clock_at, date_at, may_begin, relation
from vitasense.guardrails.grounding.lexicon import Entry, Lexicon, Mark
from vitasense.guardrails.grounding.tokens import stem

# Marks that separate; other marks are typography, or must stand in the finding.
_SEPARATORS = frozenset(",.;:()[]|?!-=")
_ENDS = frozenset(".?!;\n")
_ENUMERATING = frozenset({".", ")"})
_SILENT = frozenset("\"'*_`#&/")
_SUFFIXES = frozenset({"st", "nd", "rd", "th"})
_SHORT_TITLES = frozenset({"dr", "mr", "mrs", "ms", "prof", "st", "approx", "vs"})
_AFTER_I = frozenset({"am", "have", "had", "do", "did", "can", "could", "was", "found", "find", "see", "saw", "looked", "look", "checked", "check", "know", "also", "only", "will", "would", "searched"})  # fmt: skip
_LEADS = frozenset({"from", "to", "between"})
_WITHIN_LEADS = frozenset({"a", "the", "of", "low", "high", "about", "around", "up", "down"})
_BEYOND = {"above": ">", "more": ">", "below": "<", "less": "<"}
_POINTING = frozenset({"the", "these", "those"})
_WHOLE_OF = frozenset({"of", "from", "among"})
_BEFORE_WHOLES = frozenset({"the", "your", "these", "those", "all"})
_DAYTIMES = frozenset({"morning", "evening", "night", "afternoon"})
_DATING = frozenset({"since", "until", "till"})
_BEFORE_DATES = frozenset({"the", "on", "in", "about", "around", "at"})
_ARTICLES = frozenset({"a", "an", "the"})
QUOTE = "\ue000"  # the letter that stands for finding 0 where a reply quotes it
LAST_QUOTE = 6000  # findings that have such a letter


# One meaning of the tokens from one place to another: its kind, its key, the first token and the token after the last,
# and the data of amounts and dates. Several terms may share a place. A plain tuple, as there are hundreds in a reply.
Term = tuple[str, str, int, int, Amount | Moment | None]


def terms(tokens: Sequence[str], lexicon: Lexicon) -> list[Term]:
    """The terms of the tokens in their order; words that change nothing ("the", "your") make none."""
    return _Reader(tokens, lexicon).read()


class _Reader:
    _bound = ""
    _between = False
    _last_amount = -9
    _listed = 0

    def __init__(self, tokens: Sequence[str], lexicon: Lexicon) -> None:
        self._tokens = tokens
        self._lexicon = lexicon
        self._found: list[Term] = []

    def read(self) -> list[Term]:
        """The terms, in the order of their tokens."""
        tokens, found, words, i = self._tokens, self._found, self._lexicon.words, 0
        ahead = [*tokens[1:], ""]
        for place, written in enumerate(tokens):
            if place < i:
                continue
            entry = words.get(written)
            if entry is not None and not entry.special and ahead[place] not in entry.phrases and entry.known:
                i = place + 1
                for kind, key in entry.alone:
                    found.append((kind, key, place, i, None))
            elif written[0].isalpha():
                i = self._word(written, entry, place)
            elif written[0].isdecimal() or (written[0] in ".-" and written[1:2].isdecimal()):
                i = self._number(place)
            else:
                i = self._mark(written, entry, place)
        return found

    def _add(self, kind: str, key: str, at: int, to: int, data: Amount | Moment | None = None) -> int:
        self._found.append((kind, key, at, to, data))
        return to

    def _mark(self, written: str, entry: Entry | None, i: int) -> int:
        first = written[0]
        if first in _SEPARATORS or first == "\n":
            if written == "." and i and self._tokens[i - 1] in _SHORT_TITLES:
                return i + 1
            self._between = self._between and first not in _ENDS
            return self._add("mark", first, i, i + 1)
        if first >= QUOTE:
            return self._add("quote" if first < "\uf900" else "word", written, i, i + 1)
        if entry and entry.alone and entry.alone[0].kind == "bound" and self._number_follows(i + 1):
            self._bound = entry.alone[0].key
            return i + 1
        if written in ("<", ">") and self._number_follows(i + 1):
            return self._add("claim", "less" if written == "<" else "more", i, i + 1)
        return (
            i + 1
            if _SILENT.issuperset(written)
            else self._add("word", "percent" if written == "%" else written, i, i + 1)
        )

    def _number(self, i: int) -> int:
        tokens = self._tokens
        following = tokens[i + 1] if i + 1 < len(tokens) else ""
        before = tokens[i - 1] if i else "\n"
        if following in _ENUMERATING and before[0] == "\n" and tokens[i] in ("1", str(self._listed + 1)):
            self._listed = int(tokens[i])
            return self._add("mark", "\n", i, i + 2)
        if following in HALVES or ":" in tokens[i]:
            if clock := clock_at(tokens, i):
                return self._add("clock", clock[0], i, clock[1])
        elif may_begin(tokens[i], following) and (after := self._dates(i)):
            return after
        if before in self._lexicon.labels and tokens[i].isdecimal():
            return self._add("word", f"{before} {tokens[i]}", i, i + 1)
        return self._amount(i) or self._add("word", tokens[i], i, i + 1)

    def _dates(self, i: int) -> int:
        """The token after the date at `i`, or after the span of days there ("12 to 19 October"); 0 for none."""
        found = date_at(self._tokens, i) or self._day_span(i)
        if found is None or (found[2] == i + 1 and unit_at(self._tokens, i + 1)[0]):
            return 0
        moment, clock, after = found
        rel = relation(self._tokens, i, between=self._between)
        self._between = self._between or (rel == "since" and i > 0 and self._tokens[i - 1] == "between")
        self._add("date", rel, i, after, moment)
        return self._add("clock", clock, i, after) if clock else after

    def _day_span(self, i: int) -> tuple[Moment, str | None, int] | None:
        tokens = self._tokens
        if i + 2 >= len(tokens) or not tokens[i].isdecimal() or tokens[i + 1] not in ("to", "-", "and", "until"):
            return None
        last = date_at(tokens, i + 2) if tokens[i + 2].isdecimal() and len(tokens[i + 2]) <= 2 else None
        if last is None or not 1 <= int(tokens[i]) <= 31:
            return None
        self._between = self._between or tokens[i + 1] == "and"
        return Moment(last[0].year, last[0].month, int(tokens[i])), None, i + 1

    def _amount(self, i: int) -> int:
        """The token after the amount at `i`; 0 when there is none."""
        lead = self._lead(i)
        found = amount_at(self._tokens, i, between=lead == "between")
        if found is None:
            return 0
        amount, after = found
        if amount.form == "one" and after < len(self._tokens):
            if often := self._times(amount, after):
                bound, self._bound = self._bound, ""
                return self._add("often", f"{bound}{often[0]}", i, often[1])
            if self._tokens[i + 1] in _SUFFIXES:
                return self._ordinal(int(amount.numbers[0]), i, i + 2)
        amount.lead = lead or ("the" if i and self._tokens[i - 1] in _POINTING else "")
        amount.bound = amount.bound or self._bound
        amount.counts = "of" if not amount.unit and self._get(after) == "of" else ""
        amount.whole = self._is_whole(i)
        self._bound = ""
        self._last_amount = len(self._found)
        return self._add("amount", "", i, after, amount)

    def _ordinal(self, number: int, i: int, after: int) -> int:
        return self._add("claim", "first", i, after) if number == 1 else self._add("word", f"#{number}", i, after)

    def _times(self, amount: Amount, i: int) -> tuple[str, int] | None:
        """How often: "3 times a day" is "3/day"."""
        if self._tokens[i] not in ("times", "time", "x") or i + 1 >= len(self._tokens):
            return None
        marks, after = self._longest(self._lexicon.entry(self._tokens[i + 1]), i + 1)
        often = next((mark.key for mark in marks if mark.kind == "often"), "")
        return (f"{amount.numbers[0]:g}/{often[2:]}", after) if often.startswith("1/") else None

    def _is_whole(self, i: int) -> bool:
        j = i - 1
        while j > 0 and self._tokens[j] in _BEFORE_WHOLES:
            j -= 1
        return j >= 0 and self._tokens[j] in _WHOLE_OF

    def _lead(self, i: int) -> str:
        j = i - 1
        while j >= 0 and i - j <= 4 and self._tokens[j] in _WITHIN_LEADS:
            j -= 1
        return self._tokens[j] if j >= 0 and self._tokens[j] in _LEADS else ""

    def _word(self, written: str, entry: Entry | None, i: int) -> int:
        if entry is None:
            root = stem(written)
            entry = self._lexicon.stems.get(root)
            if entry is None:
                if written in _DATING and self._date_follows(i + 1):
                    return self._add("neutral", written, i, i + 1)
                self._found.append(("word", root, i, i + 1, None))
                return i + 1
        if entry.month and (after := self._dates(i)):
            return after
        if written in _DATING and self._date_follows(i + 1):
            return self._add("neutral", written, i, i + 1)
        marks, after = self._longest(entry, i)
        if not marks and entry.quiet:
            return after
        if entry.special and (done := self._special(written, marks, i, after)):
            return done
        return self._plain(written, marks, i, after)

    def _date_follows(self, i: int) -> bool:
        tokens = self._tokens
        while i < len(tokens) and tokens[i] in _BEFORE_DATES:
            i += 1
        return i < len(tokens) and date_at(tokens, i) is not None

    def _longest(self, entry: Entry | None, i: int) -> tuple[tuple[Mark, ...], int]:
        """What the longest known phrase at token `i` means, and the token after it."""
        if entry is None:
            return (), i + 1
        if entry.phrases and i + 1 < len(self._tokens):
            for rest, marks in entry.phrases.get(self._tokens[i + 1], ()):
                if len(rest) == 1 or tuple(self._tokens[i + 1 : i + 1 + len(rest)]) == rest:
                    return marks, i + 1 + len(rest)
        return entry.alone, i + 1

    def _special(self, written: str, marks: Sequence[Mark], i: int, after: int) -> int:
        """Words whose meaning hangs on what stands beside them; 0 for others."""
        kinds = {mark.kind for mark in marks}
        if "number" in kinds:
            if i and self._tokens[i - 1] in self._lexicon.labels and (number := number_at(self._tokens, i)):
                return self._add("word", f"{self._tokens[i - 1]} {number[0]:g}", i, number[2])
            if found := self._amount(i):
                return found
        if written in ("every", "each") and after == i + 1 and (done := self._every(i)):
            return done
        if written == "i" and after == i + 1 and (after == len(self._tokens) or self._tokens[after] not in _AFTER_I):
            return self._add("word", "i", i, i + 1)
        if "bound" in kinds:
            return self._bounding(marks, i, after)
        if "often" in kinds and written in ("a", "per") and len(self._found) - self._last_amount > 3:
            return i + 1
        return 0

    def _every(self, i: int) -> int:
        tokens = self._tokens
        if i + 1 < len(tokens) and (number := number_at(tokens, i + 1)):
            unit, after = unit_at(tokens, number[2])
            return self._add("often", f"every {number[0]:g} {unit}", i, after) if unit else 0
        if i + 1 < len(tokens) and tokens[i + 1] in _DAYTIMES:
            return self._add("often", "1/day", i, i + 1)
        return 0

    def _bounding(self, marks: Sequence[Mark], i: int, after: int) -> int:
        if self._number_follows(after):
            self._bound = next(mark.key for mark in marks if mark.kind == "bound")
            return after
        rest = [mark for mark in marks if mark.kind != "bound"]
        if rest or after == i + 1:
            return self._plain(self._tokens[i], rest, i, after)
        # "Up to your doctor" bounds nothing: its first word is read by itself.
        entry = self._lexicon.entry(self._tokens[i])
        alone = entry.alone if entry else ()
        return i + 1 if entry and entry.quiet else self._plain(self._tokens[i], alone, i, i + 1)

    def _get(self, i: int) -> str:
        return self._tokens[i] if i < len(self._tokens) else ""

    def _number_follows(self, i: int) -> bool:
        tokens = self._tokens
        j = i + 1 if i < len(tokens) and tokens[i] in _ARTICLES else i
        return j < len(tokens) and (tokens[j][0].isdecimal() or tokens[j] in self._lexicon.spelled)

    def _plain(self, written: str, marks: Sequence[Mark], i: int, after: int) -> int:
        known = False
        for kind, key in marks:
            if kind == "ordinal":
                self._ordinal(int(key), i, after)
            elif kind == "month":
                if written == "may":
                    continue
                self._add("date", "at", i, after, Moment(None, int(key), None))
            elif kind != "number":
                if kind == "claim" and key in _BEYOND and self._number_follows(after + (self._get(after) == "than")):
                    self._bound = _BEYOND[key]
                if kind != "quiet":
                    self._add(kind, key, i, after)
            elif written != "one":
                continue
            known = True
        return after if known else self._add("word", stem(written), i, after)
