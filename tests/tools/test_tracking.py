"""Two times compared, tiredness, timeline, scores, ranges, quiet hours: each says what it rests on and what it cannot say."""

from datetime import datetime, time, timedelta

import pytest

from tests.deterministic.alarms.raising import raised
from tests.people import access_of
from tests.tools.tracked import (
    DAY,
    NOW,
    PULSE,
    RESTING,
    SENSOR,
    SLEEP,
    STEPS,
    SYSTOLIC,
    a_device,
    done,
    measured,
    proposed,
    sample,
    streamed,
    told,
)
from vitasense.deterministic import tracking
from vitasense.deterministic.auth import monitor_access
from vitasense.deterministic.intake import read
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Status
from vitasense.deterministic.platform.problems import InvalidInput
from vitasense.guardrails import verify
from vitasense.tools import tracking as tools
from vitasense.tools import watching
from vitasense.tools.context import Proposal

MONTHS = "How has my blood pressure been this month compared with last?"


async def _pressures(database: Database, person: Principal, of_day: dict[datetime, int]) -> None:
    async with database.transaction(access_of(person)) as tx:
        for at, systolic in of_day.items():
            await measured(tx, person, at, systolic, 80)


async def test_two_months_are_compared_with_shift_interval_and_the_days_of_both(
    database: Database, patient: Principal
) -> None:
    october = {datetime(2026, 10, day, 9, tzinfo=NOW.tzinfo): 120 + day % 3 for day in range(1, 21)}
    november = {datetime(2026, 11, day, 9, tzinfo=NOW.tzinfo): 130 + day % 3 for day in range(1, 16)}
    await _pressures(database, patient, october | november)
    systolic, diastolic = await told(tools.COMPARE, database, patient, MONTHS)
    assert systolic.kind == "tracking.comparison"
    assert (systolic.status, diastolic.status) == (Status.FOUND, Status.NOT_FOUND)
    values = {value.name: value.number for value in systolic.values}
    assert values["systolic blood pressure change"] == 10
    assert (values["days, later"], values["days, earlier"]) == (15, 20)
    assert "higher, by about 10 mmHg" in systolic.text
    assert "1 to 19 November 2026" in systolic.text
    assert "1 to 31 October 2026" in systolic.text
    assert "no clear difference" in diastolic.text
    checked = verify(f"{systolic.text} {diastolic.text}", [systolic, diastolic])
    assert checked.supported, checked.unsupported


async def test_too_few_days_are_said_and_never_compared(database: Database, patient: Principal) -> None:
    await _pressures(database, patient, {NOW - DAY: 150, NOW - 30 * DAY: 110})
    found = await told(tools.COMPARE, database, patient, MONTHS)
    assert {each.status for each in found} == {Status.NOT_EVALUATED}
    assert "There are 1 from" in found[0].text


async def test_an_empty_record_is_not_evaluated_rather_than_no_difference(
    database: Database, patient: Principal
) -> None:
    found = await told(tools.COMPARE, database, patient, "Was my pulse higher last week than usual?")
    assert [each.status for each in found] == [Status.NOT_EVALUATED]


async def test_steps_of_the_running_day_are_left_out_of_a_comparison(database: Database, patient: Principal) -> None:
    async with database.transaction(access_of(patient)) as tx:
        watch = await a_device(tx, patient, "Watch", "watch")
    days = [NOW.replace(hour=10, minute=0) - back * DAY for back in range(21)]
    await streamed(
        database,
        patient,
        [sample(STEPS, at, 500 if at.date() == NOW.date() else 8000, watch, minutes=30) for at in days],
    )
    (found,) = await told(tools.COMPARE, database, patient, "Compare my steps of this week with the past two weeks")
    assert {value.name: value.number for value in found.values}["days, later"] == 3


