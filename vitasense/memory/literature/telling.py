"""What documents that were read for knowledge say about something, as findings: quotations, and what was not looked into."""

from collections.abc import Iterator, Sequence

from vitasense.deterministic.knowledge.review import Work
from vitasense.deterministic.platform.findings import Finding, Status, Urgency, Value, not_evaluated
from vitasense.deterministic.platform.untrusted import shown
from vitasense.memory.documents.quoting import Quote
from vitasense.memory.literature.search import Looked, Question
from vitasense.memory.sentences import day

KIND = "literature.search"
QUOTE = "literature.quote"
MOST_QUOTED = 4
MOST_NAMED = 5  # documents that one sentence names; the rest is counted
_INSIDE = str.maketrans("“”", "‘’")  # what is quoted cannot end its own quotation
_LONGEST = 120  # characters of a question that are said again
NONE = "I could not look this up: no label, guideline or article has been read and accepted here yet."


def literature_findings(looked: Looked, question: Question) -> list[Finding]:
    """The sentences that answer, word for word; else which documents were looked into; and what was not evaluated."""
    told = list(_told(looked, question)) if looked.quotes else list(_nothing(looked, question))
    return [*_elsewhere(looked, question), *told, *_not_searched(looked)]


def quotation(quote: Quote) -> Finding:
    """One sentence word for word, with its document, its heading, and the day on which the document was read.

    The sentence is no value: labels tell their readers what to do, and in a value likeness to an instruction counts.
    """
    source = quote.entry.source
    under = f", under “{_inside(quote.heading)}”" if quote.heading else ""
    return Finding(
        kind=QUOTE,
        text=f"“{_inside(source.label)}”{_read(quote)}{under}: “{_inside(quote.sentence)}”",
        status=Status.FOUND,
        values=(Value(name="document", text=shown(source.label), at=source.at),),
        urgency=Urgency.SELF_CARE,
        evidence=(source,),
    )


def _told(looked: Looked, question: Question) -> Iterator[Finding]:
    quoted, rest = looked.quotes[:MOST_QUOTED], looked.quotes[MOST_QUOTED:]
    how = (
        "Nothing names it in these words; this is nearest in meaning"
        if looked.by_meaning
        else "This is what is written"
    )
    text = f"{how} about “{_said(question.about)}” in documents that were read here, word for word. It is no advice of mine."
    evidence = tuple(dict.fromkeys(each.entry.source for each in quoted))
    yield Finding(kind=KIND, text=text, status=Status.FOUND, urgency=Urgency.SELF_CARE, evidence=evidence)
    yield from (quotation(each) for each in quoted)
    if rest:
        yield Finding(
            kind=QUOTE,
            text=f"And {len(rest)} more {'place' if len(rest) == 1 else 'places'} in these documents.",
            status=Status.FOUND,
            values=(Value(name="more places", number=len(rest)),),
            urgency=Urgency.SELF_CARE,
            evidence=tuple(dict.fromkeys(each.entry.source for each in rest)),
        )


def _nothing(looked: Looked, question: Question) -> Iterator[Finding]:
    if not looked.searched:
        if not looked.unread and not looked.waiting:
            yield not_evaluated(KIND, NONE, "no document to search")
        return
    where = _names(looked.searched)
    if looked.by_words:
        text = (
            f"I could compare only words and not what they mean, and found nothing about “{_said(question.about)}” that way "
            f"in {where}. It may still stand there. Please ask again in a minute, or in other words."
        )
        yield not_evaluated(KIND, text, "meaning could not be compared")
        return
    text = f"I found nothing about “{_said(question.about)}” in what I looked into: {where}. Other words may stand there for it."
    evidence = tuple(each.evidence for each in looked.searched[:MOST_NAMED])
    yield Finding(kind=KIND, text=text, status=Status.NOT_FOUND, evidence=evidence)


def _elsewhere(looked: Looked, question: Question) -> Iterator[Finding]:
    if looked.elsewhere:
        what = question.kind or "document"
        named = f" named “{_said(question.named)}”" if question.named else ""
        text = f"No {what}{named} that counts now has been read here, so I looked into the others."
        yield Finding(kind="literature.elsewhere", text=text, status=Status.NOT_FOUND)


def _not_searched(looked: Looked) -> Iterator[Finding]:
    if looked.unread:
        text = (
            f"I could not look into {_names(looked.unread)}: the text was not kept, and only the sentences that were "
            "accepted of it are known."
        )
        yield not_evaluated("literature.unread", text, "no text was kept")
    if looked.waiting:
        text = f"I could not look into {_names(looked.waiting)} now: the passages are not loaded."
        yield not_evaluated("literature.waiting", text, "not loaded")
    if looked.partly:
        text = f"I looked only into the beginning of {_names(looked.partly)}: what follows is longer than is searched."
        yield not_evaluated("literature.partly", text, "too long")


def _names(works: Sequence[Work]) -> str:
    """Each with the day on which it was read."""
    more = len(works) - MOST_NAMED
    named = ", ".join(f"“{_inside(each.title)}” (read {day(each.added_at)})" for each in works[:MOST_NAMED])
    return named + (f" and {more} more" if more > 0 else "")


def _read(quote: Quote) -> str:
    at = quote.entry.source.at
    return f" (read {day(at)})" if at else ""


def _said(words: str) -> str:
    return _inside(words)[:_LONGEST]


def _inside(words: str) -> str:
    return shown(words).translate(_INSIDE)
