# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Reports as mail servers write them, about a letter of ours with this number and seal; made up, shapes kept."""

SENDER = "pijplijn@enschede.example"
TO = "weg@partner.example"


def original(number: str, seal: str, to: str = TO) -> str:
    """The headers of our letter as a report quotes them."""
    return (
        f"Received: from relay.example by mx.partner.example; Tue, 24 Nov 2026 08:00:00 +0000\n"
        f"From: Pijplijn <{SENDER}>\nTo: {to}\nSubject: Herinnering\nMessage-ID: {number}\nX-Pijplijn-Seal: {seal}\n"
    )


def dsn(
    number: str, seal: str, *, to: str = TO, action: str = "failed", status: str = "5.1.1", said: str = "",
    kind: str = "text/rfc822-headers", more: str = "",
) -> bytes:  # fmt: skip
    """RFC 3464, as Postfix writes it; as Exchange with message/rfc822."""
    said = (
        said
        or f"smtp; 550 5.1.1 <{to}>: Recipient address rejected: User\n    unknown in virtual mailbox table"
    )
    return (
        f"Return-Path: <>\nFrom: MAILER-DAEMON@mx.partner.example (Mail Delivery System)\nTo: {SENDER}\n"
        f"Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        f"Message-ID: <dsn-{status}-{action}@mx.partner.example>\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\n\n'
        f"--B\nContent-Type: text/plain; charset=us-ascii\n\nI'm sorry to have to inform you.\n\n"
        f"--B\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.partner.example\n"
        f"X-Postfix-Sender: rfc822; {SENDER}\n\nFinal-Recipient: rfc822; {to}\n{more}"
        f"Action: {action}\nStatus: {status}\nDiagnostic-Code: {said}\n\n"
        f"--B\nContent-Type: {kind}\n\n{original(number, seal, to)}\n--B--\n"
    ).replace("\n", "\r\n").encode()  # fmt: skip


def exchange(number: str, seal: str) -> bytes:
    """Microsoft 365: HTML first, the diagnosis in its own words, the letter itself as message/rfc822."""
    said = "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient weg@partner.example not found by SMTP address lookup"
    return dsn(number, seal, status="5.1.10", said=said, kind="message/rfc822").replace(
        b"Content-Type: text/plain; charset=us-ascii\r\n\r\nI'm sorry",
        b"Content-Type: text/html\r\n\r\n<p>I'm sorry",
    )


def exchange_prose(number: str, seal: str = "", headers: str = "") -> bytes:
    """Exchange, all of it in HTML; with `headers` it quotes those of the letter at the end, else nothing of it."""
    quoted = (
        f"<p>Original message headers:</p><pre>{original(number, seal)}</pre>".replace(
            "<" + number[1:], "&lt;" + number[1:-1] + "&gt;"
        )
        if headers
        else ""
    )
    return (
        "From: <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@partner.example>\n"
        f"To: {SENDER}\nSubject: Undeliverable: Herinnering\nIn-Reply-To: {number}\nMIME-Version: 1.0\n"
        "Content-Type: text/html; charset=utf-8\n\n"
        "<html><body><h1>Delivery has failed to these recipients or groups:</h1>"
        '<p><a href="mailto:weg@partner.example">weg@partner.example</a><br>The email address you entered couldn&#39;t be found.</p>'
        "<p>Diagnostic information for administrators:</p>"
        "<p>weg@partner.example<br>Remote Server returned '550 #5.1.10 RESOLVER.ADR.RecipientNotFound; not found'</p>"
        f"{quoted}</body></html>\n"
    ).replace("\n", "\r\n").encode()  # fmt: skip


def qmail(number: str, seal: str) -> bytes:
    return (
        f"Return-Path: <>\nFrom: MAILER-DAEMON@mx.partner.example\nTo: {SENDER}\nSubject: failure notice\n\n"
        "Hi. This is the qmail-send program at mx.partner.example.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n\n"
        "<weg@partner.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        f"--- Below this line is a copy of the message.\n\nReturn-Path: <{SENDER}>\n{original(number, seal)}\nTekst\n"
    ).encode()


def exim(number: str, seal: str, said: str = "550 Unrouteable address; no such user here") -> bytes:
    return (
        f"Return-path: <>\nX-Failed-Recipients: weg@partner.example\nAuto-Submitted: auto-replied\n"
        f"From: Mail Delivery System <Mailer-Daemon@mx.partner.example>\nTo: {SENDER}\n"
        "Subject: Mail delivery failed: returning message to sender\n\n"
        "This message was created automatically by mail delivery software.\n\n"
        f"  weg@partner.example\n    host mx2.partner.example [192.0.2.1]\n    SMTP error from remote mail server: {said}\n\n"
        f"------ This is a copy of the message, including all the headers. ------\n\n{original(number, seal)}\nTekst\n"
    ).encode()


def absence(number: str) -> bytes:
    """An out-of-office answer: from the person, in reply to our letter, with a number that looks like a code."""
    return (
        f"Return-Path: <>\nFrom: Weg <weg@partner.example>\nTo: {SENDER}\nSubject: Afwezig: Re: Herinnering\n"
        f"In-Reply-To: {number}\nAuto-Submitted: auto-replied\nX-Auto-Response-Suppress: All\n\n"
        "Ik ben er niet tot 5.1.27. Mail weg@partner.example niet. 550 groeten.\n"
    ).encode()


def spam() -> bytes:
    return b"From: prince@spam.example\nSubject: 550 5.1.1 User unknown\n\nweg@partner.example 5.1.1 Message-ID: <a@b.c>\n"
