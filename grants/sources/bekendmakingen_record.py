# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""One official announcement -> one Entry: what the feed tells, and what its text adds."""

from dataclasses import asdict, replace
from html import escape
from urllib.parse import urlsplit

from grants.sources import dates
from grants.sources.bekendmakingen_facts import (
    CEILING,
    OPENING,
    amended,
    ceilings,
    kind_of,
    status_of,
    without,
)
from grants.sources.bekendmakingen_windows import Window, scheme_year, windows
from grants.sources.clean import one_line, plain_text, web_address
from grants.sources.feed import Item
from grants.sources.reading import Entry, SourceConfig
from models.values import Due

TOLD_BY_TEXT = frozenset({"body", "kind", "stated_status", "opens_on", "deadlines", "budget", "extra"})


def announced(source: SourceConfig, item: Item) -> Entry:
    """What the feed tells: number and body are in the title, the real title is the description."""
    url = web_address(item.link)
    number, _, organisation = one_line(item.title).partition(" : ")
    bare = Entry(
        key=urlsplit(url).path.rstrip("/").rpartition("/")[2].removesuffix(".html")[:300],
        identifier=number,
        title=one_line(item.summary),
        url=url,
        language=source.language,
        organisation=organisation,
        published_at=dates.instant(item.published, source.zone),
        extra={"categories": [one_line(one) for one in item.categories], "published": item.published},
    )
    return replace(understood(bare, "", zone=source.zone), untold=TOLD_BY_TEXT)


def understood(entry: Entry, body: str, *, zone: str) -> Entry:
    """The entry with what its title and its text (cleaned HTML) say about applying; dates are in `zone`."""
    text = plain_text(body)
    changes = amended(text)
    holds = f"{entry.title}\n{without(text, changes)}"
    found = _windows(entry, holds, zone)
    kind = kind_of(entry.title, text, changes=bool(changes), window=bool(found))
    caps = ceilings(holds)
    facts = {
        "changes": [asdict(one) for one in changes],
        "windows": [one.words for one in found],
        "ceilings": [str(amount) for amount in caps],
    }
    return replace(
        entry,
        body="".join(f"<p><strong>{escape(one.sentence)}</strong></p>" for one in changes) + body,
        kind=kind or "notice",
        stated_status=status_of(kind, holds),
        opens_on=min((one.opens for one in found if one.opens), default=None),
        deadlines=_deadlines(found),
        budget=caps[0] if len(caps) == 1 else None,
        untold=frozenset(),
        extra={**entry.extra, **{name: said for name, said in facts.items() if said}},
    )


def _windows(entry: Entry, text: str, zone: str) -> list[Window]:
    published = dates.local_day(str(entry.extra["published"]), zone)
    by_title = kind_of(entry.title, "", changes=False, window=False)
    return windows(
        text, zone=zone, year=scheme_year(entry.title, published), not_before=published,
        asked=by_title in {OPENING, CEILING},
    )  # fmt: skip


def _deadlines(found: list[Window]) -> tuple[Due, ...]:
    dues = [one.due for one in found if one.due]
    if len(dues) < 2:  # noqa: PLR2004 - the only one needs no label
        return tuple(dues)
    return tuple(replace(one, stage=f"tijdvak {number}") for number, one in enumerate(dues, 1))
