# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""`python -m tools.catalogues`: gather every Dutch word of mail and pages, and bring locale/*.po up to date.

New words come in without a translation, which tests/test_catalogues.py then asks for.
"""

from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from config.settings import HOME
from grants.wording import CITIES, DEEDS, LABELS, LANGUAGES

METHODS = [("templates/**", "jinja2"), ("grants/**.py", "python"), ("web/**.py", "python")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "say": None}
OPTIONS = {"templates/**": {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}}


def extracted() -> Catalog:
    """Every word that is there to be translated."""
    found = Catalog(project="pijplijn", charset="utf-8")
    words = extract_from_dir(HOME, METHODS, OPTIONS, keywords=KEYWORDS, directory_filter=_wanted)
    for _file, _line, message, _comments, context in words:
        found.add(message, context=context)
    for word in [*LABELS.values(), *DEEDS.values(), *CITIES.values()]:
        found.add(word)
    return found


def _wanted(folder: str) -> bool:
    name = folder.rpartition("/")[2]
    return not name.startswith((".", "__")) and name not in {"data", "tests", "node_modules"}


def catalogue(language: str) -> Catalog:
    """The translations there are."""
    file = HOME / "locale" / language / "LC_MESSAGES" / "pijplijn.po"
    return read_po(BytesIO(file.read_bytes()), locale=language) if file.exists() else Catalog(locale=language)


def update() -> None:
    """Write locale/<language>/LC_MESSAGES/pijplijn.po for each language but the source."""
    for language in LANGUAGES[1:]:
        file = HOME / "locale" / language / "LC_MESSAGES" / "pijplijn.po"
        file.parent.mkdir(parents=True, exist_ok=True)
        translated = catalogue(language)
        translated.update(extracted(), no_fuzzy_matching=True)
        translated.obsolete.clear()
        with file.open("wb") as text:
            write_po(text, translated, width=110, no_location=True, sort_output=True, omit_header=False)


if __name__ == "__main__":
    update()
