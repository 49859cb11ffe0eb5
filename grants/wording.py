# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Words, dates and euros in three languages, for mail and pages alike; Dutch is the source of locale/."""

import re
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache
from io import BytesIO
from typing import Protocol

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal
from babel.support import NullTranslations, Translations

from config.settings import HOME
from grants.clock import local_day
from models.values import Basis, Due

LANGUAGES = ("nl", "de", "en")
DAYS = {"en": "EEEE, d MMMM y"}
LOCALES = {"nl": "nl", "de": "de", "en": "en_GB"}
EUROS = {"nl": "¤\xa0#,##0", "de": "#,##0\xa0¤", "en": "¤#,##0"}  # what must not break over two lines
CITIES = {"Europe/Brussels": "Brussel", "Europe/Amsterdam": "Amsterdam", "Europe/Berlin": "Berlijn"}

STAGE = re.compile(r"(stage|cut-off) (\d+)")


class Dated(Protocol):
    """A deadline row, or anything else that can say when it is due."""

    @property
    def due(self) -> Due:
        """The deadline as a value."""
        ...


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language; Dutch is the source and needs none."""
    file = HOME / "locale" / language / "LC_MESSAGES" / "pijplijn.po"
    if language == "nl" or not file.exists():
        return NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as text:
        write_mo(compiled, read_po(text, locale=language))
    compiled.seek(0)
    return Translations(compiled)


@lru_cache(maxsize=4096)
def formed(on: date, pattern: str, language: str) -> str:
    """A day in a form of Babel's: "medium", or a pattern of CLDR such as "LLLL y"."""
    return format_date(on, format=pattern, locale=LOCALES[language])


@lru_cache(maxsize=4096)
def day(on: date | datetime, language: str) -> str:
    """A day in full, "dinsdag 15 december 2026"; of a moment, the day it is in Enschede."""
    local = local_day(on) if isinstance(on, datetime) else on
    return format_date(local, format=DAYS.get(language, "full"), locale=LOCALES[language])


def weekday(number: int, language: str) -> str:
    """The name of a day of the week; 1 is Monday."""
    return formed(date(2024, 1, number), "EEEE", language)  # a year that began on a Monday


def dates_in_words(text: str, language: str) -> str:
    """A change as the history keeps it ("2026-12-15 17:00 Europe/Brussels"), as people say it."""
    say = translations(language).gettext
    for zone, city in CITIES.items():
        text = text.replace(zone, f"({say(city)})")
    text = text.replace("(provisional)", f"({say('voorlopig')})")
    text = re.sub(rf"\b(?:{STAGE.pattern})", lambda found: stage_words(found[0], language), text)
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda found: _day_in(found[0], language), text)


def stage_words(stage: str, language: str) -> str:
    """The portal's "stage 1" and "cut-off 2" as people say it; any other label stays as the source has it."""
    found = STAGE.fullmatch(stage)
    if not found:
        return stage
    say = translations(language).gettext
    words = say("fase %(number)s") if found[1] == "stage" else say("sluitingsmoment %(number)s")
    return words % {"number": found[2]}


def _day_in(written: str, language: str) -> str:
    try:
        return day(date.fromisoformat(written), language)
    except ValueError:
        return written  # a source's own text may look like a date and be none


@lru_cache(maxsize=4096)
def money(amount: Decimal, language: str) -> str:
    """Whole euros: "€ 1.250.000"."""
    return format_currency(amount, "EUR", EUROS[language], locale=LOCALES[language], currency_digits=False)


def number(amount: Decimal, language: str) -> str:
    """A number without needless zeros: "12,5"."""
    return format_decimal(amount, format="#,##0.##", locale=LOCALES[language])


def deadline_words(deadline: Due | Dated, today: date, language: str) -> str:
    """A deadline as people say it: how long yet, the day, the hour and where it strikes.

    Without a zone it is a day of our own: that its hour is unknown needs no saying.
    """
    say = translations(language).gettext
    due = deadline if isinstance(deadline, Due) else deadline.due
    if due.on is None:
        return say("datum onleesbaar: %(text)s") % {"text": due.text}
    stage = f"{stage_words(due.stage, language)}: " if due.stage else ""
    return f"{stage}{_away((due.on - today).days, language)}, {moment_words(due, due.on, language)}"


def moment_words(due: Due, on: date, language: str) -> str:
    """The day, the hour and where it strikes, the same whatever day it is read."""
    return f"{day(on, language)}{_clock(due, language)}"


def _away(days: int, language: str) -> str:
    words = translations(language)
    if days == 0:
        return words.gettext("vandaag")
    if days < 0:
        return words.gettext("verstreken")
    return words.ngettext("nog %(days)d dag", "nog %(days)d dagen", days) % {"days": days}


