"""Routing: which specialists answer a message, by what the service itself says in its reply."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

from vitasense.agents import AGENTS
from vitasense.evals.accounts import Account
from vitasense.evals.routing_cases import (
    FRESH,
    NONE,
    SEVERAL,
    TUNED,
    UNTOUCHED,
    RoutingCase,
    answered,
    label,
    routing_cases,
)
from vitasense.evals.suite import Answer, Case, Mark, Measure, Suite, Verdict
from vitasense.evals.system import System, Turn
from vitasense.graphs import safety

RECORD = "maria-alvarez"
EVERY = "Messages that reach those who are wanted"
ABSTAINS = "Nobody answers what is nobody's"
EMERGENCY = "Emergencies stay with the safety gate"
NEVER_READ = "Messages for which nothing was mended"
BOTH = "Two specialists, both wanted, nobody else"
# As looked at first, and for the untouched half once more, before its wrong ones were read.
_FIRST = {TUNED: "first look 77.4%", UNTOUCHED: "first look 73.1%, 85.4% when it was read for the first time"}
_LAST = "first look 86.9%"


def cases(data: Path) -> Iterator[Case]:
    """Every message; `facts` say who is wanted, and what was said before."""
    del data
    for case in routing_cases():
        facts = {"before": case.before, "wanted": sorted(case.wanted), "may": sorted(case.may)}
        tags = {"group": case.group, "style": case.style, "part": case.part}
        yield Case(id=case.id, input=case.say, target=" ".join(sorted(case.wanted)) or NONE, facts=facts | tags)


async def answer(case: Case, system: System) -> Answer:
    """What the service replied in a new conversation; a question for confirmation is answered with no."""
    account = await (system.account() if system.url is not None else system.holder(RECORD))
    thread = None
    if before := cast("str | None", case.facts["before"]):
        thread = (await _declined(system, account, await system.send(account, before))).thread_id
    turn = await _declined(system, account, await system.send(account, case.input, thread))
    return Answer(turn.reply, {"agents": turn.agents, "urgency": turn.urgency.value, "planner": turn.planner})


async def _declined(system: System, account: Account, turn: Turn) -> Turn:
    """The end of the turn: who works beside a question is told only in the reply after it."""
    while turn.confirmation is not None:
        turn = await system.confirm(account, turn.thread_id, turn.confirmation.id, approved=False)
    return turn


def judge(case: Case, said: Answer) -> Verdict:
    """Right when exactly those who are wanted answered, beside whom it does no harm."""
    asked, got = _of(case), answered(cast("list[str]", said.facts["agents"]))
    right = asked.right(got)
    marks = tuple(Mark(measure, int(right)) for measure in _measures(asked))
    wrong = "" if right else f"{' and '.join(sorted(got)) or 'nobody'} answered, wanted: {case.target}"
    return Verdict(marks, wrong, label(asked.wanted), _cell(asked, got, right=right))


def _of(case: Case) -> RoutingCase:
    facts = case.facts
    return RoutingCase(
        id=case.id,
        say=case.input,
        before=facts["before"],
        wanted=frozenset(facts["wanted"]),
        may=frozenset(facts["may"]),
        group=facts["group"],
        style=facts["style"],
        part=facts["part"],
    )


def _measures(asked: RoutingCase) -> Iterator[str]:
    if asked.part == FRESH:
        yield NEVER_READ
        return
    yield from (EVERY, _half(asked.part), _style(asked.style))
    wanted = label(asked.wanted)
    special = {NONE: ABSTAINS, SEVERAL: BOTH, safety.AGENT: EMERGENCY}
    yield special.get(wanted) or _to(wanted)


def _cell(asked: RoutingCase, got: frozenset[str], *, right: bool) -> str:
    if right:
        return label(asked.wanted)
    return f"other {SEVERAL}" if label(asked.wanted) == label(got) == SEVERAL else label(got)


def _half(part: str) -> str:
    return f"{EVERY}, {part} half"


def _style(style: str) -> str:
    return f"Said as {style.replace('_', ' ')}"


def _to(specialist: str) -> str:
    return f"Messages for {specialist}"


def _all_measures() -> Iterator[Measure]:
    cases = list(routing_cases())
    every = [case for case in cases if case.part != FRESH]
    data = f"{len(every)} own messages"
    yield Measure(EVERY, data)
    yield Measure(NEVER_READ, f"{len(cases) - len(every)} own messages, written last", note=_LAST)
    yield Measure(_half(TUNED), data, note=_FIRST[TUNED])
    yield Measure(_half(UNTOUCHED), data, note=_FIRST[UNTOUCHED])
    yield from (Measure(name, data) for name in (ABSTAINS, EMERGENCY, BOTH))
    yield from (Measure(_to(spec.name), data) for spec in AGENTS)
    yield from (Measure(_style(style), data) for style in sorted({case.style for case in every}))


SUITE = Suite(
    name="routing",
    title="Routing",
    about="which specialists answer a message: plain, with typing errors, in telegraphic style, dictated, as a story, "
    "for somebody else, after another message; two wanted at once; and nobody, for what is nobody's",
    cases=cases,
    answer=answer,
    judge=judge,
    measures=tuple(_all_measures()),
    needs=frozenset({"service"}),
)
