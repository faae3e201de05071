"""Complaints: degree, score, onset, duration, course, frequency, body site and side."""

from datetime import UTC, datetime

import pytest

from vitasense.deterministic.intake import Entity, EntityType, Site, read

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)  # a Monday


def symptom(text: str) -> Entity:
    return read(text, now=NOW).of_type(EntityType.SYMPTOM)[0]


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("mild headache", "severity", "mild"),
        ("the pain is unbearable", "severity", "severe"),
        ("worst headache ever", "severity", "worst ever"),
        ("back pain 7/10", "score", 7),
        ("knee pain, 4 out of 10", "score", 4),
        ("sudden weakness", "onset", "sudden"),
        ("gradually worsening cough", "onset", "gradual"),
        ("gradually worsening cough", "trend", "worse"),
        ("the rash is getting better", "trend", "better"),
        ("cough about the same", "trend", "unchanged"),
        ("palpitations come and go", "pattern", "intermittent"),
        ("tired all the time", "pattern", "constant"),
    ],
)
def test_degree_and_course(text: str, field: str, value: object) -> None:
    assert getattr(symptom(text).course, field) == value


@pytest.mark.parametrize("text", ["cough worse at night", "chest pain better with rest", "light headed"])
def test_when_it_is_worse_is_no_course(text: str) -> None:
    course = symptom(text).course
    assert course is None or (course.trend is None and course.severity is None)


def test_duration_and_onset() -> None:
    lasting = symptom("cough for three days").course
    assert lasting and lasting.duration and (lasting.duration.value, lasting.duration.unit) == (3, "d")
    began = symptom("sore throat since Tuesday").course
    assert began and began.since and began.since.start == datetime(2026, 11, 17, tzinfo=UTC)
    assert began.since.end is None
    over = symptom("headache gone since yesterday").course
    assert over is None or over.since is None


@pytest.mark.parametrize(
    ("text", "name", "site"),
    [
        ("pain in my left shoulder", "shoulder pain", Site(name="shoulder", side="left")),
        ("my right ear hurts", "ear pain", Site(name="ear", side="right")),
        ("rash on both arms", "rash", Site(name="arm", side="both")),
        ("tingling in the fingers of my left hand", "numbness", Site(name="finger", side="left")),
        ("pain in the lower abdomen", "abdominal pain", Site(name="lower abdomen")),
        ("lower back pain", "back pain", Site(name="lower back")),
    ],
)
def test_a_complaint_has_its_place(text: str, name: str, site: Site) -> None:
    found = symptom(text)
    assert (found.name, found.site) == (name, site)


def test_words_belong_to_the_nearest_complaint() -> None:
    cough, pain = read("mild cough since Monday, severe knee pain", now=NOW).of_type(EntityType.SYMPTOM)
    assert (cough.course and cough.course.severity, pain.course and pain.course.severity) == ("mild", "severe")
    assert pain.course and pain.course.since is None


def test_a_score_outside_its_scale_is_doubted() -> None:
    found = symptom("pain 14/10 in my foot")
    assert found.course and found.course.score == 14
    assert "0 to 10" in (found.doubt or "")


def test_a_relative_owns_what_is_said_of_them_and_not_what_follows() -> None:
    mine, theirs = read("I have a headache and my father has a cough", now=NOW).of_type(EntityType.SYMPTOM)
    assert (mine.owner, mine.experiencer, theirs.owner, theirs.experiencer) == (None, "patient", "father", "other")
