"""Medicines: dose, strength, form, route, frequency, food, need, status, start and stop."""

from datetime import UTC, datetime

import pytest

from vitasense.deterministic.intake import Amount, Dosage, Duration, Entity, EntityType, Period, Range, read

NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)  # a Monday


def drugs(text: str) -> tuple[Entity, ...]:
    return read(text, now=NOW).of_type(EntityType.DRUG)


def dosage(text: str) -> Dosage:
    (drug,) = drugs(text)
    assert drug.dosage is not None
    return drug.dosage


@pytest.mark.parametrize(
    ("text", "code", "per_day"),
    [
        ("metformin 500 mg twice a day", "BID", 2),
        ("metformin 500 mg b.i.d. with food", "BID", 2),
        ("amoxicillin 500 mg t.i.d.", "TID", 3),
        ("ramipril 2.5 mg od", "QD", 1),
        ("warfarin 3 mg every other day", "QOD", 0.5),
        ("once weekly methotrexate 15 mg", "WK", 1 / 7),
        ("paracetamol 1 g q6h", "Q6H", 4),
        ("codeine 30 mg every 8 hours", "Q8H", 3),
        ("hydrochlorothiazide 12.5 mg every morning", "AM", 1),
        ("semaglutide 0.5 mg on Mondays", "WK", 1 / 7),
    ],
)
def test_frequencies_are_timing_codes_and_times_a_day(text: str, code: str, per_day: float) -> None:
    (drug,) = drugs(text)
    assert drug.dosage and drug.dosage.frequency
    assert drug.dosage.frequency.code == code
    assert drug.per_day == drug.dosage.frequency.per_day == pytest.approx(per_day)
    assert drug.dosage.frequency.text in text


def test_a_scheme_says_when_and_how_many() -> None:
    frequency = dosage("metformin 500 mg 1-0-2").frequency
    assert frequency is not None
    assert (frequency.text, frequency.when, frequency.counts, frequency.count) == (
        "1-0-2",
        ("MORN", "EVE"),
        (1, 0, 2),
        2,
    )


def test_an_open_interval_has_no_times_a_day() -> None:
    (drug,) = drugs("ventolin 2 puffs every 4 to 6 hours")
    assert drug.dosage and drug.dosage.frequency
    assert (drug.dosage.frequency.period, drug.dosage.frequency.period_max, drug.per_day) == (4, 6, None)


def test_a_tablet_has_a_strength_and_an_amount_is_a_dose() -> None:
    assert dosage("one 5 mg amlodipine tablet every morning").strength == Amount(value=5, unit="mg")
    assert dosage("amlodipine 5 mg every morning").dose == Amount(value=5, unit="mg")
    (drug,) = drugs("half a tablet of bisoprolol 5 mg")
    assert (drug.quantity, drug.value, drug.unit) == (0.5, 5, "mg")


@pytest.mark.parametrize(
    ("text", "form", "route"),
    [
        ("salbutamol inhaler 2 puffs when needed", "inhaler", "inhaled"),
        ("nicotine patch 21 mg", "patch", "transdermal"),
        ("hydrocortisone cream twice daily", "cream", "topical"),
        ("GTN spray under the tongue", "spray", "sublingual"),
        ("amlodipine 5 mg by mouth", None, "oral"),
    ],
)
def test_form_and_route(text: str, form: str | None, route: str) -> None:
    assert (dosage(text).form, dosage(text).route) == (form, route)


