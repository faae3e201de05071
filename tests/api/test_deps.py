"""Whose record a request is about: decided by the session, asked of the database."""

import pytest
from fastapi import Request

from tests.people import new_principal
from vitasense.api.deps import access_for, own_access
from vitasense.deterministic.platform.access import Category, Purpose, Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed

REQUEST = Request({"type": "http", "method": "GET", "path": "/v1/record/labs", "headers": [], "query_string": b""})
LABS = frozenset({Category.LABS})


def test_a_patient_gets_the_own_record_and_never_another() -> None:
    patient = new_principal(Role.PATIENT)
    for named in (None, patient.account_id):
        access = access_for(REQUEST, patient, named, reads=LABS)
        assert (access.patient_id, access.purpose, access.reads) == (patient.account_id, Purpose.SELF, LABS)
        assert access.writes == frozenset()
    with pytest.raises(NotAllowed):
        access_for(REQUEST, patient, new_id())


def test_a_provider_names_the_patient() -> None:
    provider, patient_id = new_principal(Role.PROVIDER), new_id()
    access = access_for(REQUEST, provider, patient_id, writes=LABS)
    assert (access.patient_id, access.purpose, access.writes) == (patient_id, Purpose.TREATMENT, LABS)
    assert access_for(REQUEST, provider, patient_id, purpose=Purpose.RESEARCH).purpose is Purpose.RESEARCH
    with pytest.raises(InvalidInput):
        access_for(REQUEST, provider, None)


def test_an_administrator_gets_no_record() -> None:
    with pytest.raises(NotAllowed):
        access_for(REQUEST, new_principal(Role.ADMIN), new_id())


def test_a_path_is_never_an_activity() -> None:
    patient = new_principal(Role.PATIENT)
    assert access_for(REQUEST, patient, None).activity == "GET unknown"
    assert own_access(REQUEST, new_principal(Role.PROVIDER)).patient_id is None