async def test_poor_data_lowers_the_confidence_and_is_said(database: Database, patient: Principal) -> None:
    async with database.transaction(access_of(patient)) as tx:
        watch = await a_device(tx, patient, "Watch", "watch")
    noon = NOW.replace(hour=12, minute=0)
    values = [sample(PULSE, noon - back * DAY, 60 + 20 * (back < 10), watch, quality=0.3) for back in range(90)]
    await streamed(database, patient, values)
    (found,) = await told(tools.COMPARE, database, patient, "Was my pulse higher last week than usual?")
    assert found.confidence == pytest.approx(0.3, abs=0.01)
    assert "poor" in found.text


class TestTiredness:
    """There is no sensor of it: what was looked at is named, each sign by itself."""

    async def test_without_any_data_nothing_is_concluded(self, database: Database, patient: Principal) -> None:
        found = await told(tools.TIREDNESS, database, patient, "Was I unusually tired last week?")
        assert found[0].status is Status.NOT_EVALUATED
        assert [each.status for each in found[1:5]] == [Status.NOT_EVALUATED] * 4
        assert "No device measures tiredness" in found[0].text
        assert "diagnosis" in found[0].text

    async def test_short_nights_are_found_and_an_ordinary_pulse_is_not(
        self, database: Database, patient: Principal
    ) -> None:
        async with database.transaction(access_of(patient)) as tx:
            watch = await a_device(tx, patient, "Watch", "watch")
        start = datetime(2026, 8, 1, 23, tzinfo=NOW.tzinfo)
        nights = [start + n * DAY for n in range(106)]
        last_week = datetime(2026, 11, 8, tzinfo=NOW.tzinfo)
        hours = {at: (5.0 if at >= last_week else 7.5) + 0.1 * (place % 3) for place, at in enumerate(nights)}
        values = [sample(SLEEP, at, long, watch, minutes=60 * long) for at, long in hours.items()]
        values += [sample(RESTING, at, 55 + place % 4, watch) for place, at in enumerate(nights)]
        await streamed(database, patient, values)
        found = await told(tools.TIREDNESS, database, patient, "Was I unusually tired last week?")
        signs = {each.text.split(":")[0]: each.status for each in found[1:]}
        assert found[0].status is Status.FOUND
        assert signs["Sleep duration"] is Status.FOUND
        assert signs["Resting heart rate"] is Status.NOT_FOUND
        assert signs["Heart rate variability"] is Status.NOT_EVALUATED
        text = "\n".join(each.text for each in found)
        checked = verify(text, found)
        assert checked.supported, checked.unsupported

    def test_other_complaints_are_none_of_its_questions(self) -> None:

        assert tools.TIREDNESS.plan(read("Was I more dizzy than usual last week?", now=NOW)) == []


async def test_the_timeline_tells_a_day_in_order(database: Database, patient: Principal) -> None:
    async with database.transaction(monitor_access("test", patient.account_id)) as tx:
        await raised(tx, patient, NOW - DAY)
    found = await told(tools.TIMELINE, database, patient, "What happened yesterday?")
    assert any("Alert" in each.text for each in found)
    assert all(each.evidence for each in found)
    (quiet,) = await told(tools.TIMELINE, database, patient, "What happened on Sunday?")
    assert quiet.status is Status.NOT_FOUND
    assert "15 November 2026" in quiet.text


async def test_time_in_range_has_its_shares_and_says_why_targets_do_not_hold(
    database: Database, patient: Principal
) -> None:
    async with database.transaction(access_of(patient)) as tx:
        sensor = await a_device(tx, patient, "Sensor", "cgm")
    start = NOW - 13 * DAY
    values = [sample(SENSOR, start + timedelta(minutes=5 * n), 100 if n % 4 else 200, sensor) for n in range(3000)]
    await streamed(database, patient, values)
    shares, targets = await told(tools.GLUCOSE, database, patient, "What is my time in range?")
    assert "75% in 70 to 180 mg/dL" in shares.text
    assert targets.status is Status.NOT_EVALUATED
    checked = verify(f"{shares.text} {targets.text}", [shares, targets])
    assert checked.supported, checked.unsupported


async def test_without_a_sensor_time_in_range_is_not_evaluated(database: Database, patient: Principal) -> None:
    (found,) = await told(tools.GLUCOSE, database, patient, "What's my GMI?")
    assert found.status is Status.NOT_EVALUATED


