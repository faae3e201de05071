"""Messages in wordings that the rules and weights had not seen do not fall below the first look at them.

First looks, found and alarmed: fourth 54/60 and 4/60 with rules alone, 2026-11-23; fifth 195/200 and 23/200 with the
first weights, sixth 199/200 and 8/200 with these, 2026-11-28. None was used for mending; the fourth set's alarms have
been seen once, in the output of a test.
"""

import pytest

from vitasense.evals import corpora
from vitasense.evals.suites.triage import is_emergency

LEAST_FOUND = {"fourth": 0.90, "fifth": 0.975, "sixth": 0.99}
MOST_ALARMED = {"fourth": 0.09, "fifth": 0.08, "sixth": 0.05}


@pytest.mark.parametrize("name", corpora.UNTOUCHED)
def test_untouched_emergencies_are_found(name: str) -> None:
    texts = corpora.emergencies(name)
    assert sum(map(is_emergency, texts)) >= LEAST_FOUND[name] * len(texts)


@pytest.mark.parametrize("name", corpora.UNTOUCHED)
def test_untouched_ordinary_messages_raise_no_alarm(name: str) -> None:
    texts = corpora.ordinary(name)
    alarmed = sum(map(is_emergency, texts))  # counted, so that a failure shows none of them
    assert alarmed <= MOST_ALARMED[name] * len(texts)
