# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What is red, in words: what is the matter, and what to do about it."""

from collections.abc import Mapping
from functools import cache

from grants.clock import AMSTERDAM
from grants.watch.signs import Sign
from grants.wording import formed, label, translations
from models.message import MessageState


def words(sign: Sign, language: str) -> tuple[str, str]:
    """Two sentences: what is the matter, and what to do."""
    local = sign.at and sign.at.astimezone(AMSTERDAM)
    never = translations(language).gettext("nooit")
    facts = {
        "name": _name(sign, language),
        "count": sign.count,
        "when": f"{formed(local.date(), 'd MMM y', language)} {local:%H:%M}" if local else never,
    }
    matter, deed = _sentences(language)[sign.code]
    return matter % facts, deed


def flow_word(flow: str, language: str) -> str:
    """What a flow does."""
    return _flows(language).get(flow, flow)


def _name(sign: Sign, language: str) -> str:
    if sign.code in {"late", "failed"}:
        return flow_word(sign.name, language)
    return label(MessageState(sign.name), language) if sign.code == "stuck" else sign.name


@cache
def _flows(language: str) -> Mapping[str, str]:
    say = translations(language).gettext
    return {
        "harvest-calls": say("bronnen lezen"),
        "deliver-messages": say("berichten versturen"),
        "read-bounces": say("lezen wat terugkwam"),
        "weekly-digest": say("overzichten schrijven"),
        "deadline-reminders": say("herinneringen schrijven"),
        "daily-upkeep": say("dagelijks nazien"),
        "back-up-database": say("reservekopie maken"),
    }


@cache
def _sentences(language: str) -> Mapping[str, tuple[str, str]]:
    say = translations(language).gettext
    look = say("Kijk in Prefect waarom, en of de server en de worker draaien.")
    letters = say("Kijk bij elk bericht wat de mailserver zei, en laat het gaan of verbeter het adres.")
    read = say("Open de bron en doe wat daar staat.")
    return {
        "never": (say("Er heeft nog geen achtergrondtaak gedraaid."), look),
        "late": (say("De taak “%(name)s” blijft uit. Laatste begin: %(when)s."), look),
        "failed": (say("De taak “%(name)s” is mislukt (%(when)s)."), look),
        "prefect": (
            say("Prefect geeft geen antwoord."),
            say("Start het kantoor opnieuw (make up, of systemctl restart)."),
        ),
        "crashed": (say("Taken die volgens Prefect in het laatste etmaal mislukten: %(count)s."), look),
        "waiting": (say("Taken die volgens Prefect op een worker wachten: %(count)s."), look),
        "paused": (
            say("De verzending staat stil: er is een reservekopie teruggezet."),
            say("Kijk of het de bedoelde is, en laat de verzending dan verder gaan."),
        ),
        "stuck": (say("Berichten in de stand “%(name)s”: %(count)s."), letters),
        "slow": (say("Er wacht een bericht dat al weg moest zijn sinds %(when)s."), look),
        "refused": (
            say("Adressen die geen berichten meer krijgen: %(count)s."),
            say("Verbeter het adres bij de medewerker of de partner, of laat het weer toe."),
        ),
        "sources": (say("Bronnen die om een mens vragen: %(count)s."), read),
        "reminders": (
            say("Herinneringen waarmee iets niet klopt: %(count)s, sinds %(when)s."),
            say("Kijk wie iets had moeten krijgen, en zeg het zelf."),
        ),
        "archive": (
            say("De mailserver weigert het archiefadres sinds %(when)s: overzichten wachten."),
            say("Laat de postbeheerder het archiefadres toelaten."),
        ),
        "bounces": (
            say("De postbus voor wat terugkwam is niet te lezen sinds %(when)s."),
            say("Kijk naar PIJPLIJN_BOUNCE_URL en naar die postbus."),
        ),
        "broken": (
            say("Het logboek klopt niet (nagelopen %(when)s)."),
            say("Schrijf niets meer, bewaar de database en vergelijk hem: manage.py audit --verify."),
        ),
        "unwalked": (say("Het logboek is het laatst in zijn geheel nagelopen: %(when)s."), look),
        "full": (say("De schijf met “%(name)s” heeft nog %(count)s MB vrij."), say("Maak ruimte vrij.")),
        "backup": (
            say("Laatste reservekopie: %(when)s."),
            say("Maak er een met manage.py backup: dat zegt wat er mis is."),
        ),
        "drill": (
            say("Laatste herstelproef: %(when)s."),
            say("Doe er een: manage.py drill. Duurt een minuut en raakt niets aan."),
        ),
    }  # fmt: skip
