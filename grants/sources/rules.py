# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The rules of one source (config/sources.yaml), checked by the adapter that reads it."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from grants.errors import FaultKind, SourceError
from grants.sources.reading import SourceConfig

R = TypeVar("R", bound=BaseModel)


def rules_of(kind: type[R], source: SourceConfig) -> R:
    """The rules of a source as its adapter knows them; raises SourceError on one it does not."""
    try:
        return kind.model_validate(dict(source.rules))
    except ValidationError as error:
        first = error.errors()[0]
        sentence = f"The rules of this source are off: {'.'.join(map(str, first['loc']))}: {first['msg']}."
        raise SourceError(sentence, kind=FaultKind.MISSING) from error
