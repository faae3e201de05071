"""Settings: each is written down, and production refuses what is only good enough at home."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from vitasense.deterministic.platform.settings import Settings

DOCUMENT = Path(__file__).parents[3] / "docs" / "settings.md"
SECRET = SecretStr("k3J9-xQ2m-Zr7T-pW4v-Lb8N-yH6s-Fd1G")
URL = "https://health.example.org"


def test_every_setting_is_written_down_and_nothing_else() -> None:
    told = set(re.findall(r"^\| `VITASENSE_(\w+)`", DOCUMENT.read_text(), re.MULTILINE))
    assert told == {name.upper() for name in Settings.model_fields}


def test_the_defaults_that_are_written_down_are_those_of_the_program() -> None:
    written = dict(re.findall(r"^\| `VITASENSE_(\w+)` \| `([^`]+)`", DOCUMENT.read_text(), re.MULTILINE))
    for name in ("environment", "host", "port", "demo", "log_level", "pool_size", "max_upload_bytes", "mail_from"):
        default = Settings.model_fields[name].default
        assert written[name.upper()] == (str(default).lower() if isinstance(default, bool) else str(default)), name


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"secret": None}, "VITASENSE_SECRET"),
        ({"secret": SecretStr("short")}, "VITASENSE_SECRET"),
        ({"secret": SecretStr("a" * 40)}, "VITASENSE_SECRET"),
        ({"public_url": None}, "VITASENSE_PUBLIC_URL"),
        ({"public_url": "http://health.example.org"}, "VITASENSE_PUBLIC_URL"),
        ({"secret": None, "public_url": None}, "VITASENSE_PUBLIC_URL"),
    ],
)
def test_production_needs_a_secret_and_an_https_address(
    tmp_path: Path, changes: dict[str, SecretStr | str | None], missing: str
) -> None:
    given = {"secret": SECRET, "public_url": URL, "home": tmp_path, "environment": "production"}
    assert Settings.model_validate(given).base_url == URL
    with pytest.raises(ValidationError, match=missing):
        Settings.model_validate(given | changes)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"timezone": "Berlin"}, "VITASENSE_TIMEZONE"),
        ({"country": "Germany"}, "VITASENSE_COUNTRY"),
        ({"database_url": "postgresql://h/d"}, "VITASENSE_DATABASE_ADMIN_URL"),
    ],
)
def test_a_value_that_would_be_misread_is_refused(tmp_path: Path, changes: dict[str, str], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        Settings.model_validate({"home": tmp_path} | changes)
