"""A stream is judged alike however it is cut into batches, and judging it again changes nothing."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.deterministic.devices.batches import HEART, SENSOR, STEPS, batch
from vitasense.deterministic.devices.quality import Batch, Scores, quality_of, score
from vitasense.deterministic.tracking.schemas import Flag

MESSAGES = st.lists(
    st.lists(
        st.tuples(st.integers(0, 90), st.sampled_from([0.0, 60.0, 61.0, 61.0, 90.0, 250.0, 400.0])),
        min_size=1,
        max_size=8,
    ),
    min_size=1,
    max_size=14,
)


def _messages(metric: str, messages: list[list[tuple[int, float]]], step: float, *, live: bool) -> Batch:
    rows = [
        ((offset + (number * 8 if live else 0)) * step, level, (number * 8 + 20) * step)
        for number, message in enumerate(messages)
        for offset, level in message
    ]
    lasting = 4 * step if metric == STEPS else None
    return batch(
        metric,
        [level for _, level, _ in rows],
        at=[at for at, _, _ in rows],
        received=[received for _, _, received in rows],
        lasting=lasting,
    )


def _slice(whole: Batch, begin: int, end: int, flags: Scores | None = None) -> Batch:
    def part(column: np.ndarray | None) -> np.ndarray | None:
        return None if column is None else column[begin:end]

    return Batch(
        whole.metric,
        whole.at[begin:end],
        whole.value[begin:end],
        part(whole.until),
        part(whole.received),
        None if flags is None else flags.flags[begin:end],
    )


@given(
    MESSAGES,
    st.sampled_from([HEART, SENSOR, STEPS]),
    st.sampled_from([1.0, 60.0, 450.0]),
    st.booleans(),
    st.integers(0, 14),
)
def test_cut_between_messages_gives_what_one_batch_gives_and_scoring_again_changes_nothing(
    messages: list[list[tuple[int, float]]], metric: str, step: float, live: bool, cut: int
) -> None:
    whole = _messages(metric, messages, step, live=live)
    reference = None if metric == STEPS else batch(metric, [90.0] * 30, every=3 * step)
    at_once = score(whole, reference=reference)
    count = sum(len(message) for message in messages[:cut])
    first = score(_slice(whole, 0, count), reference=reference)
    second = score(_slice(whole, count, len(whole.at)), history=_slice(whole, 0, count, first), reference=reference)
    assert [*first.flags.tolist(), *second.flags.tolist()] == at_once.flags.tolist()
    assert (at_once.quality == quality_of(at_once.flags)).all()
    unjudged = score(_slice(whole, count, len(whole.at)), history=_slice(whole, 0, count), reference=reference)
    assert unjudged.flags.tolist() == second.flags.tolist()


@given(MESSAGES, st.sampled_from([HEART, SENSOR, STEPS]))
def test_a_batch_that_comes_again_is_judged_as_before(messages: list[list[tuple[int, float]]], metric: str) -> None:
    whole = _messages(metric, messages, 60.0, live=True)
    before = score(whole)
    stored = _slice(whole, 0, len(whole.at), before)
    clean = ~before.has(Flag.DOUBLED)  # a contradiction stays one, but which came first is the store's to say
    assert (score(whole, history=stored).flags == before.flags)[clean].all()
