# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What Alembic runs: on the connection grants/schema.py gives, so that one place connects."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.types import TypeDecorator

import models
from models.search import known_to_models


def plain_type(kind: str, column_type: Any, _context: AutogenContext) -> str | Literal[False]:
    """A revision names the plain type, so that it stands whatever becomes of ours."""
    if kind == "type" and isinstance(column_type, TypeDecorator):
        return f"sa.{column_type.impl!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=models.Base.metadata,
    include_name=known_to_models,
    render_as_batch=True,
    render_item=plain_type,
    compare_type=True,
    transactional_ddl=True,
)
context.run_migrations()
