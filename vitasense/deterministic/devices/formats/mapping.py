"""How the columns of a person's own table are to be read."""

from datetime import datetime
from typing import Literal, cast

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from vitasense.deterministic.devices.formats.metrics import metric_code
from vitasense.deterministic.devices.formats.numerals import Decimal
from vitasense.deterministic.devices.formats.units import unit_code
from vitasense.deterministic.platform.problems import InvalidInput

Encoding = Literal["utf-8", "utf-16", "windows-1252", "iso-8859-1", "iso-8859-15", "mac-roman"]
Delimiter = Literal[",", ";", "\t", "|"]
ISO = "iso"
_TRIAL = datetime(2001, 2, 3, 14, 5)  # day, month, year and hours that cannot be mistaken for each other

Column = Field(min_length=1, max_length=200)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ValueColumn(_Frozen):
    """A column of numbers: what it measures (LOINC code, Open mHealth or catalogue name) and in which unit."""

    column: str = Column
    metric: str
    unit: str

    @model_validator(mode="before")
    @classmethod
    def _known(cls, given: object) -> object:
        """Names become codes; a wrong one is told while the mapping is made and not for each row."""
        if not isinstance(given, dict):
            return given
        told = cast("dict[str, object]", given)
        metric, unit = told.get("metric"), told.get("unit")
        if not isinstance(metric, str) or not isinstance(unit, str):
            return told
        try:
            code = metric_code(metric)
            return {**told, "metric": code, "unit": unit_code(unit, code)}
        except InvalidInput as problem:
            raise ValueError(problem.detail) from None


class TableMapping(_Frozen):
    """The columns of a table by their names in its first line.

    `time_format` is "iso" or a form as for strptime with date and time ("%d.%m.%Y %H:%M"). Without `delimiter` and
    `encoding` they are seen from the file; without `decimal` a number with a comma is refused.
    """

    time: str = Column
    values: tuple[ValueColumn, ...] = Field(min_length=1, max_length=100)
    until: str | None = Field(default=None, min_length=1, max_length=200)
    device: str | None = Field(default=None, min_length=1, max_length=200)
    note: str | None = Field(default=None, min_length=1, max_length=200)
    delimiter: Delimiter | None = None
    decimal: Decimal | None = None
    time_format: str = Field(default=ISO, max_length=60)
    encoding: Encoding | None = None

    @field_validator("time_format")
    @classmethod
    def _tells_the_time(cls, form: str) -> str:
        if form == ISO:
            return form
        try:
            whole = datetime.strptime(_TRIAL.strftime(form), form).replace(tzinfo=None) == _TRIAL
        except (ValueError, TypeError, KeyError, IndexError):
            whole = False
        if not whole:
            raise ValueError('The form of the time needs year, month, day, hour and minute, as "%d.%m.%Y %H:%M".')
        return form
