# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The YAML files as typed, checked objects; every fault is a sentence that names file, line and field."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from config.portfolio_specs import ApplicationSpec, PartnerSpec
from config.specs import BY_HAND, CallSpec, OfficeSpec, SourceSpec, Spec, ThemeSpec

FACTORY = Path(__file__).resolve().parent


class ConfigError(Exception):
    """What is wrong in the configuration: one sentence a line, for whoever edits it."""


class Catalogue(BaseModel):
    """Everything in the folder, cross-checked."""

    model_config = ConfigDict(frozen=True)

    sources: tuple[SourceSpec, ...]
    themes: tuple[ThemeSpec, ...]
    offices: tuple[OfficeSpec, ...]
    partners: tuple[PartnerSpec, ...]
    applications: tuple[ApplicationSpec, ...]
    calls: tuple[CallSpec, ...]


S = TypeVar("S", bound=Spec)


class _Reader:
    """Reads one folder and gathers every fault before it speaks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[str] = []

    def rows(self, name: str, kind: type[S], part: str = "") -> tuple[S, ...]:
        """The entries of one file (or of one part of it); an absent file is the factory's."""
        file = self.folder / name
        file = file if file.exists() else FACTORY / name
        document = self._document(file)
        if part and not isinstance(document, dict):
            return ()
        found = document.get(part, []) if part else document
        if not isinstance(found, list):
            self.faults.append(f"{file}: should be a list of entries, each beginning with '- slug:'.")
            return ()
        rows = tuple(row for one in found if (row := self._row(file, kind, one)) is not None)
        self._twice(file, [row.slug for row in rows])
        return rows

    def _document(self, file: Path) -> Any:
        try:
            return YAML(typ="rt").load(file.read_text(encoding="utf-8")) or []
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self.faults.append(f"{file}, line {line}: is no good YAML: {error.problem}.")
            return []

    def _row(self, file: Path, kind: type[S], raw: Any) -> S | None:
        try:
            return kind.model_validate(raw)
        except ValidationError as error:
            self.faults += [_sentence(file, kind, raw, dict(fault)) for fault in error.errors()]
            return None

    def _twice(self, file: Path, slugs: list[str]) -> None:
        double = sorted({slug for slug in slugs if slugs.count(slug) > 1})
        self.faults += [f"{file}: the slug '{slug}' stands twice." for slug in double]

    def check(self, told: str, slug: str, known: Iterable[str]) -> None:
        """A reference must lead somewhere."""
        names = set(known)
        if slug and slug not in names:
            near = get_close_matches(slug, names, 1)
            hint = f"; did you mean '{near[0]}'?" if near else "."
            self.faults.append(f"{told}: '{slug}' is not known{hint}")


def load(folder: Path) -> Catalogue:
    """Read and check a configuration folder.

    Raises:
        ConfigError: with every fault of every file, a sentence a line.
    """
    if not folder.is_dir():
        sentence = f"The configuration folder {folder} is not there (PIJPLIJN_CONFIG_DIR)."
        raise ConfigError(sentence)
    reader = _Reader(folder)
    catalogue = Catalogue(
        sources=reader.rows("sources.yaml", SourceSpec),
        themes=reader.rows("themes.yaml", ThemeSpec),
        offices=reader.rows("offices.yaml", OfficeSpec),
        partners=reader.rows("portfolio.yaml", PartnerSpec, "partners"),
        applications=reader.rows("portfolio.yaml", ApplicationSpec, "applications"),
        calls=reader.rows("rounds.yaml", CallSpec),
    )
    if not (folder / "rounds.yaml").exists():
        catalogue = _without_strangers(catalogue)
    if not reader.faults:
        _cross_check(reader, catalogue)
    if reader.faults:
        raise ConfigError("\n".join(reader.faults))
    return catalogue


def factory_themes() -> tuple[ThemeSpec, ...]:
    """The themes as shipped, whatever this installation's own folder says."""
    reader = _Reader(FACTORY)
    return reader.rows("themes.yaml", ThemeSpec)


def _without_strangers(catalogue: Catalogue) -> Catalogue:
    """The factory's own calls of sources that this folder does not have are no fault of this folder."""
    slugs = {source.slug for source in catalogue.sources}
    return catalogue.model_copy(update={"calls": tuple(c for c in catalogue.calls if c.source in slugs)})


def _cross_check(reader: _Reader, catalogue: Catalogue) -> None:
    themes = [theme.slug for theme in catalogue.themes]
    offices = {office.slug: office for office in catalogue.offices}
    for office in catalogue.offices:
        for theme in office.themes:
            reader.check(f"offices.yaml › {office.slug} › themes", theme, themes)
        tasks = [task.slug for task in office.tasks]
        for theme_spec in catalogue.themes:
            reader.check(f"themes.yaml › {theme_spec.slug} › task ({office.slug})", theme_spec.task, tasks)
    kept = [source.slug for source in catalogue.sources if source.kind in BY_HAND]
    for call in catalogue.calls:
        reader.check(f"rounds.yaml › {call.slug} › source (kept by hand)", call.source, kept)
    for one in catalogue.applications:
        told = f"portfolio.yaml › {one.slug}"
        reader.check(f"{told} › office", one.office, offices)
        named = [partner.slug for partner in catalogue.partners]
        for slug in [part.partner for part in one.partners] + [part.partner for part in one.contributions]:
            reader.check(f"{told} › partners", slug, named)
        if one.office in offices:
            _check_people(reader, told, one, offices[one.office])


def _check_people(reader: _Reader, told: str, one: ApplicationSpec, office: OfficeSpec) -> None:
    people = [colleague.email for colleague in office.colleagues]
    reader.check(f"{told} › task", one.task, [task.slug for task in office.tasks])
    for person in (one.owner, one.backup, *one.team):
        reader.check(f"{told} › owner and team", person, people)
    for person in _named(one):
        reader.check(f"{told} › history, documents and comments", person, people)
    if one.history:
        reader.check(f"{told} › history (the last step)", one.history[-1].stage, [one.stage])
    for theme in one.themes:
        reader.check(f"{told} › themes", theme, office.themes)


def _named(one: ApplicationSpec) -> list[str]:
    mentioned = [person for comment in one.comments for person in comment.mentions]
    spoke = [comment.by for comment in one.comments]
    return [*(step.by for step in one.history), *(row.by for row in one.documents), *spoke, *mentioned]


def _sentence(file: Path, kind: type[Spec], raw: Any, fault: dict[str, Any]) -> str:
    place = [str(part) for part in fault["loc"]]
    name = raw.get("slug", "?") if isinstance(raw, dict) else "?"
    field = " › ".join([str(name), *place])
    if fault["type"] == "extra_forbidden":
        near = get_close_matches(place[-1], list(kind.model_fields), 1)
        said = "is not a field here" + (f"; did you mean '{near[0]}'?" if near else ".")
    elif fault["type"] == "missing":
        said = "is missing."
    else:
        said = f"{_plain(fault['msg'])}, but is {fault['input']!r}."
    return f"{file}, line {_line(raw, list(fault['loc']))}, {field}: {said}"


def _plain(message: str) -> str:
    words = message.removeprefix("Value error, ").removeprefix("Input ")
    return words[:1].lower() + words[1:]


def _line(raw: Any, place: list[Any]) -> int:
    """The line of the deepest part of the place that the document has."""
    line = raw.lc.line if hasattr(raw, "lc") else 0
    for part in place:
        try:
            marks: Any = getattr(raw, "lc", None)
            line = marks.value(part)[0] if isinstance(raw, dict) else marks.item(part)[0]
            raw = raw[part]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return int(line) + 1
