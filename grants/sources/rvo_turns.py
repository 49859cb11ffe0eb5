# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Whose turn it is: which of RVO's schemes have their own page read this run, and what is remembered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from grants.errors import FaultKind, SourceError
from grants.sources.conditional import validator_of, with_validator
from grants.sources.reading import Entry, Fetch, Payload, Request, SourceConfig, Validator
from grants.sources.rvo_page import Told, told
from models.values import Basis

ON_PAGE = frozenset({"body", "stated_status", "deadlines"})  # what the list itself does not tell
NEVER = Validator()
TROUBLES = 3  # no answers after which the server is left in peace
NAMED = 5  # how many schemes a warning names


@dataclass(slots=True)
class Turns:
    """The pages of one run; `known` is what the runs before remembered."""

    source: SourceConfig
    fetch: Fetch
    known: Mapping[str, Validator]
    most: int  # pages in one run
    validators: dict[str, Validator] = field(default_factory=dict)
    payloads: list[Payload] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unlabelled: list[str] = field(default_factory=list)  # titles
    troubles: int = 0

    def read(self, entries: Iterable[Entry]) -> list[Entry]:
        """The entries, some with what their own page tells; of the others that stays as it was."""
        listed = list(entries)
        turn = self._order(listed)
        found = {entry.key: self._untouched(entry) for entry in listed}
        for entry in turn[: self.most]:
            try:
                found[entry.key] = self._from_page(entry)
            except SourceError as error:
                self._missed(entry, error)
            if self.troubles == TROUBLES:
                break
        self._say_what_is_left(listed)
        return list(found.values())

    def _order(self, entries: list[Entry]) -> list[Entry]:
        """New and changed ones first; then the others, from where the last run stopped and round again."""
        fresh = [entry for entry in entries if self._changed(entry)]
        others = sorted((entry for entry in entries if not self._changed(entry)), key=lambda one: one.key)
        stopped = self.known.get(self.source.url, NEVER).mark
        ahead = [entry for entry in others if entry.key > stopped]
        return [*fresh, *ahead, *others[: len(others) - len(ahead)]]

    def _changed(self, entry: Entry) -> bool:
        return self.known.get(entry.url, NEVER).mark != _mark(entry)

    def _untouched(self, entry: Entry) -> Entry:
        """Of a page that was read before we know what it said."""
        return replace(entry, untold=ON_PAGE) if self._is_read(entry) else entry

    def _is_read(self, entry: Entry) -> bool:
        return self.known.get(entry.url, NEVER).mark.startswith(f"{entry.key} ")

    def _from_page(self, entry: Entry) -> Entry:
        """What the scheme's own page tells, asked only for news when nothing says that it changed."""
        changed = self._changed(entry)
        before = None if changed else self.known[entry.url]
        answer = self.fetch(with_validator(Request(entry.url), before))
        if before is not None and answer.status == 304:  # noqa: PLR2004 - not modified
            self._remember(entry, before)
            return self._untouched(entry)
        self.payloads.append(Payload(entry.url, answer.headers.get("content-type", ""), answer.body))
        page = told(answer, self.source.zone)
        self._remember(entry, validator_of(answer))
        self._note(entry, page)
        return replace(
            entry, stated_status=page.status, body=page.body or entry.body, deadlines=page.deadlines
        )

    def _missed(self, entry: Entry, error: SourceError) -> None:
        """One that fails costs only itself; what may go well tomorrow is not remembered as read."""
        self.warnings.append(f"The page of '{entry.title}' could not be read: {error}")
        self.troubles += error.kind in {FaultKind.NETWORK, FaultKind.BUSY}
        if not error.temporary:
            self._remember(entry, self.known.get(entry.url, NEVER))

    def _remember(self, entry: Entry, said: Validator) -> None:
        """What was read, and for the list where its turn stopped."""
        if not self._changed(entry):
            self.validators[self.source.url] = Validator(mark=entry.key)
        self.validators[entry.url] = replace(said, mark=_mark(entry))

    def _note(self, entry: Entry, page: Told) -> None:
        if page.status is None:
            self.unlabelled.append(entry.title)
        self.warnings += [
            f"The closing date of '{entry.title}' could not be read: {one.text}."
            for one in page.deadlines
            if one.basis is Basis.UNKNOWN
        ]

    def _say_what_is_left(self, entries: list[Entry]) -> None:
        if self.unlabelled:
            names = ", ".join(self.unlabelled[:NAMED]) + (", …" if len(self.unlabelled) > NAMED else "")
            many = len(self.unlabelled)
            self.warnings.append(f"{many} pages have no label that says whether a scheme is open: {names}.")
        left = sum(1 for one in entries if self._changed(one) and one.url not in self.validators)
        if left:
            self.warnings.append(f"The pages of {left} new or changed schemes are left for the next reading.")

    def remembered(self, entries: Iterable[Entry], *, whole: bool) -> dict[str, Validator]:
        """What the next run needs; a scheme that left the whole list is forgotten."""
        listed = {entry.url for entry in entries} | {self.source.url}
        kept = {url: one for url, one in self.known.items() if url in listed or not whole}
        return kept | self.validators


def _mark(entry: Entry) -> str:
    """Which scheme's page this was, and of when."""
    return f"{entry.key} {entry.extra['changed']}"