def _clock(due: Due, language: str) -> str:
    say = translations(language).gettext
    provisional = say("voorlopig") if due.basis == Basis.PROVISIONAL else ""
    if due.at is None:
        doubts = [say("tijd onbekend") if due.zone else "", provisional]
        return f" ({', '.join(filter(None, doubts))})" if any(doubts) else ""
    city, assumed = say(CITIES.get(due.zone, due.zone)), provisional or say("tijdzone aangenomen")
    sure = "" if due.basis == Basis.STATED else f", {assumed}"
    return f" {due.at:%H:%M} ({city}{sure})"


LABELS = {
    "forthcoming": "verwacht", "open": "open", "closed": "gesloten",
    "strong": "sterk", "likely": "waarschijnlijk", "possible": "mogelijk", "none": "geen",
    "idea": "idee", "exploring": "verkenning", "deciding": "go of no-go", "preparing": "voorbereiding",
    "submitted": "ingediend", "admissible": "ontvankelijk", "returned": "terug voor aanpassing",
    "awarded": "toegekend", "contracted": "vastgelegd", "running": "in uitvoering",
    "reporting": "verantwoording", "settlement_requested": "vaststelling aangevraagd",
    "settled": "vastgesteld", "rejected": "afgewezen", "withdrawn": "ingetrokken",
    "complete": "volledig", "partial": "gedeeltelijk", "unchanged": "ongewijzigd", "failed": "mislukt",
    "lead": "penvoerder", "partner": "partner", "associated": "geassocieerd",
    "new": "nieuw", "deadline_moved": "sluitingsdatum gewijzigd", "opened": "opengesteld",
    "reopened": "heropend", "identifier": "kenmerk gewijzigd", "title": "titel gewijzigd",
    "text": "tekst gewijzigd", "key_date": "tijdschema gewijzigd",
    "budget": "budget gewijzigd", "ChangeKind.other": "iets anders gewijzigd",
    "unseen": "niet meer gezien bij de bron", "ChangeKind.returned": "weer gezien bij de bron",
    "major": "belangrijk", "minor": "klein", "cosmetic": "alleen uiterlijk",
    "stated": "zo staat het bij de bron", "assumed": "tijdzone aangenomen", "unknown": "onleesbaar",
    "provisional": "voorlopig",
    "weekend": "weekend", "holiday_nl": "feestdag in Nederland", "holiday_de": "feestdag in Duitsland",
    "holiday_both": "feestdag in Nederland en Duitsland",
    "network": "geen antwoord", "busy": "te druk", "refused": "geweigerd", "missing": "niet gevonden",
    "broken": "onverwacht antwoord", "unsafe": "onveilig antwoord",
    "not_our_theme": "niet ons thema", "not_eligible": "wij komen niet in aanmerking", "too_late": "te laat",
    "no_capacity": "geen capaciteit", "no_match_funding": "geen cofinanciering",
    "already_known": "al bekend", "other": "anders",
    "municipality": "open voor gemeenten", "netherlands": "voor Nederland",
    "border_region": "voor de grensregio", "elsewhere": "niet voor Nederland",
    "one_applicant": "één aanvrager", "named": "de begunstigde staat vast",
    "third_countries": "alleen voor wie buiten de EU zit", "tender": "aanbesteding, geen subsidie",
    "narrow": "smal", "normal": "normaal", "wide": "ruim",
    "reader": "lezer", "editor": "bewerker", "administrator": "beheerder",
    "go": "go", "no_go": "no-go", "cash": "in geld", "in_kind": "in natura",
    "relevant": "relevant", "not_relevant": "niet relevant", "unjudged": "nog geen oordeel",
    "undecided": "nog geen besluit", "followed": "door mij gevolgd", "assigned": "aan mij toegewezen",
    "same_identifier": "hetzelfde kenmerk", "same_address": "hetzelfde adres",
    "same_title": "dezelfde titel en eerste sluitingsdatum", "by_hand": "door een collega gekoppeld",
    "mine": "waar ik zelf aan werk", "whole": "alles van de gemeente dat ik mag zien",
    "milestone": "mijlpaal", "obligation": "verantwoording", "deadline": "sluitingsdatum",
    "submission": "indiening", "internal": "intern", "meeting": "overleg",
    "content": "inhoudelijk", "finance": "financieel", "audit": "accountantscontrole", "sisa": "SiSa",
    "weekly": "wekelijks", "daily": "dagelijks", "never": "nooit",
    "NL": "Nederland", "DE": "Duitsland", "BE": "België", "FR": "Frankrijk", "LU": "Luxemburg",
    "DK": "Denemarken", "PL": "Polen", "SE": "Zweden",
    "Outcome.added": "komt erbij", "Outcome.moved": "wordt verzet", "Outcome.unchanged": "blijft zo",
    "Outcome.by_hand": "met de hand verzet: blijft staan", "Outcome.finished": "al gereed: blijft staan",
    "Outcome.left_out": "hier weggehaald: komt niet terug",
    "queued": "wacht", "sending": "wordt verstuurd", "sent": "verstuurd",
    "in_doubt": "onzeker of het aankwam", "held": "vastgehouden", "dead": "geweigerd",
    "superseded": "achterhaald", "suppressed": "niet verstuurd: adres geweigerd",
    "MessageState.bounced": "kwam terug", "Finding.bounced": "kwam terug", "delayed": "vertraagd",
    "delivered": "bezorgd", "unproven": "kwam misschien terug: niet bewezen",
    "Finding.elsewhere": "over een ander adres", "stranger": "niet over een bericht van ons",
    "no_report": "geen melding over de bezorging", "unreadable": "onleesbare post",
    "again": "al eerder gelezen",
    "Why.application": "werkt aan de aanvraag", "Why.partner": "contactpersoon van een partner",
    "Why.assigned": "toegewezen", "Why.decided": "gaf een go", "Why.followed": "volgt",
    "Why.office": "beheerder", "call": "openstelling",
}  # fmt: skip
"""By value; by "Class.value" where two lists of words share one."""


