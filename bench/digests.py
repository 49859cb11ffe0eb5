# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""How many digests are put in words a second: `python -m bench digests [--rounds N] [--readers N]`.

Each letter, HTML and plain part, tells 25 to 40 calls of an office's 120, in one of three languages. Readers
of a run share what is put in words, as when it is written: each run begins with nothing. The floor is Jinja2
alone: the same words, ready as text, in the barest template of both parts, with escaping. "each alone" is our
letter with nothing kept from one reader to the next. What is counted is the processor's time.
"""

import gc
import random
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from jinja2 import Environment
from rich.console import Console
from rich.table import Table

from bench.feeds import SEED, sentence
from config.settings import Settings
from grants.digest.facts import DigestFacts
from grants.digest.lines import Line, line_of
from grants.digest.news import News, Why
from grants.digest.own import Decisions
from grants.digest.pool import Pool
from grants.digest.write import render
from grants.looks import Waiting
from grants.queries import Group, SourceHealth, SourceState
from grants.rendering import passages
from models.call import Call, Deadline
from models.colleague import Colleague
from models.match import Match
from models.office import Office
from models.source import Source
from models.theme import Theme
from models.values import Basis

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
CALLS, SOURCES = 120, 12
TARGET = 1000  # letters a second
SETTINGS = Settings()
BARE_HTML = """<html lang="{{ language }}"><body><h1>{{ title }}</h1>{% for one in calls %}
<h3><a href="{{ one.url }}">{{ one.title }}</a></h3><p><strong>{{ one.due }}</strong></p>
<p>{{ one.themes }}</p><ul>{% for why in one.reasons %}<li>{{ why }}</li>{% endfor %}</ul>{% endfor %}
<ul>{% for one in sources %}<li>{{ one }}</li>{% endfor %}</ul></body></html>"""
BARE_TEXT = """{{ title }}
{% for one in calls %}
* {{ one.title }}
  {{ one.due }}
  {{ one.themes }}
{% for why in one.reasons %}  - {{ why }}
{% endfor %}
  {{ one.url }}
{% endfor %}{% for one in sources %}* {{ one }}
{% endfor %}"""


@dataclass(frozen=True, slots=True)
class Reader:
    """One letter to write: to whom, of which calls."""

    colleague: Colleague
    told: DigestFacts


def line(dice: random.Random, number: int) -> Line:
    """A matched call with two themes and the words that say why."""
    text = " ".join(sentence(dice) for _ in range(6))
    call = Call(
        id=number, title=sentence(dice)[:90], language=dice.choice(("nl", "de", "en")), text=text,
        source=Source(name="EU Funding & Tenders"), first_seen_at=NOW, text_version=1, rolling=False,
        facts=[],
        all_deadlines=[Deadline(
            on=date(2026, 12, 1) + timedelta(days=number), zone="Europe/Brussels", basis=Basis.STATED,
            stage="", text="",
        )],
    )  # fmt: skip
    matches = [
        Match(
            id=number * 2 + at, call_id=number, call=call, theme_id=at, score=Decimal("0.7"), band="strong",
            reasons=[], first_matched_at=NOW, text_version=1,
            theme=Theme(id=at, slug="t", name={one: sentence(dice)[:30] for one in ("nl", "de", "en")}),
        )
        for at in (0, 1)
    ]  # fmt: skip
    made = line_of(Group((call,)), matches, NOW.date())
    reasons = tuple(passages(text, [(20, 32), (180, 190)], most=3))
    return Line(
        made.group,
        made.found,
        made.matches,
        made.deadline,
        made.dates,
        made.first,
        made.mark,
        ((0, 7),),
        reasons,
    )


def health(number: int) -> SourceHealth:
    """A source that was read well."""
    blank = dict.fromkeys(("seen", "new", "changed", "unseen", "failures"), 0)
    return SourceHealth(
        slug=f"s{number}", name=f"Bron {number}", url="", by_hand=False, state=SourceState.GOOD,
        overdue=False, every_hours=24, last_run_at=NOW, outcome=None, warnings=(), error="",
        fault="", last_success_at=NOW, next_try_at=None, drifts=(), **blank,
    )  # fmt: skip


def readers(lines: Sequence[Line], sources: tuple[SourceHealth, ...], count: int) -> list[Reader]:
    """Colleagues with letters of 25 to 40 calls each."""
    dice = random.Random(SEED)  # noqa: S311 - made-up letters, no secret
    office = Office(slug="enschede", name="Gemeente Enschede", digest_weekday=1)
    made = []
    for number in range(count):
        chosen = tuple(dice.sample(lines, dice.randint(25, 40)))
        counts = {"followed": 0, "new": len(chosen) - 5, "changed": 0, "closing": 5, "decide": 0}
        told = News((), chosen[5:], (), chosen[:5], (), (), counts, {Why.BELOW: 40, Why.CLOSED: 3})
        one = Colleague(
            id=number, name="Noor de Vries", language=("nl", "de", "en")[number % 3], office=office
        )
        nothing = (Decisions(frozenset(), (), ()), (), Waiting((), 0))
        made.append(Reader(one, DigestFacts(
            daily=False, week="2026-W48", since=NOW, news=told, decisions=nothing[0], mentions=(),
            applications=nothing[1], looks=nothing[2], sources=sources, read=SOURCES, red=0, off=(),
        )))  # fmt: skip
    return made


def floor(everyone: Sequence[Reader]) -> Callable[[Reader], object]:
    """Jinja2 alone, with every word ready."""
    html = Environment(autoescape=True).from_string(BARE_HTML)
    text = Environment(autoescape=False).from_string(BARE_TEXT)  # noqa: S701 - plain text
    ready: dict[int, dict[str, Any]] = {}
    for one in everyone:
        news = one.told.news
        calls = [
            {
                "url": f"http://localhost:8000/calls/{line.call.id}", "title": line.call.title,
                "due": "nog 21 dagen, dinsdag 15 december 2026 (tijd onbekend)",
                "themes": "; ".join(f"{match.theme.name['nl']} (sterk)" for match in line.matches),
                "reasons": [why.text for why in line.reasons],
            }
            for line in (*news.new, *news.closing)
        ]  # fmt: skip
        sources = [
            f"{source.name}: laatst goed gelezen op dinsdag 24 november" for source in one.told.sources
        ]
        ready[one.colleague.id] = {"title": "2026-W48", "language": "nl", "calls": calls, "sources": sources}

    def write(one: Reader) -> object:
        facts = ready[one.colleague.id]
        return html.render(facts), text.render(facts)

    return write


def ours(
    lines: Sequence[Line], sources: tuple[SourceHealth, ...], *, share: int
) -> Callable[[Reader], object]:
    """The letter as it is posted; so many readers share what was put in words."""
    pools: list[Pool] = []

    def write(one: Reader) -> object:
        if one.colleague.id % share == 0:
            pools[:] = [Pool(tuple(lines), Waiting((), 0), sources, {})]
        return render(one.told, one.colleague, pools[0], now=NOW, settings=SETTINGS)

    return write


def per_second(write: Callable[[Reader], object], everyone: Sequence[Reader]) -> float:
    """Letters a second of the processor's time."""
    gc.collect()
    started = time.process_time()
    for one in everyone:
        write(one)
    return len(everyone) / (time.process_time() - started)


def main() -> int:
    """Print the table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--readers", type=int, default=1000)
    asked = parser.parse_args()
    dice = random.Random(SEED)  # noqa: S311 - made-up texts, no secret
    lines = [line(dice, number) for number in range(1, CALLS + 1)]
    sources = tuple(health(number) for number in range(SOURCES))
    everyone = readers(lines, sources, asked.readers)
    ways = {
        "Jinja2 alone": floor(everyone),
        "ours, each alone": ours(lines, sources, share=1),
        "ours": ours(lines, sources, share=asked.readers),
    }
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(asked.rounds + 1):
        for name, write in ways.items():
            found[name].append(per_second(write, everyone))
    speed = {name: median(rates[1:]) for name, rates in found.items()}  # the first round warms up
    table = Table("way", "letters a second", "beside Jinja2 alone")
    table.title = (
        f"Digests of 25 to 40 calls, HTML and text, to {asked.readers} readers (target: {TARGET:,} a second)"
    )
    for name, rate in speed.items():
        reached = "" if rate >= TARGET or name != "ours" else " NOT reached"
        table.add_row(name, f"{rate:,.0f}{reached}", f"{rate / speed['Jinja2 alone']:.2f}×")
    Console(width=120).print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
