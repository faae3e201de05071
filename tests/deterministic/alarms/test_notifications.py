"""Who is told and when: quiet hours by the wall clock, emergencies at once, no storms, and no word about health."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deterministic.alarms.test_lifecycle import an_alarm
from vitasense.deterministic.alarms import Preferences, State, letter, plan
from vitasense.deterministic.alarms.intervals import intervals
from vitasense.deterministic.alarms.quiet import after_quiet, day_of
from vitasense.deterministic.platform.findings import Urgency
from vitasense.deterministic.platform.problems import InvalidInput

PATIENT, DOCTOR = UUID(int=1), UUID(int=2)
NIGHT = Preferences("Europe/Berlin", time(22), time(7), ("page", "email", "webhook"), True)
AT_NIGHT = datetime(2026, 1, 10, 2, tzinfo=UTC)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")


def berlin(*at: int, fold: int = 0) -> datetime:
    there = datetime(*at, tzinfo=ZoneInfo("Europe/Berlin"), fold=fold)  # type: ignore[misc]
    return there.astimezone(UTC)


@pytest.mark.parametrize("urgency", Urgency)
def test_quiet_hours_delay_everything_but_emergencies(urgency: Urgency) -> None:
    planned = plan(an_alarm(urgency), NIGHT, PATIENT, [DOCTOR], AT_NIGHT)
    morning = berlin(2026, 1, 10, 7)
    assert {each.not_before for each in planned} == {AT_NIGHT if urgency is Urgency.EMERGENCY else morning}


@pytest.mark.parametrize(
    ("quiet", "now", "then"),
    [
        ((22, 7), (2026, 3, 28, 23), berlin(2026, 3, 29, 7)),  # the night is an hour shorter
        ((22, 7), (2026, 10, 24, 23), berlin(2026, 10, 25, 7)),  # and an hour longer
        ((22, 2.5), (2026, 3, 29, 1, 50), berlin(2026, 3, 29, 3)),  # 02:30 does not exist
        ((13, 14), (2026, 3, 29, 13, 30), berlin(2026, 3, 29, 14)),
        ((22, 7), (2026, 3, 28, 7), berlin(2026, 3, 28, 7)),
        ((22, 22), (2026, 3, 28, 23), berlin(2026, 3, 28, 23)),
    ],
)
def test_quiet_hours_end_by_the_clock_on_the_wall(
    quiet: tuple[float, float], now: tuple[int, ...], then: datetime
) -> None:
    begins, ends = (time(int(hour), int(hour % 1 * 60)) for hour in quiet)
    assert after_quiet(Preferences("Europe/Berlin", begins, ends), berlin(*now)) == then


def test_an_hour_that_the_clock_shows_twice_is_quiet_both_times() -> None:
    wanted = Preferences("Europe/Berlin", time(22), time(2, 30))
    for fold in (0, 1):
        assert after_quiet(wanted, berlin(2026, 10, 25, 2, 10, fold=fold)) == berlin(2026, 10, 25, 2, 30, fold=fold)


@given(st.sampled_from(ZONES), st.times(), st.times(), st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)))
def test_a_message_waits_for_less_than_a_day_and_never_lands_in_quiet_hours(
    zone: str, begins: time, ends: time, at: datetime
) -> None:
    wanted, now = Preferences(zone, begins, ends), at.replace(tzinfo=UTC)
    then = after_quiet(wanted, now)
    assert now <= then <= now + timedelta(hours=26)
    if begins != ends:
        assert after_quiet(wanted, then) == then


def test_a_day_lasts_as_long_as_it_does_where_the_person_lives() -> None:
    hours = {
        month: (lambda day: (day[1] - day[0]) / timedelta(hours=1))(day_of(NIGHT, berlin(2026, month, day, 12)))
        for month, day in ((1, 10), (3, 29), (10, 25))
    }
    assert hours == {1: 24, 3: 23, 10: 25}


def test_beyond_the_cap_what_is_not_urgent_stays_on_the_page() -> None:
    most = intervals().letters.most_a_day
    for urgency in Urgency:
        channels = [each.channel for each in plan(an_alarm(urgency), NIGHT, PATIENT, [], AT_NIGHT, most)]
        assert channels == (["page"] if urgency.rank < Urgency.URGENT.rank else ["page", "email", "webhook"])
    assert len(plan(an_alarm(), NIGHT, PATIENT, [], AT_NIGHT, most - 1)) == 3


def test_an_emergency_comes_to_the_page_whatever_was_chosen() -> None:
    silent = Preferences(channels=())
    assert [each.channel for each in plan(an_alarm(Urgency.EMERGENCY), silent, PATIENT, [], AT_NIGHT)] == ["page"]
    assert plan(an_alarm(Urgency.URGENT), silent, PATIENT, [], AT_NIGHT) == []


def test_providers_hear_of_urgent_alarms_only_when_the_person_wants_it_and_never_by_webhook() -> None:
    def told(urgency: Urgency, wanted: Preferences) -> list[str]:
        planned = plan(an_alarm(urgency), wanted, PATIENT, [DOCTOR, DOCTOR, PATIENT], AT_NIGHT)
        return [each.channel for each in planned if each.recipient_id == DOCTOR]

    assert told(Urgency.URGENT, NIGHT) == ["page", "email"]
    assert told(Urgency.ROUTINE, NIGHT) == [] == told(Urgency.EMERGENCY, Preferences())


@pytest.mark.parametrize("state", State)
def test_only_an_alarm_that_waits_for_an_answer_is_told(state: State) -> None:
    planned = plan(an_alarm(state=state), Preferences(), PATIENT, [], AT_NIGHT)
    assert bool(planned) == (state in (State.RAISED, State.ESCALATED))


@pytest.mark.parametrize("zone", ["Nowhere/Here", "", "../etc/passwd", "Europe\0"])
def test_a_time_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(InvalidInput):
        plan(an_alarm(), Preferences(zone), PATIENT, [], AT_NIGHT)


def test_a_letter_says_nothing_of_the_alarm() -> None:
    alarm = an_alarm()
    sent = letter(alarm.id, "https://clinic.example/")
    assert sent.subject == "A message from VitaSense is waiting"
    assert sent.link == f"https://clinic.example/#/alarms/{alarm.id}" and sent.link in sent.body
    assert not any(word in sent.subject + sent.body for word in (alarm.title, alarm.text, alarm.key, "routine"))
    for address in ("javascript:alert(1)", "clinic.example", "https://", "https://x.example/?a=1"):
        with pytest.raises(InvalidInput):
            letter(alarm.id, address)
