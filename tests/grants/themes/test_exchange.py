# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Themes to a file and back, and what a bad file is told."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from grants.themes import KINDS, FileError, Sheet, differences, read, sheets, take_in, written
from grants.themes.file import LARGEST
from models.audit import AuditEntry
from models.colleague import Colleague
from models.session import Begin
from models.theme import Theme
from tests import builders
from tests.builders import NOW

HEAD = '[[theme]]\nid = "wonen"\nname = "Wonen"\n'
SOUND = HEAD + 'core.nl = ["woning*"]\n'
CODES = ("nl", "de", "en")
TOOI = "https://identifier.overheid.nl/tooi/def/thes/top/c_"


def empty() -> dict[str, dict[str, list[str]]]:
    return {kind: {code: [] for code in CODES} for kind in KINDS}


def housing(*terms: str, slug: str = "wonen", name: str = "Wonen") -> Sheet:
    names = dict.fromkeys(CODES, name)
    return Sheet(
        slug, names, dict.fromkeys(CODES, ""), empty() | {"core": {"nl": [*terms], "de": [], "en": []}}
    )


@pytest.fixture(autouse=True)
def office(begin: Begin) -> None:
    """Noor at Enschede with one theme; Almelo with another."""
    with begin() as session:
        session.add_all([builders.office(), builders.office(slug="almelo", name="Gemeente Almelo")])
        session.flush()
        session.add_all([builders.colleague(), builders.theme(), builders.theme(office_id=2, slug="almelo")])


def noor(session: object) -> Colleague:
    return session.scalars(select(Colleague)).one()  # type: ignore[attr-defined,no-any-return]


def test_what_is_written_is_read_back_the_same(begin: Begin) -> None:
    with begin() as session:
        ours = sheets(session, 1)
        assert len(ours) == 1
        assert read(written(ours)) == ours
        assert differences(session, 1, ours) == []


text = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60)


@given(text.filter(str.strip), st.lists(text.map(lambda term: f"a{term}"), max_size=3))
def test_every_name_and_description_survives_the_file(name: str, said: list[str]) -> None:
    told = replace(housing("woning*", name=name), description=dict.fromkeys(CODES, " ".join(said)))
    assert read(written([told])) == [told]


def test_one_name_serves_all_languages() -> None:
    (told,) = read(SOUND)
    assert told.name == {"nl": "Wonen", "de": "Wonen", "en": "Wonen"}
    assert told.words["core"] == {"nl": ["woning*"], "de": [], "en": []}


def test_a_file_makes_changes_and_leaves_the_rest(begin: Begin) -> None:
    with begin() as session:
        (ours,) = sheets(session, 1)
        changed = replace(ours, words=ours.words | {"weak": {"nl": ["wijk"], "de": [], "en": []}})
        told = take_in(session, noor(session), [changed, housing("woning*")], now=NOW)
        assert [(one.slug, one.new) for one in told] == [(ours.slug, False), ("wonen", True)]
        assert told[0].parts == (("weak.nl", (), ("wijk",)),)
    with begin() as session:
        kept = {one.slug: one for one in session.scalars(select(Theme).where(Theme.office_id == 1))}
        assert kept[ours.slug].version == 2
        assert kept["wonen"].edited_by == "noor@enschede.example"
        assert [one.action for one in session.scalars(select(AuditEntry))] == ["changed", "created"]
        assert take_in(session, noor(session), [changed, housing("woning*")], now=NOW) == []
    with begin() as session:
        assert take_in(session, noor(session), [housing("huur*")], now=NOW)[0].parts == (
            ("core.nl", ("woning*",), ("huur*",)),
        )
        assert len(sheets(session, 1)) == 2
        assert len(sheets(session, 2)) == 1


