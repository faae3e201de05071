"""Whether a resource is FHIR R4 that can be stored and read back.

The models are fhir.resources' R4B ones: of the types in a patient's record R4B changed none, so what they refuse R4
refuses too (tests/deterministic/records/test_validation.py holds both). R4B dropped MedicinalProduct*,
Substance{NucleicAcid,Polymer,Protein,ReferenceInformation,SourceMaterial}, EffectEvidenceSynthesis and
RiskEvidenceSynthesis, none of which is about a person: they are reported as not known. The models do not check codes
against value sets, so neither does this.
"""

import hashlib
import json
from collections.abc import Callable
from functools import cache
from typing import cast

from fhir.resources.R4B import get_fhir_model_class
from pydantic import BaseModel, ValidationError

from vitasense.deterministic.records.fhir import Json

DEEPEST = 80  # levels of a resource; the models and the database would go deeper than anything sensible
MOST_REASONS = 3
_UNSTABLE = ("versionId", "lastUpdated")  # a server's own bookkeeping is no change of the content


class Unusable(Exception):
    """Why one resource cannot be taken; never quotes a value of it."""


def canonical(resource: Json) -> str:
    """The resource as JSON text that is the same for the same content, without meta.versionId and meta.lastUpdated.

    Raises Unusable for what JSON or the database cannot hold: NaN, the character NUL, half a surrogate pair.
    """
    _check(resource, DEEPEST)
    meta = resource.get("meta")
    if isinstance(meta, dict):
        kept = {key: value for key, value in cast("Json", meta).items() if key not in _UNSTABLE}
        resource = {**resource, "meta": kept} if kept else {k: v for k, v in resource.items() if k != "meta"}
    return json.dumps(resource, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def content_hash(canonical_text: str) -> bytes:
    """SHA-256 of the canonical text."""
    return hashlib.sha256(canonical_text.encode()).digest()


def validate(resource: Json) -> None:
    """Raise Unusable, with the places and reasons, when the resource is not valid."""
    own_type = resource.get("resourceType")
    if not isinstance(own_type, str) or not own_type.isalpha():
        raise Unusable("it has no resourceType")
    model = _model(own_type)
    if model is None:
        raise Unusable(f"{own_type[:60]} is not a resource type of FHIR R4")
    try:
        model(resource)
    except ValidationError as error:
        raise Unusable(_reasons(error)) from None
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise Unusable(f"it is not valid FHIR ({type(error).__name__})") from None


def is_resource_type(name: str) -> bool:
    """Whether FHIR R4 has a resource type of this name."""
    return name.isalpha() and _model(name) is not None


@cache
def _model(resource_type: str) -> Callable[[Json], object] | None:
    # Each model class is imported with its first resource: 5 to 70 ms once.
    try:
        return cast("type[BaseModel]", get_fhir_model_class(resource_type)).model_validate
    except (ValueError, KeyError):
        return None


def _reasons(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    shown = [f"{'.'.join(map(str, each['loc'])) or 'resource'}: {each['msg']}" for each in found[:MOST_REASONS]]
    more = len(found) - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more > 0 else "")


def _check(value: object, depth: int) -> None:
    if depth == 0:
        raise Unusable(f"it is nested deeper than {DEEPEST} levels")
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        raise Unusable("it holds a number that is not finite")
    elif isinstance(value, dict):
        for key, child in cast("dict[object, object]", value).items():
            if not isinstance(key, str):
                raise Unusable("it holds a name that is not a text")
            _check_text(key)
            _check(child, depth - 1)
    elif isinstance(value, list | tuple):
        for child in cast("list[object]", value):
            _check(child, depth - 1)
    elif not (value is None or isinstance(value, bool | int | float)):
        raise Unusable("it holds something that is not JSON")


def _check_text(value: str) -> None:
    if "\0" in value:
        raise Unusable("it holds the character NUL")
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise Unusable("it holds half a surrogate pair")
