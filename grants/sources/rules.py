# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The rules of one source (config/sources.yaml), checked by the adapter that reads it."""

import re
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from grants.errors import FaultKind, SourceError
from grants.sources.reading import SourceConfig

R = TypeVar("R", bound=BaseModel)


class Rules(BaseModel):
    """What the harvest tells every adapter; an adapter adds its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at_least: int = 0  # for the health page
    organisation: str = ""  # the source's own, for entries that name none


def rules_of(kind: type[R], source: SourceConfig) -> R:
    """The rules of a source as its adapter knows them; raises SourceError on one it does not."""
    try:
        return kind.model_validate(dict(source.rules))
    except ValidationError as error:
        first = error.errors()[0]
        place, said = ".".join(map(str, first["loc"])), first["msg"].removeprefix("Value error, ")
        sentence = f"The rules of this source are off: {place}: {said}."
        raise SourceError(sentence, kind=FaultKind.MISSING) from error


def expression(pattern: str, *, group: str) -> str:
    """A regular expression with that group, or nothing; raises ValueError with a sentence."""
    try:
        named = re.compile(pattern).groupindex
    except re.error as error:
        sentence = f"'{pattern}' is no regular expression ({error})"
        raise ValueError(sentence) from error
    if pattern and group not in named:
        sentence = f"'{pattern}' has no group (?P<{group}>…)"
        raise ValueError(sentence)
    return pattern