DEEDS = {
    "accept_size": "omvang overnemen", "access": "rol", "active": "werkt hier", "actor": "wie",
    "added": "toegevoegd", "application": "aanvraag", "asked to read": "om lezing gevraagd",
    "at_least": "minstens", "at_most": "hoogstens", "audit_entry": "logboek",
    "database": "database", "call": "openstelling", "call_change": "wijziging", "call_link": "koppeling",
    "called normal": "normaal genoemd", "changed": "gewijzigd", "copied": "overgenomen",
    "code off": "code uitgezet", "code on": "code aangezet", "colleague": "medewerker",
    "digest": "weekoverzicht", "digest_rhythm": "overzicht, hoe vaak", "digest_weekday": "overzicht, dag",
    "digest_hour": "overzicht, uur", "digest_themes": "overzicht, thema's",
    "digest_programmes": "overzicht, programma's", "subscribed": "overzicht weer aangezet",
    "unsubscribed": "overzicht uitgezet met de link uit de mail",
    "refused": "geweigerd", "threshold": "hoe ruim", "tooi": "TOOI", "word": "woord",
    "enabled": "aan", "every_hours": "om de zoveel uur",
    "exported": "uitgevoerd naar een bestand", "format": "soort bestand", "inserted": "ingevoegd",
    "held": "vastgehouden", "invited": "uitgenodigd", "language": "taal", "last_error": "laatste fout",
    "linked": "gekoppeld", "rescheduled": "data verzet", "unlinked": "losgemaakt",
    "linked to a sign-in service": "aan een aanmelddienst gekoppeld", "look": "kijktaak",
    "looked": "bekeken", "message": "bericht", "news_every_days": "nieuws om de zoveel dagen",
    "office": "gemeente", "on": "dag", "partner": "partner", "password set": "wachtwoord ingesteld",
    "recipient": "ontvanger", "released": "vrijgegeven", "source": "bron", "state": "stand",
    "subject": "onderwerp", "task": "opgave", "theme": "thema",
    "closure": "sluitingsdag", "german_too": "ook Duitse werkdagen", "moved": "verplaatst", "name": "naam",
    "plan_step": "stap van de terugplanning", "planned": "teruggepland", "planning": "terugplanning",
    "position": "plaats", "removed": "weggehaald", "returned": "teruggezet", "unplanned": "planning ongedaan",
    "working_days": "werkdagen ervoor", "created": "gemaakt", "description": "omschrijving",
    "words": "woorden",
    "calendar_feed": "agenda", "made": "gemaakt", "revoked": "ingetrokken", "scope": "wat erin staat",
    "assigned": "toegewezen", "assignment": "toewijzing", "choice": "keuze", "decided": "besloten",
    "ended": "geëindigd", "follow": "volgen", "followed": "gaat volgen", "go_decision": "go of no-go",
    "judged": "beoordeeld", "leads": "penvoerder", "note": "toelichting", "page": "bladzijde",
    "reason": "reden", "relevant": "relevant", "saved": "bewaard",
    "saved_view": "weergave", "shared": "gedeeld", "undone": "ongedaan gemaakt", "verdict": "oordeel",
    "learned": "geleerd", "lesson": "wat geleerd is", "restored": "teruggezet", "unlearned": "weer vergeten",
    "verdicts": "oordelen", "version": "versie",
    "readmitted": "adres weer toegelaten", "suppression": "geweigerd adres",
    "unfollowed": "volgt niet meer", "why": "waarom",
    "data exported": "gegevens meegenomen", "erased": "gewist", "let go": "na de bewaartermijn losgelaten",
    "retention": "bewaartermijnen", "signed out everywhere": "overal afgemeld",
}  # fmt: skip
"""What the audit log calls things: actions, what they were done to, and the facts."""


def deed_word(word: str, language: str) -> str:
    """The screen's word for one of the audit log; a word it does not know stays as it was written."""
    return translations(language).gettext(DEEDS[word]) if word in DEEDS else word


@lru_cache(maxsize=1024, typed=True)  # of two enums a word may be equal and called differently
def label(word: StrEnum | str, language: str) -> str:
    """The screen's word for one of our own."""
    own = LABELS.get(f"{type(word).__name__}.{word}")
    return translations(language).gettext(own or LABELS.get(str(word), str(word)))
