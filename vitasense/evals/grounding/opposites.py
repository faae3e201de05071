"""Words of a faithful reply replaced by their opposites: degrees, trends, frequencies, certainty."""

import re
from collections.abc import Mapping
from random import Random

from vitasense.evals.grounding.wording import Alteration

_OPPOSITES = (("above", "below"), ("higher", "lower"), ("highest", "lowest"), ("within", "outside"), ("high", "low"), ("more than", "less than"), ("inside", "outside"), ("over", "under"))  # fmt: skip
_TRENDS = (("rose", "fell"), ("went up", "went down"), ("increased", "decreased"), ("fell", "rose"), ("went down", "went up"), ("dropped", "climbed"), ("come down", "gone up"), ("raise", "lower"), ("lowers", "raises"), ("reduces", "raises"), ("increase", "decrease"), ("go up", "go down"))  # fmt: skip
_TIMES = (("before", "after"), ("after", "before"), ("since", "until"), ("until", "since"), ("ago", "from now"))
_OFTEN = (("once a day", "twice a day"), ("twice a day", "three times a day"), ("twice daily", "once daily"), ("four times a day", "six times a day"), ("every day", "every week"), ("once a week", "once a day"), ("every 8 hours", "every 6 hours"), ("every eight hours", "every four hours"), ("two times a day", "four times a day"), ("once daily", "twice daily"), ("every evening", "every hour"), ("weekly", "daily"), ("4 times daily", "8 times daily"))  # fmt: skip
_DEGREES = (("mild", "severe"), ("moderate", "severe"), ("severe", "mild"), ("high risk", "low risk"), ("low risk", "high risk"), ("low-risk", "high-risk"), ("positive", "negative"), ("negative", "positive"), ("strongly", "weakly"))  # fmt: skip
_CERTAINTY = (("may ", "will "), ("can affect", "affect"), ("can raise", "raises"), ("Suspected sleep apnea (provisional)", "Sleep apnea"), ("up to four times", "four times"), ("up to 4 times", "4 times"), ("no known ", "a known "), ("at least ", ""), ("no longer ", ""), ("proposed", "ordered"), ("paused", "active"), ("Paused", "Active"), ("declined", "agreed"))  # fmt: skip


def _replaced(pairs: tuple[tuple[str, str], ...]) -> Alteration:
    def alter(text: str, random: Random) -> str | None:
        found = [(old, new) for old, new in pairs if re.search(rf"(?<!\w){re.escape(old)}", text)]
        if not found:
            return None
        old, new = random.choice(found)
        return re.sub(rf"(?<!\w){re.escape(old)}", new, text, count=1)

    return alter


def _both_ways(pairs: tuple[tuple[str, str], ...]) -> Alteration:
    return _replaced((*pairs, *((new, old) for old, new in pairs)))


OPPOSITES: Mapping[str, Alteration] = {
    "high and low exchanged": _both_ways(_OPPOSITES),
    "trend reversed": _replaced(_TRENDS),
    "before and after exchanged": _replaced(_TIMES),
    "frequency changed": _replaced(_OFTEN),
    "degree changed": _replaced(_DEGREES),
    "certainty changed": _replaced(_CERTAINTY),
}
