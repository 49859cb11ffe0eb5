# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The adapter for the Förderdatenbank: the whole database as a ZIP of XML, once a day.

Its pages are shut to machines, the export is open. Of some 10,000 documents those are taken over that a
municipality in our region may use, with the documents they link to.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO

from pydantic import BaseModel, ConfigDict

from grants.errors import FaultKind, SourceError
from grants.sources.conditional import unchanged, validator_of, with_validator
from grants.sources.documents import document
from grants.sources.foerderdatenbank_archive import Archive, opened, packed
from grants.sources.foerderdatenbank_record import PROGRAMMES, Document, label_in, properties, understand
from grants.sources.reading import Entry, Fetch, Payload, Reading, Request, Response, SourceConfig, Validator
from grants.sources.rules import rules_of
from models.values import Completeness

LABELS = "_config/ResourceBundleEntries/Labels/FDB/"
NAMED = 5  # how many documents a warning names


class Rules(BaseModel):
    """Which programmes are taken over: those with one code of each list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at_least: int = 0  # for the health page
    organisation: str = ""  # for the health page; a programme names its own
    beneficiaries: tuple[str, ...] = ("kommune",)
    areas: tuple[str, ...] = ("_bundesweit", "nordrhein_westfalen", "de_ni")


@dataclass(slots=True)
class _Export:
    """The export as documents; `taken` are those the entries were made of."""

    archive: Archive
    labelled: Mapping[str, str]  # "<code>.xml" -> where in the export the label document of that code is
    taken: dict[str, bytes] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether every programme was read; a page or a name that one links to may be missing."""
        return not any(path.startswith(PROGRAMMES) for path in self.unreadable)

    def find(self, path: str) -> Document | None:
        """A document another one links to, by its path without ".xml"; it is taken over with it."""
        return self._taken(f"{path}.xml", lambda _: True)

    def label(self, code: str) -> str:
        """What people call a code; the code itself when nobody says."""
        if code not in self.labels:
            named = self._taken(self.labelled.get(f"{code}.xml", ""), lambda _: True)
            self.labels[code] = (label_in(named) if named else "") or code
        return self.labels[code]

    def programmes(self, rules: Rules) -> Iterator[tuple[str, Document]]:
        """Those a municipality in our region may use, in the order of their paths."""
        paths = [path for path in self.archive.members if path.startswith(PROGRAMMES)]
        if not paths:
            sentence = "The export holds no programmes where they have always been."
            raise SourceError(sentence, kind=FaultKind.BROKEN)
        for path in sorted(paths):
            programme = self._taken(path, lambda one: _wanted(one, rules))
            if programme:
                yield path, programme

    def _taken(self, path: str, wanted: Callable[[Document], bool]) -> Document | None:
        """One document when it is wanted; what is there and is no XML is noted."""
        body = self.archive.read(path)
        root = None if body is None else document(body)
        if body is None or root is None:
            self.unreadable += [path] if path in self.archive.members else []
            return None
        said = properties(root)
        if not wanted(said):
            return None
        self.taken[path] = body
        return said


def read(source: SourceConfig, *, fetch: Fetch, known: Mapping[str, Validator]) -> Reading:
    """The programmes of one export; see reading.Adapter. Raises SourceError."""
    rules = rules_of(Rules, source)
    before = known.get(source.url)
    answer = fetch(with_validator(Request(source.url, large=True), before))
    with answer.file or BytesIO(answer.body) as file:
        validator = validator_of(answer)
        if unchanged(answer, validator, before):
            return Reading(Completeness.UNCHANGED, validators=dict(known))
        _refuse_what_is_no_archive(answer, file)
        archive = opened(file)
        labelled = {path.rpartition("/")[2]: path for path in archive.members if LABELS in path}
        export = _Export(archive, labelled)
        entries, warnings = _entries(rules, export)
    return Reading(
        Completeness.COMPLETE if export.whole else Completeness.PARTIAL,
        tuple(entries),
        (*warnings, *_oddities(export)),
        (Payload(source.url, "application/zip", packed(export.taken)),),
        validators={source.url: validator},
    )


def _refuse_what_is_no_archive(answer: Response, file: IO[bytes]) -> None:
    """Some days the export's address leads to the home page."""
    start = file.read(512)
    file.seek(0)
    if start.startswith(b"PK"):
        return
    page = b"<html" in start.lower() or b"<!doctype html" in start.lower()
    what = "a web page" if page else "something that is no ZIP archive"
    sentence = f"The export's address gives {what} ({answer.url}); some days it leads to the home page."
    raise SourceError(sentence, kind=FaultKind.BROKEN)


def _entries(rules: Rules, export: _Export) -> tuple[list[Entry], list[str]]:
    entries, warnings = [], []
    for path, programme in export.programmes(rules):
        entry = understand(path, programme, find=export.find, label=export.label)
        if entry.title:
            entries.append(entry)
        else:
            warnings.append(f"A programme without a title was left out: {path[:200]}.")
    return entries, warnings


def _wanted(programme: Document, rules: Rules) -> bool:
    hidden = programme.facts.get("gsb:shouldNotBeIndexed") == "1"
    users, areas = set(programme.codes("Foerderberechtigte")), set(programme.codes("Foerdergebiet"))
    return not hidden and not users.isdisjoint(rules.beneficiaries) and not areas.isdisjoint(rules.areas)


def _oddities(export: _Export) -> Iterator[str]:
    if export.unreadable:
        odd = list(dict.fromkeys(export.unreadable))
        names = ", ".join(odd[:NAMED]) + (", …" if len(odd) > NAMED else "")
        yield f"{len(odd)} documents of the export could not be read, the others were: {names}."
    if export.archive.outside:
        yield f"{export.archive.outside} documents have a path out of the archive, and were not read."
