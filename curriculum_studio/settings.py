"""The settings of a workspace: from `studio.toml`, then the environment (`STUDIO_…`), then the defaults here."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path

from curriculum_studio.domain.errors import NotFound, Refused

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. `format` is that of the workspace; `sample_people` opens the sign-in without passwords."""

    folder: Path
    format: int = FORMAT
    sample_people: bool = False
    secure_cookies: bool = False
    session_hours: int = 72
    workers: int = 1
    threads: int = 64

    @property
    def content(self) -> Path:
        """The content store."""
        return self.folder / "curriculum.git"

    @property
    def database(self) -> Path:
        """The database of people and sessions."""
        return self.folder / "studio.db"

    @property
    def sites(self) -> Path:
        """Where published editions lie."""
        return self.folder / "sites"

    @property
    def search(self) -> Path:
        """The search index; may be deleted at any time."""
        return self.folder / "search"

    @property
    def key(self) -> Path:
        """The secret that signs form tokens."""
        return self.folder / "secret.key"


def load_settings(folder: Path) -> Settings:
    """The settings of a workspace. Raises `NotFound` where there is none, `Refused` where they cannot be used."""
    path = folder / "studio.toml"
    if not path.is_file():
        raise NotFound(
            f"{folder} is no workspace: it has no studio.toml. Make one with `curriculum-studio new {folder}`."
        )
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"{path} cannot be read: {error}") from error
    settings = Settings(folder.resolve())
    known = {f.name: f.type for f in fields(Settings) if f.name != "folder"}
    for name in known:
        raw = os.environ.get(f"STUDIO_{name.upper()}", values.pop(name, None))
        if raw is None:
            continue
        kind = type(getattr(settings, name))
        if kind is bool:
            value: bool | int = str(raw).casefold() in ("1", "true", "yes", "on")
        else:
            try:
                value = int(raw)
            except ValueError as error:
                raise Refused(f"{path}: {name} is a number.") from error
        settings = replace(settings, **{name: value})  # type: ignore[arg-type]
    if values:
        raise Refused(f"{path}: {next(iter(values))} is no setting of the studio.")
    if settings.format != FORMAT:
        raise Refused(f"This workspace is of format {settings.format}; this program reads format {FORMAT}.")
    return settings
