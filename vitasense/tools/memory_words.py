"""What the tools of memory say."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Evidence, Finding, Status, Urgency, not_evaluated
from vitasense.deterministic.threads import Thread
from vitasense.memory import ALLERGY, CATEGORIES, Change, Entry, Subject, denies, on_day
from vitasense.tools.context import Call, Proposal

NOT_SHARED = "I cannot look at what I remember of the patient: nothing of it is shared with you."
ONLY_BY_WORDS = (
    "I could only look for the words themselves in what I remember, not for their meaning, and did not find them. "
    "So there may be something that I did not see."
)
ONLY_THE_PATIENT = "Only the patient can change what I remember of them."
REMEMBER_WHAT = (
    "I did not find a statement about you in that. Tell me in one sentence what to remember, such as “I am …”."
)
CORRECT_WHAT = "Tell me in one sentence how it is, such as “I am …”, and I will change what I remember."
FORGET_WHAT = (
    "I do not forget all but something at once: name what I shall forget, or choose it on the page of what I remember."
)
INSTRUCTS = "I do not keep this: it reads like an instruction to me, and I only remember what you tell about yourself."
STILL_THERE = "I could not confirm that it is forgotten. Please look at the page of what I remember."
NOT_THE_RECORD = "Your medical record is not changed by this."
RECORDED = frozenset({Category.ALLERGIES, Category.CONDITIONS, Category.MEDICATIONS})


def nothing(subject: Subject, total: int, *, own: bool) -> str:
    """That nothing was found, and in how much it was looked for."""
    whose = "" if own else " of the patient"
    if not total:
        return f"I remember nothing{whose} yet: nothing was told that I was asked to remember."
    about = "that" if subject.words or subject.scope == "last" else "them"
    return f"I looked through what I remember{whose} and found nothing about {about}."


def not_looked_at(call: Call) -> list[Finding]:
    """For a provider: that some of what is remembered is not shared."""
    missing = CATEGORIES - call.readable
    if call.run.own_record or not missing:
        return []
    names = ", ".join(sorted(missing))
    text = f"I did not look at what I remember about {names}: the patient has not shared this with you."
    return [not_evaluated("memory.not_shared", text, "no permission")]


def contradictions(entries: Sequence[Entry]) -> Iterator[Finding]:
    """A finding for each allergy about which the person told both, so that neither is passed over."""
    keyed = sorted(
        (each for each in entries if each.key and each.key.startswith(ALLERGY)), key=lambda each: each.key or ""
    )
    for _, group in groupby(keyed, key=lambda each: each.key):
        both = list({each.id: each for each in group}.values())
        if len({denies(each) for each in both}) > 1:
            yield _contradiction(both)


def _contradiction(both: Sequence[Entry]) -> Finding:
    said = " and ".join(f"on {on_day(each)}: “{each.text}”" for each in both)
    return Finding(
        kind="memory.contradiction",
        text=f"These two contradict each other: {said}. I keep the allergy until it is corrected or forgotten, so name it "
        "to a doctor or pharmacist.",
        status=Status.FOUND,
        urgency=Urgency.ROUTINE,
        evidence=tuple(each.source for each in both),
        categories=frozenset({Category.ALLERGIES}),
    )


def proposal(changes: Sequence[Change], *, correcting: bool) -> Proposal:
    """What will be remembered, in the words in which it will be kept, and what it replaces."""
    new = "; ".join(f"“{change.entry.text}”" for change in changes)
    replaced = [each for change in changes for each in change.ended]
    beside = [each for change in changes for each in change.contradicts]
    again = [change.entry for change in changes if change.repeats]
    details = {"Remember": new}
    if replaced:
        details["Instead of"] = _listed(replaced)
    if again:
        details["Told before"] = _listed(again)
    if beside:
        details["Kept beside it"] = f"{_listed(beside)}: an allergy is only taken back by correcting or forgetting it"
    if any(change.entry.category in RECORDED for change in changes):
        details["Medical record"] = "is not changed by this"
    title = "Change what I remember?" if correcting and replaced else "Remember this?"
    instead = f" instead of {_listed(replaced)}" if replaced else ""
    return Proposal(title, f"Shall I remember this{instead}: {new}?", details)


def kept(entry: Entry) -> Finding:
    """That an entry is remembered now, as it was read back."""
    recorded = f" {NOT_THE_RECORD}" if entry.category in RECORDED else ""
    return Finding(
        kind="memory.written",
        text=f"I remember now: “{entry.text}”.{recorded} You can ask me to change or forget it at any time.",
        status=Status.FOUND,
        evidence=(entry.source,),
        categories=frozenset({entry.category} if entry.category else ()),
    )


def forgetting(entries: Sequence[Entry], held: Sequence[Thread]) -> Proposal:
    """The exact entries that will be gone, and what will hold their words still."""
    said = "; ".join(f"“{each.text}”" for each in entries)
    details = {"Forget": _listed(entries), "Still holds the words": _conversations(held)}
    return Proposal(
        "Forget this?", f"Shall I forget this for good, with everything told of it before: {said}?", details
    )


def forgotten(count: int, held: Sequence[Thread], call: Call) -> Finding:
    """That nothing of it is remembered any more, and where the words still are."""
    things = "it" if count == 1 else f"all {count} of them"
    text = (
        f"I have forgotten {things}. The words still stand in {_conversations(held)}. "
        "Delete a conversation in your list of conversations, and they are gone from there too."
    )
    return Finding(kind="memory.forgotten", text=text, status=Status.FOUND, evidence=(this_conversation(call),))


def too_many(count: int) -> str:
    """Why so many are not forgotten at once here."""
    return (
        f"That would be {count} things, more than I can show you for a confirmation. Name one of them, or forget all of "
        "them on the page of what I remember."
    )


def this_conversation(call: Call) -> Evidence:
    """The conversation as evidence of what was said in it."""
    ref = str(call.run.thread_id)
    return Evidence(kind="statement", ref=ref, version="1", label="This conversation", at=call.said_at)


def _listed(entries: Sequence[Entry]) -> str:
    return "; ".join(f"“{each.text}” (told on {on_day(each)})" for each in entries)


def _conversations(held: Sequence[Thread]) -> str:
    days = list(dict.fromkeys(f"{each.updated_at.day} {each.updated_at:%B %Y}" for each in held))
    if not days:
        return "no conversation"
    return f"your conversation{'s' if len(held) > 1 else ''} of {' and '.join([', '.join(days[:-1]), days[-1]] if len(days) > 1 else days)}"