async def test_a_health_score_with_missing_parts_is_not_given_and_the_known_ones_are_shown(
    database: Database, patient: Principal
) -> None:
    await _pressures(database, patient, {NOW - DAY: 118})
    found = await told(tools.SCORE, database, patient, "What is my health score?")
    assert found[0].status is Status.NOT_EVALUATED
    assert "diet" in found[0].text
    assert not any("out of 100" in each.text for each in found)


async def test_an_early_warning_score_names_what_is_missing(database: Database, patient: Principal) -> None:
    await _pressures(database, patient, {NOW - timedelta(minutes=10): 118})
    (found,) = await told(tools.EARLY_WARNING, database, patient, "early warning score")
    assert found.status is Status.NOT_EVALUATED
    assert "consciousness" in found.text
    (unknown,) = await told(tools.EARLY_WARNING, database, patient, "early warning score", age=None)
    assert "age" in unknown.text


class TestWatching:
    """What the person says about being watched is shown first, and kept as it was shown."""

    async def test_a_range_of_ones_own_is_kept_after_the_yes(self, database: Database, patient: Principal) -> None:
        said = "Set my blood pressure range to 100 to 135"
        proposal = await proposed(watching.SET_RANGE, database, patient, said)
        assert isinstance(proposal, Proposal)
        assert "systolic blood pressure 100 to 135 mmHg" in proposal.summary
        (kept,) = await done(watching.SET_RANGE, database, patient, said)
        assert "100 to 135 mmHg" in kept.text
        async with database.transaction(access_of(patient)) as tx:
            (held,) = await tracking.ranges(tx, patient.account_id, SYSTOLIC)
        assert (held.low, held.high, held.set_by_role) == (100, 135, "patient")

    async def test_a_range_that_would_hide_an_emergency_is_refused(
        self, database: Database, patient: Principal
    ) -> None:
        with pytest.raises(InvalidInput):
            await done(watching.SET_RANGE, database, patient, "Set my oxygen saturation range to 80 to 100 %")

    async def test_two_values_of_one_measurement_are_the_two_ends(self, database: Database, patient: Principal) -> None:
        said = "Set the limits for my heart rate to 50 and 120"
        (kept,) = await done(watching.SET_RANGE, database, patient, said)
        assert "50 to 120" in kept.text

    async def test_a_range_without_numbers_asks_for_them(self, database: Database, patient: Principal) -> None:
        (asked,) = await proposed(watching.SET_RANGE, database, patient, "Change the range of my blood pressure")
        assert asked.status is Status.NOT_EVALUATED

    async def test_quiet_hours_are_kept_in_the_persons_zone(self, database: Database, patient: Principal) -> None:
        said = "Don't wake me between 10 pm and 7 am"
        proposal = await proposed(watching.SET_QUIET_HOURS, database, patient, said)
        assert proposal.details["Quiet hours"] == "22:00 to 07:00"
        assert "Emergencies" in proposal.summary
        await done(watching.SET_QUIET_HOURS, database, patient, said)
        async with database.transaction(access_of(patient)) as tx:
            held = await tracking.person_settings(tx, patient.account_id)
        assert (held.quiet_from, held.quiet_until) == (time(22), time(7))

    async def test_monitoring_goes_off_and_on(self, database: Database, patient: Principal) -> None:
        proposal = await proposed(watching.SET_MONITORING, database, patient, "Turn off monitoring")
        assert "not even for an emergency" in proposal.summary
        (off,) = await done(watching.SET_MONITORING, database, patient, "Turn off monitoring")
        (on,) = await done(watching.SET_MONITORING, database, patient, "turn it on")
        assert ("off" in off.text, "on:" in on.text) == (True, True)

    async def test_asking_about_monitoring_changes_nothing(self, database: Database, patient: Principal) -> None:
        (found,) = await told(watching.MONITORING, database, patient, "Is the monitoring on?")
        assert "Monitoring is on" in found.text
