# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Secrets that stand in addresses are kept out of the log of requests."""

import logging
import re
from typing import Final

SECRET: Final = re.compile(r"(/(?:calendar|invitation|unsubscribe)/)[^\s/?\"]+")


def masked(text: str) -> str:
    """An address without its secret."""
    return SECRET.sub(r"\1…", text)


def mask(record: logging.LogRecord) -> bool:
    """Take secrets out of a line that is about to be logged; every line stays."""
    if isinstance(record.args, tuple):
        record.args = tuple(masked(one) if isinstance(one, str) else one for one in record.args)
    return True


def keep_secrets() -> None:
    """From now on, in the log of uvicorn, which writes down every address that is asked for."""
    logging.getLogger("uvicorn.access").addFilter(mask)
