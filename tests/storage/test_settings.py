"""What a workspace's settings may be: a value that cannot be used is refused with what would do, before anything starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from curriculum_studio.domain.errors import Refused
from curriculum_studio.settings import load_settings

WRONG = [
    ("session_hours", "0", "a whole number from 1 to 8760"),
    ("session_hours", "99999999999", "a whole number from 1 to 8760"),
    ("workers", "-1", "a whole number from 1 to 64"),
    ("threads", "0", "a whole number from 2 to 1024"),
    ("version_after", "-3", "a whole number from 1 to 86400"),
    ("secure_cookies", "perhaps", "true or false"),
    ("trusted_proxies", "proxy.example.org", "addresses such as `127.0.0.1`"),
    ("address", "studio.example.org", "begins with http:// or https://"),
    ("address", "javascript:alert(1)", "begins with http:// or https://"),
    ("address", "https://studio.example.org/?a=1", "begins with http:// or https://"),
    ("mail_server", "http://mail.example.org", "`smtp://user:password@host:587`"),
    ("mail_from", "not an address", "a mail address"),
    ("database_url", "mysql://user:hush@host/name", "`postgresql+psycopg://user:password@host/name`"),
]
RIGHT = [
    ("trusted_proxies", "127.0.0.1, ::1,unix"),
    ("address", "https://studio.example.org:8443/curriculum"),
    ("mail_server", "smtps://someone%40example.org:pass@mail.example.org"),
    ("mail_from", "Unser Lehrplan <plan@example.org>"),
    ("database_url", "postgresql+psycopg:///studio?host=/run/postgresql"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "studio.toml").write_text("format = 1\n")
    return tmp_path


def refusal(folder: Path) -> str:
    with pytest.raises(Refused) as refused:
        load_settings(folder)
    return str(refused.value)


@pytest.mark.parametrize(("name", "value", "wanted"), WRONG)
def test_a_wrong_value_is_refused_with_what_would_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, wanted: str
) -> None:
    monkeypatch.setenv(f"STUDIO_{name.upper()}", value)
    said = refusal(folder)
    assert said.startswith(f"STUDIO_{name.upper()} in the environment must be ")
    assert wanted in said
    assert "hush" not in said
    monkeypatch.delenv(f"STUDIO_{name.upper()}")
    (folder / "studio.toml").write_text(f'format = 1\n{name} = "{value}"\n')
    assert refusal(folder).startswith(f"{folder / 'studio.toml'}: {name} must be ")


@pytest.mark.parametrize(("name", "value"), RIGHT)
def test_a_right_value_is_taken_as_it_stands(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"STUDIO_{name.upper()}", value)
    assert getattr(load_settings(folder), name) == value


@pytest.mark.parametrize(
    "line",
    ["session_hours = 1.5", "session_hours = true", 'trusted_proxies = ["127.0.0.1"]', "mail_from = 3"],
)
def test_a_value_of_another_kind_is_refused(folder: Path, line: str) -> None:
    (folder / "studio.toml").write_text(f"format = 1\n{line}\n")
    assert f"{line.partition(' ')[0]} must be " in refusal(folder)


def test_a_name_that_is_no_setting_is_refused_wherever_it_stands(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDIO_SECURE_COOKEIS", "true")
    assert refusal(folder).endswith("Did you mean STUDIO_SECURE_COOKIES?")
    monkeypatch.delenv("STUDIO_SECURE_COOKEIS")
    # What other programs call theirs is nobody's misspelling.
    monkeypatch.setenv("STUDIO_JDK", "/somewhere")
    assert load_settings(folder).session_hours == 72
    (folder / "studio.toml").write_text("format = 1\nsesion_hours = 3\n")
    assert refusal(folder).endswith("sesion_hours is no setting of the studio. Did you mean session_hours?")


def test_settings_that_are_no_text_are_refused_in_a_sentence(folder: Path) -> None:
    (folder / "studio.toml").write_bytes(b"format = 1\n\xff\xfe")
    assert "cannot be read" in refusal(folder)
