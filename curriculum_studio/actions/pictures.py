"""What people do with pictures: put them into a unit, cleaned, with words for those who do not see them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from curriculum_studio.access import check_right
from curriculum_studio.actions.lessons import author_of
from curriculum_studio.domain.errors import Refused
from curriculum_studio.domain.people import Person
from curriculum_studio.formats.pictures import MAX_PICTURE, SUFFIXES, PictureError, clean_picture, loses
from curriculum_studio.formats.rewriting import slug
from curriculum_studio.storage.content_changes import Change
from curriculum_studio.studio import Studio


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a unit: its path, how a lesson of the unit names it, how many texts show it, what cleaning took out."""

    path: str
    name: str
    uses: int
    alt: str = ""
    taken_out: str = ""

    @property
    def words(self) -> str:
        """What to put into a lesson's text."""
        return f"![{self.alt}]({self.name})"


def pictures_of(studio: Studio, folder: str) -> list[Picture]:
    """The pictures that lie in a unit's folder."""
    snapshot, curriculum = studio.curriculum()
    shown: dict[str, int] = {}
    for path, facts in curriculum.facts.items():
        for use in facts.pictures:
            if path.startswith(f"{folder}/"):
                name = use.target.removeprefix("../").removeprefix("./")
                shown[name] = shown.get(name, 0) + 1
    ends = tuple(f".{suffix}" for suffix in SUFFIXES)
    found = [path for path in snapshot if path.startswith(f"{folder}/") and path.lower().endswith(ends)]
    names = {path: path.removeprefix(f"{folder}/") for path in found}
    return [Picture(path, name, shown.get(name, 0)) for path, name in names.items()]


def add_picture(
    studio: Studio, person: Person, folder: str, filename: str, content: bytes, alt: str
) -> Picture:
    """Puts a picture into a unit's folder, without metadata and without anything that could run.

    Raises `Refused` where it is no SVG, PNG or JPEG, too large, or comes without words.
    """
    check_right(studio, person, "write", f"{folder}/unit.md", "You may read this unit, and not change it.")
    alt = re.sub(r"[\[\]\\]", "", " ".join(alt.split()))[:300]
    if not alt:
        raise Refused(
            "Say in a sentence what the picture shows: students who do not see it hear your words. Nothing was kept."
        )
    stem, _, suffix = filename.replace("\\", "/").rpartition("/")[2].rpartition(".")
    suffix = suffix.casefold()
    if suffix not in SUFFIXES:
        raise Refused(
            f"A picture is an SVG, PNG or JPEG file; this one is called .{suffix[:12]}. Nothing was kept."
        )
    if len(content) > MAX_PICTURE:
        raise Refused(
            f"The picture is larger than {MAX_PICTURE // 1024 // 1024} MB. Make it smaller, then try again. Nothing was kept."
        )
    try:
        clean = clean_picture(f"x.{suffix}", content)
    except PictureError as error:
        raise Refused(f"This picture cannot be used: {error} Nothing was kept.") from error
    snapshot = studio.snapshot()
    taken = {path.casefold() for path in snapshot}
    name, number = f"figures/{slug(stem)}.{suffix}", 2
    while f"{folder}/{name}".casefold() in taken:
        name, number = f"figures/{slug(stem)}-{number}.{suffix}", number + 1
    change = Change(f"{folder}/{name}", clean.content, None)
    studio.content.save([change], author_of(person), f"Added the picture {name}", datetime.now(UTC))
    said = "Notes hidden in the file (such as place, time, camera or program) were taken out."
    lost = loses(suffix, content, clean.content)
    return Picture(f"{folder}/{name}", name, 0, alt, said if lost else "Nothing had to be taken out of it.")
