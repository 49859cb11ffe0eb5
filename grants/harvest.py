# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Harvest sources: read them, keep what came, and note every new, changed, unseen and returned call.

Reading happens outside any transaction, many sources at once. One thread keeps what they gave, all that came
since its last transaction in the next: nothing of ours fights over SQLite's single writer, commits are few.
A run may be repeated: what is known already changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from pydantic import SecretStr
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from config.specs import BY_HAND
from grants.errors import FaultKind, SourceError
from grants.reading import Answer, Question, readings
from grants.runs import Harvested, keep_answers, says_nothing
from grants.sources.reading import Fetch, SourceConfig, Validator
from models.session import Begin
from models.source import Source

NO_KEYS: Mapping[str, SecretStr] = {}
ASKED = select(
    Source.slug, Source.kind, Source.url, Source.language, Source.zone, Source.at_least, Source.organisation,
    Source.rules, Source.validators,
)  # fmt: skip


def due_sources(session: Session, *, now: datetime) -> list[str]:
    """Slugs of the sources that are on and due; what is kept by hand never is."""
    due = or_(Source.next_try_at.is_(None), Source.next_try_at <= now)
    read = select(Source.slug).where(Source.enabled, Source.kind.not_in(BY_HAND), due)
    return [*session.scalars(read.order_by(Source.slug))]


def portions(slugs: Sequence[str], size: int) -> list[list[str]]:
    """Dealt out in parts of at most this size, neighbours apart; all in one when it is 0."""
    count = -(-len(slugs) // size) if size else 1
    return [[*slugs[first::count]] for first in range(count)]


def harvest(  # noqa: PLR0913 - the parts of a run, each by name
    begin: Begin,
    slug: str,
    *,
    fetch: Fetch,
    now: datetime,
    accept_size: bool = False,
    keys: Mapping[str, SecretStr] = NO_KEYS,
) -> Harvested:
    """Read one source and keep what it says.

    Args:
        begin: opens a transaction; none is open while the source is read.
        slug: which source.
        fetch: fetches one request.
        now: the moment of the run.
        accept_size: a colleague looked: take a reading although its size jumped.
        keys: the secrets of sources that ask for one, by slug.

    Returns:
        What came of it; a source that failed is an outcome, not an exception.
    """
    (result,) = harvest_all(
        begin, [slug], fetch=fetch, now=now, at_once=1, accept_size=accept_size, keys=keys
    )  # fmt: skip
    return result


def harvest_all(  # noqa: PLR0913 - the parts of a run, each by name
    begin: Begin,
    slugs: Sequence[str],
    *,
    fetch: Fetch,
    now: datetime,
    at_once: int = 16,
    accept_size: bool = False,
    keys: Mapping[str, SecretStr] = NO_KEYS,
    told: Callable[[Harvested], object] = bool,
) -> list[Harvested]:
    """Read many sources; one that fails leaves the others untouched. See harvest.

    Args:
        begin: opens a transaction.
        slugs: which sources.
        fetch: fetches one request, from any thread.
        now: the moment of the run.
        at_once: how many are read at the same time.
        accept_size: a colleague looked: take readings although their size jumped.
        keys: the secrets of sources that ask for one, by slug.
        told: hears what came of each source, as it comes.

    Returns:
        What came of each, in the order asked.

    Raises:
        SourceError: one of them does not exist; nothing was read.
    """
    with begin() as session:
        questions = _questions(session, slugs, keys)
    results: dict[str, Harvested] = {}
    for answers in _quiet_last(readings(questions, fetch=fetch, at_once=at_once)):
        for result in keep_answers(begin, answers, now=now, accept_size=accept_size):
            results[result.source] = result
            told(result)
    return [results[question.source.slug] for question in questions]


def _quiet_last(groups: Iterable[Mapping[str, Answer]]) -> Iterator[Mapping[str, Answer]]:
    """The same answers, those without news together at the end, in one transaction."""
    quiet: dict[str, Answer] = {}
    for answers in groups:
        quiet |= {slug: answer for slug, answer in answers.items() if says_nothing(answer)}
        yield {slug: answer for slug, answer in answers.items() if slug not in quiet}
    yield quiet


def configured(
    session: Session, slug: str, *, keys: Mapping[str, SecretStr] = NO_KEYS
) -> tuple[SourceConfig, Mapping[str, Validator]]:
    """What one source's adapter may know; raises SourceError when there is no such source."""
    (question,) = _questions(session, [slug], keys)
    return question.source, question.known


def _questions(session: Session, slugs: Sequence[str], keys: Mapping[str, SecretStr]) -> list[Question]:
    """What each adapter may know: the source's settings, and what it last said of itself."""
    sources = {source.slug: source for source in session.execute(ASKED.where(Source.slug.in_(slugs)))}
    questions = []
    for slug in dict.fromkeys(slugs):
        if slug not in sources:
            sentence = f"There is no source called '{slug}'; manage.py sources lists them."
            raise SourceError(sentence, kind=FaultKind.MISSING)
        _, kind, url, language, zone, at_least, organisation, rules, validators = sources[slug]
        rules = {"at_least": at_least, "organisation": organisation} | rules
        secret = keys[slug].get_secret_value() if slug in keys else ""
        known = {address: Validator(**facts) for address, facts in validators.items()}
        questions.append(Question(SourceConfig(slug, kind, url, language, zone, rules, secret), known))
    return questions
