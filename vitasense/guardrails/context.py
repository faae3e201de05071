"""Whether a finding in the words is denied, over, or only spoken about (after NegEx and ConText)."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice

from vitasense.guardrails.phrases import Match
from vitasense.guardrails.rulebook import Language, phrases
from vitasense.guardrails.times import past_places
from vitasense.guardrails.topics import general_places
from vitasense.guardrails.words import Word

_AFTER_REACH = 3
_LONGEST_LIST = 40
_TROUBLE_REACH = 3


class Context:
    """The scopes of one message, computed once; `applies(match)` says whether the match is a present fact."""

    def __init__(self, words: Sequence[Word], rules: Language) -> None:
        self._words = words
        self._rules = rules

    def applies(self, match: Match, *, measured: bool = False, lasting: bool = False) -> bool:
        """True when no part of the match is negated, past or hypothetical; who asks what a value means has it.

        What is `lasting` (an illness, a medicine, an implant) is there still, whenever it began.
        """
        inside = frozenset(match.places)
        if any(cue not in inside for place in match.places for cue in self._negated.get(place, ())):
            return False
        asked = frozenset[int]() if measured or self._confirmed else self._asked | self._general | self._of_topics
        conditional = frozenset[int]() if self._confirmed else self._conditional
        past = frozenset[int]() if lasting else self._past
        unreal = conditional | past | asked
        denied = self._denied_after(match) or self._denies_trouble(match)
        return not denied and unreal.isdisjoint(match.places)

    @cached_property
    def _negated(self) -> dict[int, list[int]]:
        scopes: dict[int, list[int]] = {}
        for cue, word in enumerate(self._words):
            if word.text in self._rules.negation.cues and self._opens_negation(cue):
                for place in self._negation_scope(cue):
                    scopes.setdefault(place, []).append(cue)
        return scopes

    def _opens_negation(self, cue: int) -> bool:
        following = self._in_sentence(cue, cue + 1)
        if following is None or following.text in self._rules.negation.unless_next:
            return False
        interjection = self._words[cue].text == "no" and following.comma
        before = self._in_sentence(cue, cue - 1)
        return not interjection and (before is None or before.text not in self._rules.negation.unless_before)

    def _negation_scope(self, cue: int) -> Iterator[int]:
        rules = self._rules.negation
        listing = self._words[cue].text in rules.listing
        lasting = listing or self._closes_a_list(cue)
        for distance, place in enumerate(islice(self._rest_of_sentence(cue), _LONGEST_LIST), 1):
            word = self._words[place]
            if word.text in rules.ends and not (listing and word.text == "and"):
                return
            if not lasting and (distance > rules.reach or (word.comma and distance > 1)):
                return
            yield place

    def _closes_a_list(self, cue: int) -> bool:
        for place in islice(self._rest_of_sentence(cue), _LONGEST_LIST):
            if self._words[place].text in ("or", "nor"):
                return True
            if self._words[place].text in self._rules.negation.ends:
                return False
        return False

    def _denies_trouble(self, match: Match) -> bool:
        """Whether a negation inside the match speaks of a trouble that is not part of it."""
        inside, rules = frozenset(match.places), self._rules.negation
        between = (
            self._words[place]
            for cue in match.places
            if self._words[cue].text in rules.cues
            for place in range(cue + 1, min(match.last, cue + _TROUBLE_REACH + 1))
            if place not in inside
        )
        return any(word.text in rules.troubles and not word.comma for word in between)

    def _denied_after(self, match: Match) -> bool:
        tail = self._words[match.last + 1 : match.last + 1 + _AFTER_REACH]
        tail = [word for word in tail if word.sentence == self._words[match.last].sentence]
        for phrase in phrases(self._rules.negation.after, self._rules.fillers):
            if phrase in (("no",), ("none",), ("negative",)):
                if tail and tail[0].text == phrase[0] and (len(tail) == 1 or tail[1].comma):
                    return True
            elif _position(tail, phrase) is not None:
                return True
        return False

    @cached_property
    def _past(self) -> frozenset[int]:
        return past_places(self._words)

    @cached_property
    def _of_topics(self) -> frozenset[int]:
        return general_places(self._words)

    @cached_property
    def _general(self) -> frozenset[int]:
        """Sentences that ask about a thing and name no one who has it."""
        rules = self._rules.hypothetical
        pleas = phrases(rules.pleas, self._rules.fillers)
        sentences: dict[int, list[int]] = {}
        for place, word in enumerate(self._words):
            sentences.setdefault(word.sentence, []).append(place)
        return frozenset(
            place
            for places in sentences.values()
            if self._words[places[0]].text in rules.openers
            and rules.someone.isdisjoint(self._words[place].text for place in places)
            and not any(self._says(places[0], plea) for plea in pleas)
            for place in places
        )

    @cached_property
    def _confirmed(self) -> bool:
        cues = phrases(self._rules.hypothetical.confirmed, self._rules.fillers)
        return any(self._says(place, cue) for place in range(len(self._words)) for cue in cues)

    @cached_property
    def _asked(self) -> frozenset[int]:
        rules = self._rules.hypothetical
        cues = phrases(rules.cues, self._rules.fillers)
        heads = {cue[0] for cue in cues}
        return frozenset(
            reached
            for place, word in enumerate(self._words)
            if word.text in heads
            for cue in cues
            if self._says(place, cue)
            for reached in self._until(place + len(cue) - 1, rules.ends)
        )

    @cached_property
    def _conditional(self) -> frozenset[int]:
        rules = self._rules.hypothetical
        return frozenset(
            reached
            for place, word in enumerate(self._words)
            if word.text in rules.conditions and not self._follows(place, rules.unless_before)
            for reached in self._condition(place)
        )

    def _condition(self, cue: int) -> Iterator[int]:
        """What a condition holds for; a limit closes it with a comma: "ring if over 37.5, it is 38.9"."""
        for place in self._until(cue, self._rules.hypothetical.condition_ends):
            if self._words[place].comma and self._words[place - 1].text.isdigit():
                return
            yield place

    def _follows(self, place: int, words: frozenset[str]) -> bool:
        before = self._in_sentence(place, place - 1)
        return before is not None and before.text in words

    def _until(self, cue: int, ends: frozenset[str]) -> Iterator[int]:
        for distance, place in enumerate(self._rest_of_sentence(cue), 1):
            if self._words[place].text in ends or distance > self._rules.hypothetical.reach:
                return
            yield place

    def _says(self, place: int, phrase: tuple[str, ...]) -> bool:
        said = self._words[place : place + len(phrase)]
        same = tuple(w.text for w in said) == phrase
        return same and said[-1].sentence == said[0].sentence

    def _rest_of_sentence(self, place: int) -> Iterator[int]:
        for following in range(place + 1, len(self._words)):
            if self._words[following].sentence != self._words[place].sentence:
                return
            yield following

    def _in_sentence(self, place: int, other: int) -> Word | None:
        if not 0 <= other < len(self._words):
            return None
        return self._words[other] if self._words[other].sentence == self._words[place].sentence else None


def _position(words: Sequence[Word], phrase: tuple[str, ...]) -> int | None:
    texts = tuple(word.text for word in words)
    spans = range(len(texts) - len(phrase) + 1)
    return next((i for i in spans if texts[i : i + len(phrase)] == phrase), None)