def test_a_new_theme_with_the_name_of_another_is_refused(begin: Begin) -> None:
    with begin() as session:
        take_in(session, noor(session), [housing("woning*")], now=NOW)
        for other in (housing("huur*", slug="huur"), housing("woning*", slug="huur")):
            with pytest.raises(FileError, match="with the name 'Wonen'"):
                take_in(session, noor(session), [other], now=NOW)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("[[theme]\n", "no TOML: .*line 1"),
        (HEAD + "core.nl = [woning]\n", "no TOML: .*line 4"),
        ("", "must be .*theme.* tables"),
        ("theme = 3", "must be .*theme.* tables"),
        ("theme = []", "must be .*theme.* tables"),
        (SOUND + "[extra]\n", "must be .*theme.* tables"),
        ("theme = [3]", "Line 1: a theme needs an id"),
        ('\n[[theme]]\nid = "A B"', "Line 2: a theme needs an id"),
        ("[[theme]]\nid = 3", "Line 1: a theme needs an id"),
        (SOUND + "\n" + SOUND, "Line 6: the id 'wonen' is there twice"),
        (SOUND + "topi = []\n", "Line 1, theme 'wonen': there is no 'topi' here; there are core, describe"),
        (SOUND + 'tooi = "water"\n', "Line 1, theme 'wonen': 'tooi' is a list of addresses"),
        (SOUND + 'tooi = ["https://x.example/tooi/def/a"]\n', "'tooi' is a list of addresses"),
        (SOUND + f"tooi = {[f'{TOOI}{number}' for number in range(21)]}\n", "'tooi' is a list of addresses"),
        (SOUND + 'threshold = "0.3"\n', "Line 1, theme 'wonen': the threshold is narrow, normal or wide"),
        (SOUND + "threshold = [1]\n", "the threshold is narrow, normal or wide"),
        ('[[theme]]\nid = "a"\nname.nl = "A"\ncore.nl = ["b"]', "theme 'a': the name in 'de' is missing"),
        ('[[theme]]\nid = "a"\nname = 3', "'name' is a text, or one each"),
        ('[[theme]]\nid = "a"\nname.fr = "A"', "'name' is a text, or one each"),
        ('[[theme]]\nid = "a"\nname.nl = 3', "'name' in 'nl' is no text of at most 120"),
        (f'[[theme]]\nid = "a"\nname = "{"a" * 121}"', "'name' in 'nl' is no text of at most 120"),
        ('[[theme]]\nid = "a"\nname = "a\\u0000"', "'name' in 'nl' is no text"),
        (HEAD + 'core = ["woning"]', "'core' has a list each"),
        (HEAD + 'core.fr = ["maison"]', "'core' has a list each"),
        (HEAD + 'core.nl = "woning"', "'core' in 'nl' is no list of words"),
        (HEAD + "core.nl = [3]", "'core' in 'nl' is no list of words"),
        (HEAD + 'core.nl = ["wo*ning"]', r"in 'core' in 'nl' 'wo\*ning' has a \* inside"),
        (HEAD + 'core.nl = ["a"]\nweak.nl = ["a"]', "in 'weak' in 'nl' 'a' stands in core too"),
        (HEAD + 'not.nl = ["woning"]', "not one word to look for"),
        (" " * (LARGEST + 1), "more than 2,000,000 characters"),
    ],
)
def test_a_bad_file_gets_a_sentence(file: str, said: str) -> None:
    with pytest.raises(FileError, match=said):
        read(file)


def test_the_threshold_and_the_tooi_addresses_go_to_the_file_and_come_back(begin: Begin) -> None:
    file = [replace(housing("woning*"), threshold="wide", tooi=(f"{TOOI}1", f"{TOOI}2"))]
    with begin() as session:
        take_in(session, noor(session), file, now=NOW)
        kept = session.scalars(select(Theme).where(Theme.slug == "wonen")).one()
        assert (kept.threshold, kept.tooi) == ("wide", [f"{TOOI}1", f"{TOOI}2"])
        ours = [one for one in sheets(session, 1) if one.slug == "wonen"]
        assert read(written(ours)) == ours == file
        narrower = replace(file[0], threshold="narrow", tooi=(f"{TOOI}2",))
        assert differences(session, 1, [narrower])[0].parts == (
            ("threshold", ("wide",), ("narrow",)),
            ("tooi", (f"{TOOI}1",), ()),
        )
        take_in(session, noor(session), [narrower], now=NOW)
        assert (kept.threshold, kept.tooi) == ("narrow", [f"{TOOI}2"])
        unsaid = replace(narrower, threshold="")
        assert read(written([unsaid])) == [unsaid]
        assert take_in(session, noor(session), [unsaid], now=NOW) == []