def test_need_food_tapering_and_duration() -> None:
    assert dosage("tramadol 50 mg prn").as_needed
    assert dosage("metformin 500mg BD with food").food == "with food"
    assert dosage("levothyroxine 75 mcg on an empty stomach").food == "empty stomach"
    assert dosage("tapering prednisone 5 mg").tapering
    assert dosage("amoxicillin 500 mg for 7 days").duration == Duration(value=7, unit="d", text="for 7 days")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("I take metformin", "taking"),
        ("started atorvastatin last week", "taking"),
        ("stopped lisinopril in May", "stopped"),
        ("ramipril was stopped", "stopped"),
        ("I don't take aspirin anymore", "stopped"),
        ("forgot my evening insulin", "missed"),
        ("going to start ozempic next month", "planned"),
        ("metformin 500 mg", None),
        ("aspirin 75 mg once daily, stopped last month", "stopped"),
        ("will stop clopidogrel next week", "taking"),
        ("my doctor told me to take aspirin", None),
        ("should I stop warfarin?", None),
        ("what if I miss warfarin", None),
    ],
)
def test_status_is_what_was_said_and_nothing_that_is_asked(text: str, status: str | None) -> None:
    (drug,) = drugs(text)
    assert (drug.dosage.status if drug.dosage else None) == status


def test_a_switch_stops_one_medicine_and_begins_the_other() -> None:
    old, new = drugs("switched from amlodipine to losartan 50 mg")
    assert (old.dosage and old.dosage.status, new.dosage and new.dosage.status) == ("stopped", "taking")


def test_start_and_stop_are_typed_periods() -> None:
    march = Period(start=datetime(2026, 3, 1, tzinfo=UTC), text="since March", place=(29, 40))
    assert dosage("500 mg metformin twice a day since March").start == march
    stopped = dosage("stopped lisinopril in May")
    assert stopped.start is None
    assert stopped.stop and stopped.stop.start == datetime(2026, 5, 1, tzinfo=UTC)


def test_a_change_keeps_the_dose_before_it() -> None:
    (drug,) = drugs("ramipril was increased from 2.5 to 5 mg")
    assert (drug.value, drug.unit) == (5, "mg")
    assert drug.dosage and drug.dosage.changed_from == Amount(value=2.5, unit="mg")


@pytest.mark.parametrize(
    ("text", "spread", "unit"),
    [
        ("ibuprofen 200-400 mg", Range(low=200, high=400), "mg"),
        ("1 to 2 tablets of codeine", Range(low=1, high=2), None),
    ],
)
def test_a_dose_between_two_has_no_value(text: str, spread: Range, unit: str | None) -> None:
    (drug,) = drugs(text)
    assert (drug.range, drug.unit, drug.value, drug.quantity, drug.doubt) == (spread, unit, None, None, None)


def test_doses_that_follow_each_other_are_of_one_medicine() -> None:
    doses = read("prednisone 40 mg for 3 days, 30 mg for 3 days", now=NOW).of_type(EntityType.DOSE)
    assert [(dose.name, dose.value) for dose in doses] == [("prednisone", 40), ("prednisone", 30)]


def test_strengths_after_a_medicine_are_no_blood_pressure() -> None:
    assert read("advair 250/50 one puff bid", now=NOW).of_type(EntityType.VITAL) == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("atorvastatin 20 every night", "unit of the dose was not said"),
        ("metformin 500 kg twice a day", "not a unit for a dose"),
        ("prednisone 20 mg for 5 days then 10 mg", "More than one dose"),
    ],
)
def test_a_dose_that_may_be_wrong_says_why(text: str, reason: str) -> None:
    (drug,) = drugs(text)
    assert drug.value is not None
    assert reason in (drug.doubt or "")


def test_a_frequency_belongs_to_the_nearer_of_medicine_and_complaint() -> None:
    reading = read("dizzy every morning since I take ramipril 5 mg", now=NOW)
    (symptom,), (drug,) = reading.of_type(EntityType.SYMPTOM), reading.of_type(EntityType.DRUG)
    assert symptom.course and symptom.course.frequency
    assert drug.per_day is None


def test_words_for_tablets_beside_a_dose_name_no_part_of_the_record() -> None:
    assert read("one 5 mg amlodipine tablet", now=NOW).of_type(EntityType.CATEGORY) == ()
