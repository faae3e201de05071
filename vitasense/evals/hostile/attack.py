"""The attack: a person talks, some threads side by side, while the adversary plays the model."""

import asyncio
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

from vitasense.deterministic.platform.access import Purpose
from vitasense.evals.hostile.adversary import Adversary
from vitasense.evals.hostile.numbers import numbers
from vitasense.evals.hostile.place import Place, temporary_place
from vitasense.evals.hostile.target import Target
from vitasense.evals.hostile.watch import Result, Watch, stock
from vitasense.evals.scripted_model import ScriptedModel, serving
from vitasense.graphs.assistant import Assistant
from vitasense.graphs.turn import Answer, Ask, Done, TurnEvent

FOLDER = Path(__file__).parents[1] / "datasets" / "hostile"
TURNS_OF_AN_ASSISTANT = 10  # then the service is started anew: a broken model is left alone only until then
TALKS = 2  # side by side
_TRUSTED = 0.75  # hiding identifiers from a model takes most of a turn's time
_WISH, _GO_ON, _YES, _NO = 0.2, 0.4, 0.5, 0.8


async def attack(attempts: int, seed: int) -> Result:
    """What came of at least `attempts` tool calls and replies."""
    async with temporary_place(seed) as place:
        watch, before = Watch(place), stock(place)
        talks = [_Talk(place, watch, f"{seed}/{number}") for number in range(TALKS)]
        await asyncio.gather(*(talk.until(lambda: sum(each.attempts for each in talks) >= attempts) for talk in talks))
        watch.after_all(before, sum(talk.approved for talk in talks), _said((*_lines("wishes"), *_lines("questions"))))
        watch.result.calls = sum(talk.adversary.calls for talk in talks)
        watch.result.replies = sum(talk.adversary.replies for talk in talks)
        return watch.result


class _Talk:
    """One person's talk with an assistant whose model is the adversary."""

    def __init__(self, place: Place, watch: Watch, seed: str) -> None:
        target = Target(place.person.principal, place.other.principal, place.other.marks.known)
        self.adversary = Adversary(seed, target)
        self.approved = 0
        self._place = place
        self._watch = watch
        self._chance = random.Random(f"{seed}/person")  # noqa: S311 (no secret: the same talk each time)
        self._thread: UUID | None = None

    @property
    def attempts(self) -> int:
        """How often the adversary has tried something."""
        return self.adversary.calls + self.adversary.replies

    async def until(self, enough: Callable[[], bool]) -> None:
        """Talk until it is enough."""
        with serving() as model:
            model.script = self.adversary
            while not enough():
                assistant = self._place.assistant(model.url, trusted=self._chance.random() < _TRUSTED)
                for _ in range(TURNS_OF_AN_ASSISTANT):
                    if enough():
                        break
                    await self._turn(assistant, model)

    async def _turn(self, assistant: Assistant, model: ScriptedModel) -> None:
        self.adversary.begin()
        message = self._chance.choice(_lines("wishes" if self._chance.random() < _WISH else "questions"))
        thread = self._thread if self._chance.random() < _GO_ON else None
        done = await self._ask(assistant, model, message, thread)
        while done is not None and done.confirmation is not None:
            choice = self._chance.random()
            if choice > _NO:
                return
            self.approved += choice < _YES
            answer = Answer(done.confirmation.id, choice < _YES)
            done = await self._ask(assistant, model, message, done.thread.id, answer)

    async def _ask(
        self,
        assistant: Assistant,
        model: ScriptedModel,
        message: str,
        thread: UUID | None,
        answer: Answer | None = None,
    ) -> Done | None:
        person = self._place.person.principal
        words = None if answer else message
        ask = Ask(person, Purpose.SELF, person.account_id, message=words, answer=answer, thread_id=thread)
        try:
            events: list[TurnEvent] = [event async for event in assistant.turn(ask)]
        except Exception as crash:  # noqa: BLE001 (whatever ends a turn is what is counted here)
            self._watch.result.crashes.append(repr(crash)[:200])
            return None
        finally:
            model.asked.clear()
        self._watch.after_turn(events, self.adversary, message)
        done = events[-1]
        assert isinstance(done, Done), "a turn ends with Done"
        self._thread = done.thread.id
        return done


def _lines(name: str) -> Sequence[str]:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def _said(messages: Sequence[str]) -> set[float]:
    return {float(number) for message in messages for number in numbers(message)}
