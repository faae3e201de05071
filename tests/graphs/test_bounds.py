"""What one message of a model may ask for is bounded, however it is made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, HumanMessage

from vitasense.graphs.bounds import DEEPEST_ARGUMENTS, LARGEST_ARGUMENTS, MOST_CALLS, bounded


def message(*arguments: dict[str, object], content: str = "") -> AIMessage:
    calls = [
        {"name": "latest_vital", "args": each, "id": str(index), "type": "tool_call"}
        for index, each in enumerate(arguments)
    ]
    return AIMessage(content=content, tool_calls=calls, additional_kwargs={"tool_calls": [{"x": "y"}]})


def nested(depth: int) -> dict[str, object]:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return {"code": value}


def test_ordinary_calls_stay_and_what_a_provider_added_goes() -> None:
    kept = bounded(message({"code": "8867-4"}, {"items": [{"name": "egg", "quantity": 2}]}))
    assert [call["args"] for call in kept.tool_calls] == [
        {"code": "8867-4"},
        {"items": [{"name": "egg", "quantity": 2}]},
    ]
    assert kept.additional_kwargs == {}


def test_only_the_first_calls_of_a_flood_stay() -> None:
    flood: list[dict[str, object]] = [{"code": "8867-4"}] * (3 * MOST_CALLS)
    assert len(bounded(message(*flood)).tool_calls) == MOST_CALLS


@pytest.mark.parametrize(
    "arguments",
    [
        *(nested(DEEPEST_ARGUMENTS), nested(5000), {"a": "x" * LARGEST_ARGUMENTS}, {"a": [0] * LARGEST_ARGUMENTS}),
        *({"x" * LARGEST_ARGUMENTS: 1}, {"a": 2**63}, {"a": -(2**200)}, {"a": "\ud800"}, {"\udfff": 1}),
    ],
)
def test_arguments_beyond_the_bounds_are_dropped(arguments: dict[str, object]) -> None:
    assert bounded(message(arguments, {"code": "8867-4"})).tool_calls[0]["args"] == {"code": "8867-4"}


@given(st.text(max_size=3 * LARGEST_ARGUMENTS))
def test_words_can_be_kept(words: str) -> None:
    kept = bounded(message(content=words)).text
    assert len(kept) <= LARGEST_ARGUMENTS
    assert kept.encode() is not None


def test_what_is_no_message_of_a_model_is_an_empty_one() -> None:
    assert bounded(HumanMessage("do it")).text == ""
