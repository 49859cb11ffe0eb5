# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A colleague chooses when their digest comes and what of; each change is kept, and can be put back."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from grants import auditing, people
from grants.errors import MissingError, PijplijnError
from grants.wording import LANGUAGES
from models.call import Call
from models.colleague import Colleague, Rhythm
from models.theme import Theme

MOST: Final = 30  # programmes
LONGEST: Final = 100  # characters of one


class ChoiceError(PijplijnError):
    """A choice that cannot be kept; `field` says which."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Choice:
    """When a digest comes and what of.

    Args:
        rhythm: weekly, daily or never.
        weekday: 1 is Monday; None: the office's.
        hour: in Amsterdam.
        themes: numbers of themes; none: all.
        programmes: words in the names of programmes; none: all.
        language: of everything a colleague reads.
    """

    rhythm: Rhythm
    weekday: int | None
    hour: int
    themes: tuple[int, ...]
    programmes: tuple[str, ...]
    language: str


def choose(session: Session, me: Colleague, choice: Choice, *, now: datetime) -> None:
    """Keep a colleague's own choice.

    Raises:
        ChoiceError: a day, an hour, a theme, a programme or a language that cannot be.
    """
    _check(session, me, choice)
    facts = {name: value for name, value in asdict(choice).items() if name != "language"}
    facts |= {"themes": sorted(choice.themes), "programmes": list(choice.programmes)}
    kept = {f"digest_{name}": value for name, value in facts.items()}
    people.change(session, me, by=me, now=now, language=choice.language, **kept)


def _check(session: Session, me: Colleague, choice: Choice) -> None:
    ours = set(session.scalars(select(Theme.id).where(Theme.office_id == me.office_id)))
    wrong = {
        "weekday": choice.weekday is not None and not 1 <= choice.weekday <= 7,  # noqa: PLR2004 - of a week
        "hour": not 0 <= choice.hour <= 23,  # noqa: PLR2004 - of a day
        "themes": not ours.issuperset(choice.themes),
        "programmes": len(choice.programmes) > MOST or any(len(one) > LONGEST for one in choice.programmes),
        "language": choice.language not in LANGUAGES,
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise ChoiceError(f"This cannot be the {field} of a digest.", field)


def choosable(session: Session, me: Colleague) -> list[Theme]:
    """The office's themes that are on, and those this colleague chose before they were switched off."""
    ours = (Theme.office_id == me.office_id, or_(Theme.enabled, Theme.id.in_(me.digest_themes)))
    return list(session.scalars(select(Theme).where(*ours).order_by(Theme.slug)))


def known_programmes(session: Session, names: Iterable[str]) -> dict[str, int]:
    """By chosen words: how many calls are of a programme with these in its name."""
    chosen = tuple(names)
    named = [Call.programme.icontains(name, autoescape=True) for name in chosen]
    counts = [func.count(Call.id).filter(one) for one in named]
    row = session.execute(select(*counts)).one() if counts else ()
    return dict(zip(chosen, row, strict=True))


def subscribed(session: Session, whose: tuple[int, str] | None) -> Colleague:
    """Whose digest a link is about, by number and mark. Raises MissingError when nobody's."""
    found = session.get(Colleague, whose[0]) if whose else None
    if found is None or not found.active or (found.id, found.mark) != whose:
        raise MissingError("This link is nobody's.")
    return found


def switch(session: Session, colleague: Colleague, rhythm: Rhythm, *, now: datetime) -> Rhythm:
    """Switch a digest off, or on again, by its link; returns what it was."""
    before = colleague.digest_rhythm
    if before != rhythm:
        colleague.digest_rhythm = rhythm
        auditing.note(
            session, at=now, actor=colleague.email, subject="colleague", subject_id=colleague.id,
            action="unsubscribed" if rhythm == Rhythm.NEVER else "subscribed", office_id=colleague.office_id,
            facts={"digest_rhythm": [before, rhythm]},
        )  # fmt: skip
    return before
