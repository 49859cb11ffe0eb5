# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What is logged, as a line of JSON or of text, and what never is: mail addresses, tokens, secrets, rows.

What is ours says nothing of the kind; the words of others (a traceback, a mail server, a database) are
scrubbed as they are written, whatever logged them.
"""

import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from logging import Formatter, LogRecord
from time import gmtime
from typing import Any, Final, TextIO
from urllib.parse import quote, unquote, urlsplit

from pydantic import SecretStr
from pythonjsonlogger.json import JsonFormatter

from config.settings import Settings, settings

GONE: Final = "…"
PATHS: Final = re.compile(r"(/(?:calendar|invitation|unsubscribe)/)[^\s/?'\"<>]+")
TELLING: Final = "(?:__Host-)?sid|password|passwd|token|secret|api_?key"  # what follows is one
RULES: Final = (
    # A password in an address, what is asked of an address, and the secrets that are a path of ours.
    (re.compile(r"(\b[a-z][a-z0-9+.-]{0,20}://)[^\s/@'\"]*@"), rf"\1{GONE}@"),
    (re.compile(r"(\b[a-z][a-z0-9+.-]{0,20}://[^\s?'\"<>]{1,2000}\?)[^\s'\"<>]+"), rf"\1{GONE}"),
    (PATHS, rf"\1{GONE}"),
    (re.compile(r"[^\s@<>()\[\]:;,'\"/\\=]{1,64}@[^\s@<>()\[\]:;,'\"/\\=]{1,255}"), GONE),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]+", re.IGNORECASE), rf"\1 {GONE}"),
    (re.compile(rf"(?i)\b({TELLING})(['\"]?\s*[=:]\s*)\S+"), rf"\1\2{GONE}"),
    # What looks like a token: long, in small letters, capitals and figures.
    (re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{24,}(?![\w-])"), GONE),
    # PostgreSQL quotes rows in its details, SQLAlchemy in its parameters.
    (re.compile(r"\b((?:DETAIL|CONTEXT|QUERY):)[^\n]*"), rf"\1 {GONE}"),
    (re.compile(r"\[parameters: .*", re.DOTALL), f"[parameters: {GONE}]"),
)  # fmt: skip
SHORTEST: Final = 6  # a secret of fewer letters would blacken ordinary words
FIELDS: Final = ("asctime", "levelname", "name", "message")
NAMES: Final = {"asctime": "at", "levelname": "level", "name": "logger"}
OTHERS: Final = ("uvicorn", "uvicorn.error", "uvicorn.access")


def scrubbed(text: str, secrets: Iterable[str] = ()) -> str:
    """A text without mail addresses, tokens, rows of the database, and these secrets."""
    for secret in secrets:
        text = text.replace(secret, GONE)
    for pattern, left in RULES:
        text = pattern.sub(left, text)
    return text


def without_secret_paths(text: str) -> str:
    """A text in which addresses of ours that act for whoever has them are cut short."""
    return PATHS.sub(rf"\1{GONE}", text)


def known_secrets(own: Settings) -> tuple[str, ...]:
    """The secrets among the settings, as they stand and as an address has them; the longest first."""
    found = {one for _, value in own for one in _secrets(value)} | {*own.alert_urls}
    forms = {form for one in found for form in (one, unquote(one), quote(one, safe=""))}
    return tuple(sorted((one for one in forms if len(one) >= SHORTEST), key=len, reverse=True))


def _secrets(value: object) -> Iterator[str]:
    if isinstance(value, SecretStr):
        yield from (value.get_secret_value(), *_secrets(value.get_secret_value()))
    elif isinstance(value, Mapping):
        yield from (one for each in value.values() for one in _secrets(each))
    elif isinstance(value, str) and "://" in value:
        yield urlsplit(value).password or ""


class JsonLine(JsonFormatter):
    """A record as one line of JSON."""

    def __init__(self) -> None:
        super().__init__(FIELDS, rename_fields=NAMES, json_ensure_ascii=False)
        self.secrets, self.converter = known_secrets(settings()), gmtime
        self.default_time_format, self.default_msec_format = "%Y-%m-%dT%H:%M:%S", "%s.%03dZ"

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Scrub each value, once the message is put together."""
        log_data.pop("color_message", None)  # uvicorn says it twice
        said = super().process_log_record(log_data).items()
        return {
            name: value if _is_plain(value) else scrubbed(str(value), self.secrets) for name, value in said
        }


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, bool | int | float)


class TextLine(Formatter):
    """A record as text."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self.secrets = known_secrets(settings())

    def format(self, record: LogRecord) -> str:
        """All of it scrubbed, the traceback too."""
        return scrubbed(super().format(record), self.secrets)


class _Aloud(logging.StreamHandler[TextIO]):
    """To standard error, whichever that is by then."""

    def emit(self, record: LogRecord) -> None:
        """One record."""
        self.stream = sys.stderr
        super().emit(record)


def line() -> Formatter:
    """How this machine writes its log (PIJPLIJN_LOG)."""
    return JsonLine() if settings().log == "json" else TextLine()


def scrub(record: LogRecord) -> bool:
    """Clean a record for who keeps it as it is, such as Prefect; every record stays."""
    secrets = known_secrets(settings())
    record.msg, record.args = scrubbed(record.getMessage(), secrets), None
    if record.exc_info and not record.exc_text:
        record.exc_text = Formatter().formatException(record.exc_info)
    if record.exc_text:
        record.exc_text, record.exc_info = scrubbed(record.exc_text, secrets), None
    return True


def cleaner() -> Callable[[LogRecord], bool]:
    """What ops/prefect-logging.yml asks for."""
    return scrub


def set_up(*, level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """From now on all of this process is logged so, the web server too; who listens beside us stays."""
    told = logging.StreamHandler(stream) if stream else _Aloud()
    told.setFormatter(line())
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if type(one) not in {logging.StreamHandler, _Aloud}]
    root.addHandler(told)
    root.setLevel(level)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # /ready asks it all day
    for name in OTHERS:
        other = logging.getLogger(name)
        other.handlers, other.propagate = [], name != "uvicorn.access"  # web/watched.py says it better
