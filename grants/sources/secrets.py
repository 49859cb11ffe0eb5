# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Keys and cookies, taken out of what is written down: by the name they go under, and by their own value."""

import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, quote_plus, unquote_plus, urlsplit, urlunsplit

MASK = "SECRET"
TELLING = re.compile(
    r"api_?key|(?:^|[-_.])(?:key|sig)$|token|secret|auth(?!or(?!iz))|cookie|passw|credential|signature|sess",
    re.IGNORECASE,
)
"""Names of headers, parameters and fields whose value is a secret; "authority" and "keywords" are none."""
FIELD = re.compile(r'"([^"\\]{1,60})"(\s*:\s*)"((?:[^"\\]|\\.)*)"')
LONG = 8  # characters: what is shorter is no key, and may be any word


@dataclass(frozen=True, slots=True)
class Mask:
    """Takes these secrets out, in every way they may be spelled."""

    secrets: frozenset[str] = frozenset()

    def learn(self, url: str, headers: Mapping[str, str]) -> "Mask":
        """One that also knows what this request carries under a telling name."""
        carried = [*parse_qsl(urlsplit(url).query), *headers.items()]
        words = [word for name, value in carried if TELLING.search(name) for word in (value, *value.split())]
        return Mask(self.secrets | {word for word in words if len(word) >= LONG})

    def text(self, words: str) -> str:
        """The words without the secrets."""
        for spelling in _spellings(self.secrets):
            words = words.replace(spelling, MASK)
        return words

    def body(self, content: bytes) -> bytes:
        """The bytes without the secrets."""
        for spelling in _spellings(self.secrets):
            content = content.replace(spelling.encode(), MASK.encode())
        return content

    def url(self, address: str) -> str:
        """The address without what stands under a telling name, nor a name or password before the host."""
        parts = urlsplit(address)
        host = parts.netloc.rpartition("@")[2]
        return self.text(urlunsplit(parts._replace(netloc=host, query=_pairs(parts.query))))

    def headers(self, said: Mapping[str, str]) -> dict[str, str]:
        """The headers, in lower case and by name, those that tell masked."""
        return {
            name.lower(): MASK if TELLING.search(name) else self.text(value)
            for name, value in sorted(said.items())
        }

    def sent(self, content: bytes) -> str:
        """What a request sends, as text: fields of JSON and of forms under a telling name masked too."""
        words = FIELD.sub(_field, content.decode("utf-8", "backslashreplace"))
        return self.text(words if words.lstrip()[:1] in {"{", "["} else _pairs(words))


def _spellings(secrets: Iterable[str]) -> list[str]:
    """As it is, in an address, in a form, in JSON and in HTML; the longest first."""
    found = {way for one in secrets if one for way in (one, quote(one), quote(one, safe=""), quote_plus(one))}
    found |= {json.dumps(one, ensure_ascii=plain)[1:-1] for one in secrets if one for plain in (True, False)}
    found |= {html.escape(one) for one in secrets if one}
    return sorted(found, key=len, reverse=True)


def _pairs(query: str) -> str:
    """name=value&name=value, each byte as it was but for the secret values."""
    return "&".join(_pair(*one.partition("=")) for one in query.split("&"))


def _pair(name: str, equals: str, value: str) -> str:
    return name + equals + (MASK if value and TELLING.search(unquote_plus(name)) else value)


def _field(found: re.Match[str]) -> str:
    name, between, _value = found.groups()
    return f'"{name}"{between}"{MASK}"' if TELLING.search(name) else found[0]
