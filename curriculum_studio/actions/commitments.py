"""What people do with what each side said it would do: say it for one's own side, and say what became of it."""

from __future__ import annotations

from curriculum_studio.actions.pulse import today
from curriculum_studio.domain.commitments import Act, Commitment, Kept, how_kept, next_step, promised
from curriculum_studio.domain.errors import NotFound, Refused
from curriculum_studio.domain.goals import ALL_SIDES, SIDE_OF, side_of
from curriculum_studio.domain.people import Person
from curriculum_studio.studio import Studio


def commitments(studio: Studio) -> tuple[list[Commitment], list[Kept]]:
    """Every commitment, and how each side has kept to its word."""
    found = studio.commitments.all()
    return found, how_kept(found, ALL_SIDES, today())


def own_commitments(studio: Studio, person: Person) -> list[Commitment]:
    """The open commitments of the side for which somebody speaks."""
    side = SIDE_OF.get(person.role, "")
    return [one for one in studio.commitments.all() if side and one.open and one.side == side]


def make_commitment(studio: Studio, person: Person, words: str, due: str) -> str:
    """Says what one's own side will do, and by when; gives its key. Nobody speaks for the other side."""
    return studio.commitments.make(side_of(person.role), *promised(words, due, today()), person.key)


def move_commitment(
    studio: Studio, person: Person, key: str, act: str, words: str = "", due: str = "", reason: str = ""
) -> None:
    """Says that it is done, that it changes, or that it is let go. Raises `Refused`, `NotFound`."""
    side = side_of(person.role)

    def following(one: Commitment) -> tuple[Act, str, str, str]:
        if one.side != side:
            raise Refused(f"The {one.side} speak for themselves. Nothing was changed.")
        return next_step(one, act, words, due, reason, today())

    if all(one.key != key for one in studio.commitments.all()):
        raise NotFound("There is no such commitment.")
    studio.commitments.move(key, person.key, following)
