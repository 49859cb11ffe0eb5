# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The contract between a source adapter and the harvest.

An adapter is `read(source, *, fetch, known) -> Reading`: it fetches, it understands, it decides nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Protocol

from grants.sources.clean import words_of
from models.values import CallStatus, Completeness, Due


@dataclass(frozen=True, slots=True)
class Entry:
    """One call as one source tells it.

    Args:
        key: the source's own stable id; (source, key) is the call's identity.
        identifier: what people quote ("HORIZON-CL5-2026-09-D4-03"); may change under a stable key.
        title: plain text, one line, entities resolved.
        url: where a colleague reads on; http(s) only.
        body: cleaned HTML (clean.clean_html); empty when the source gives none.
        text: the words of the body; made here, by whoever reads, so that keeping is quick.
        language: ISO 639-1 of title and body.
        organisation: who publishes or pays, in the source's words.
        programme: the funding programme, in the source's words.
        kind: the sort of call in the source's words ("topic", "cascade", "external aid", "notice").
        stated_status: what the source says; None when it says nothing usable.
        opens_on: local date of opening.
        published_at: aware UTC instant of publication; None when the source gives none.
        deadlines: none, one or many, in the source's order.
        rolling: open without a closing date, by the source's own word.
        budget: euros for this call's own line; None when unknown.
        budget_shared_by: how many calls repeat the same pot (1: its own).
        minimum, maximum: euros per grant.
        expected_grants: number of grants the source expects to give.
        parent: identifier of the umbrella call, if any.
        untold: names of facts this entry does not tell ("body", "deadlines"): what is known of them stays.
        extra: further facts kept as they came (JSON-able), never compared.
    """

    key: str
    title: str
    url: str
    identifier: str = ""
    body: str = ""
    text: str = field(init=False, compare=False)
    language: str = "en"
    organisation: str = ""
    programme: str = ""
    kind: str = ""
    stated_status: CallStatus | None = None
    opens_on: date | None = None
    published_at: datetime | None = None
    deadlines: tuple[Due, ...] = ()
    rolling: bool = False
    budget: Decimal | None = None
    budget_shared_by: int = 1
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    expected_grants: int | None = None
    parent: str = ""
    untold: frozenset[str] = frozenset()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", words_of(self.body))


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request.

    Args:
        url: where.
        method: GET or POST.
        headers: names as sent.
        files: become multipart FILE parts: name -> (filename, bytes, content type).
        body: the body of a POST without files.
        large: the answer may be as large and slow as a bulk file; it comes as Response.file, not as body.
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[str, bytes, str]] = field(default_factory=dict)
    body: bytes | None = None
    large: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """One whole HTTP answer: read to its end, decompressed, within the size cap.

    The answer to a `large` request has an empty body and its bytes in `file`, a temporary file at its start,
    which is gone when it is closed.
    """

    url: str  # after redirects
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    file: IO[bytes] | None = None


Fetch = Callable[[Request], Response]
"""Fetch one request; raises SourceError. 200 and 304 come back, every other status is raised."""


@dataclass(frozen=True, slots=True)
class Validator:
    """What the last answer of one address said about itself, for a conditional GET.

    Args:
        etag, last_modified: as the headers gave them.
        sha256: of the body.
        mark: the adapter's own note, for its next reading.
    """

    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Payload:
    """One raw answer, kept by hash."""

    url: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """A watched region of a web page: its title and its plain text, a line a block."""

    url: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one adapter saw in one run."""

    completeness: Completeness
    entries: tuple[Entry, ...] = ()
    warnings: tuple[str, ...] = ()  # English sentences for a colleague
    payloads: tuple[Payload, ...] = ()
    reported_total: int | None = None  # how many the source itself says there are
    validators: Mapping[str, Validator] = field(
        default_factory=dict
    )  # by request URL, or by what a mark is of
    pages: tuple[Page, ...] = ()  # watched; one whose text differs from the last asks for a look
    window: bool = False  # shows only the newest: what falls off is no absence


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """What an adapter may know of its source, free of the database.

    Args:
        slug: the source's short name.
        kind: which adapter reads it.
        url: the address to read.
        language: ISO 639-1 of what it publishes.
        zone: IANA name: the zone of dates that name none.
        rules: per-source rules from config/sources.yaml, checked by the adapter.
        secret: the source's key (PIJPLIJN_SOURCE_KEYS); never kept, logged or captured.
    """

    slug: str
    kind: str
    url: str
    language: str
    zone: str
    rules: Mapping[str, Any] = field(default_factory=dict)
    secret: str = field(default="", repr=False)


class Adapter(Protocol):
    """Reads one source. `known` holds the validators of the last good reading, by URL."""

    def __call__(self, source: SourceConfig, *, fetch: Fetch, known: Mapping[str, Validator]) -> Reading:
        """One reading; raises SourceError when there is none."""
        ...
