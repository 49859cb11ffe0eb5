# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import gzip
import hashlib
import socket
import threading
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from grants import clock
from grants.errors import FaultKind, SourceError
from grants.sources.conditional import validator_of, with_validator
from grants.sources.fetch import fetching
from grants.sources.limits import Limits
from grants.sources.reading import Request, Response, Validator
from tests.grants.sources.loopback import Conversation, Loopback, serving

Script = Callable[[Conversation], None]


class Names:
    """Leads every name to the next of its addresses, the last one for good."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    def __call__(self, _host: str) -> list[str]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def says(status: int = 200, body: bytes = b"", **headers: str) -> Script:
    return lambda conversation: conversation.say(status, body, **headers)


def raw(*pieces: bytes, pause: float = 0.0) -> Script:
    """Bytes on the wire as they are, then the connection ends."""

    def script(conversation: Conversation) -> None:
        for piece in pieces:
            conversation.wfile.write(piece)
            conversation.wfile.flush()
            time.sleep(pause)
        conversation.close_connection = True

    return script


def fetched(server: Loopback, request: Request | None = None, **options: Any) -> Response:
    with fetching(trusted_hosts=frozenset({server.host}), **options) as fetch:
        return fetch(request or Request(server.url))


def refused(script: Script, **options: Any) -> SourceError:
    with serving(script) as server, pytest.raises(SourceError) as caught:
        fetched(server, **options)
    assert "127.0.0.1" in str(caught.value)
    return caught.value


def told(error: SourceError) -> tuple[FaultKind, str]:
    return error.kind, str(error)


def refused_at(url: str, **options: Any) -> SourceError:
    with fetching(**options) as fetch, pytest.raises(SourceError) as caught:
        fetch(Request(url))
    return caught.value


# What comes back


def test_fetch_gives_the_whole_answer_when_all_is_well() -> None:
    with serving(says(200, b"<rss/>", Content_Type="text/xml", X_Twice="a")) as server:
        answer = fetched(server)
    assert (answer.url, answer.status, answer.body) == (server.url, 200, b"<rss/>")
    assert answer.headers["content-type"] == "text/xml"


def test_fetch_says_who_we_are() -> None:
    with serving(says()) as server:
        fetched(server)
        fetched(server, user_agent="Bench/1")
    assert [seen.headers["user-agent"] for seen in server.seen] == [
        "Pijplijn/0.1 (+https://github.com/gemeente-enschede/pijplijn)",
        "Bench/1",
    ]


def test_fetch_ignores_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    with serving(says(200, b"straight")) as server:
        assert fetched(server).body == b"straight"


def test_fetch_gives_304_back_when_a_validator_still_holds() -> None:
    def script(conversation: Conversation) -> None:
        conversation.say(
            304 if conversation.headers.get("If-None-Match") == '"v1"' else 200, b"", ETag='"v1"'
        )

    with serving(script) as server:
        first = fetched(server)
        second = fetched(server, with_validator(Request(server.url), validator_of(first)))
    assert [first.status, second.status] == [200, 304]


def test_with_validator_adds_only_what_is_known() -> None:
    request = Request("http://a.nl/", headers={"Accept": "text/xml"})
    both = with_validator(request, Validator(etag='"x"', last_modified="yesterday"))
    assert both.headers == {"Accept": "text/xml", "If-None-Match": '"x"', "If-Modified-Since": "yesterday"}
    assert with_validator(request, Validator()).headers == request.headers
    assert with_validator(request, None) is request


def test_validator_of_holds_the_hash_of_the_body() -> None:
    answer = Response("http://a.nl/", 200, {"etag": '"x"', "last-modified": "then"}, b"abc")
    assert validator_of(answer) == Validator('"x"', "then", hashlib.sha256(b"abc").hexdigest())


def test_fetch_makes_strange_header_bytes_legible() -> None:
    with serving(raw(b'HTTP/1.1 200 OK\r\nETag: "caf\xe9"\r\nContent-Length: 0\r\n\r\n')) as server:
        assert fetched(server).headers["etag"] == '"caf\ufffd"'


def test_fetch_takes_a_very_long_header() -> None:
    with serving(says(200, b"ok", Content_Security_Policy="x" * 30000)) as server:
        assert fetched(server).body == b"ok"


def test_fetch_sends_files_as_file_parts() -> None:
    files = {"query": ("blob", b'{"a": 1}', "application/json")}
    with serving(says()) as server:
        fetched(server, Request(server.url, method="POST", files=files))
    (seen,) = server.seen
    assert seen.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="query"; filename="blob"' in seen.body
    assert b"Content-Type: application/json" in seen.body
    assert b'{"a": 1}' in seen.body


def test_fetch_sends_nothing_of_one_request_with_the_next() -> None:
    with serving(says()) as server, fetching(trusted_hosts=frozenset({server.host})) as fetch:
        for asked in (
            Request(server.url, "POST", files={"query": ("blob", b"{}", "application/json")}),
            Request(server.url),
            Request(server.url, "POST", {"X-Key": "k"}, body=b"raw"),
            Request(server.url),
        ):
            fetch(asked)
    assert [(one.method, one.body[-3:], one.headers.get("x-key")) for one in server.seen[1:]] == [
        ("GET", b"", None), ("POST", b"raw", "k"), ("GET", b"", None),
    ]  # fmt: skip


def test_fetch_sends_a_body_as_it_is() -> None:
    with serving(says()) as server:
        fetched(server, Request(server.url, method="POST", body=b"raw", headers={"Content-Type": "text/x"}))
    assert [(seen.method, seen.body, seen.headers["content-type"]) for seen in server.seen] == [
        ("POST", b"raw", "text/x")
    ]


# Statuses


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (401, FaultKind.REFUSED, "we are not let in."),
        (403, FaultKind.REFUSED, "we are not let in."),
        (404, FaultKind.MISSING, "there is no such page any more."),
        (410, FaultKind.MISSING, "there is no such page any more."),
        (429, FaultKind.BUSY, "it asks us to come back later."),
        (503, FaultKind.BUSY, "it asks us to come back later."),
        (204, FaultKind.BROKEN, ""),
        (302, FaultKind.BROKEN, "Wrong key & no page."),
        (400, FaultKind.BROKEN, "Wrong key & no page."),
        (418, FaultKind.BROKEN, "Wrong key & no page."),
        (500, FaultKind.BROKEN, "Wrong key & no page."),
        (502, FaultKind.BROKEN, "Wrong key & no page."),
    ],
)
def test_fetch_says_what_a_status_means(status: int, kind: FaultKind, words: str) -> None:
    page = (
        b"<html><style>p {}</style><p>Wrong key\n &amp; <b>no page.</b></p></html>" if status != 204 else b""
    )
    sentence = f"127.0.0.1 answered {status}: {words}" if words else f"127.0.0.1 answered {status}."
    assert told(refused(says(status, page))) == (kind, sentence)


def test_fetch_quotes_at_most_200_letters_of_a_bad_answer() -> None:
    assert len(str(refused(says(500, b"x" * 100_000)))) == len("127.0.0.1 answered 500: ") + 201


def test_fetch_still_tells_the_status_when_the_rest_is_cut() -> None:
    error = refused(raw(b"HTTP/1.1 500 Oops\r\nContent-Length: 99\r\n\r\nhalf"))
    assert told(error) == (FaultKind.BROKEN, "127.0.0.1 answered 500: half.")


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("", None),
        ("soon", None),
        ("²", None),
        ("9" * 5000, None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("Wed, 21 Oct 2015 07:28:00 -0000", None),
        ("Wed, 99 Oct 2015 07:28:00 GMT", None),
    ],
)
def test_fetch_hears_how_long_to_wait(words: str, seconds: float | None) -> None:
    line = f"Retry-After: {words}\r\n".encode()
    error = refused(raw(b"HTTP/1.1 429 Slow\r\n" + line + b"Content-Length: 0\r\n\r\n"))
    assert (error.kind, error.retry_after) == (FaultKind.BUSY, seconds)


def test_fetch_hears_until_when_to_wait() -> None:
    until = format_datetime(clock.now() + timedelta(minutes=10), usegmt=True)
    seconds = refused(says(503, Retry_After=until)).retry_after
    assert seconds is not None
    assert 590 < seconds <= 600


# Bodies that are not what they seem

CUT = (FaultKind.NETWORK, "127.0.0.1 sent an answer that was cut short.")
ZIPPED = gzip.compress(bytes(range(256)) * 40, mtime=0)


@pytest.mark.parametrize(
    "wire",
    [
        b"Content-Length: 99\r\n\r\nhalf",
        b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n9\r\nhalf",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhalf",
        b"Content-Encoding: gzip\r\nContent-Length: 999\r\n\r\n" + ZIPPED,
        b"Content-Encoding: gzip\r\n\r\n" + ZIPPED[:-20],
        b"Content-Encoding: gzip\r\n\r\n" + ZIPPED[:10],
        b"Content-Encoding: gzip\r\n\r\n" + ZIPPED + ZIPPED[:-4],
    ],
)
def test_fetch_never_takes_a_cut_body_for_whole(wire: bytes) -> None:
    assert told(refused(raw(b"HTTP/1.1 200 OK\r\n" + wire))) == CUT


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"many words", mtime=0)),
        ("X-GZip", gzip.compress(b"many words", mtime=0)),
        ("deflate", zlib.compress(b"many words")),
        ("gzip", gzip.compress(b"many ", mtime=0) + gzip.compress(b"words", mtime=0)),
        ("identity", b"many words"),
    ],
)
def test_fetch_unpacks_what_is_packed(encoding: str, packed: bytes) -> None:
    with serving(says(200, packed, Content_Encoding=encoding)) as server:
        assert fetched(server).body == b"many words"


def test_fetch_gives_nothing_when_nothing_was_packed() -> None:
    with serving(says(200, b"", Content_Encoding="gzip")) as server:
        assert fetched(server).body == b""


def test_fetch_refuses_a_packing_it_cannot_undo() -> None:
    assert told(refused(says(200, b"x", Content_Encoding="br"))) == (
        FaultKind.BROKEN, "127.0.0.1 packed its answer as 'br', which we did not ask for.",
    )  # fmt: skip
    assert told(refused(says(200, b"not gzip", Content_Encoding="gzip"))) == (
        FaultKind.BROKEN, "127.0.0.1 packed its answer in a way that cannot be undone.",
    )  # fmt: skip


MB = 1024 * 1024
LARGE = (FaultKind.UNSAFE, "The answer of 127.0.0.1 is larger than 1 MB.")


def test_fetch_takes_a_body_of_just_the_cap() -> None:
    with serving(says(200, gzip.compress(b"x" * MB, mtime=0), Content_Encoding="gzip")) as server:
        assert len(fetched(server, limits=Limits(body=MB)).body) == MB


def test_fetch_stops_when_a_body_is_larger_than_the_cap() -> None:
    assert told(refused(says(200, b"x" * (MB + 1)), limits=Limits(body=MB))) == LARGE


def test_fetch_stops_a_bomb_early() -> None:
    sent = []

    def bomb(conversation: Conversation) -> None:
        packer = zlib.compressobj(9, wbits=31)
        conversation.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
        for _ in range(4000):  # 4 GB unpacked
            conversation.wfile.write(packer.compress(bytes(MB)))
            sent.append(MB)

    assert told(refused(bomb, limits=Limits(body=MB))) == LARGE
    assert len(sent) < 2000


def test_fetch_gives_up_when_a_body_trickles_past_the_deadline() -> None:
    trickle = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", *[b"x"] * 40, pause=0.05)
    started = time.monotonic()
    error = refused(trickle, limits=Limits(total=0.4))
    assert told(error) == (FaultKind.NETWORK, "127.0.0.1 gave no whole answer within 0.4 seconds.")
    assert time.monotonic() - started < 3.5


def test_fetch_counts_redirects_against_the_same_deadline() -> None:
    def slow(conversation: Conversation) -> None:
        time.sleep(0.25)
        conversation.say(302, Location="/")

    with serving(slow) as server, pytest.raises(SourceError) as caught:
        fetched(server, limits=Limits(total=0.6))
    assert told(caught.value) == (FaultKind.NETWORK, "127.0.0.1 gave no whole answer within 0.6 seconds.")
    assert len(server.seen) <= 3


# No answer at all


def test_fetch_says_so_when_nobody_is_there() -> None:
    with serving(says()) as server:
        pass
    with pytest.raises(SourceError) as caught:
        fetched(server)
    assert told(caught.value) == (
        FaultKind.NETWORK, "127.0.0.1 could not be reached or broke off the connection.",
    )  # fmt: skip


def test_fetch_says_so_when_the_connection_breaks_off() -> None:
    assert told(refused(raw())) == (
        FaultKind.NETWORK, "127.0.0.1 could not be reached or broke off the connection.",
    )  # fmt: skip


def test_fetch_says_so_when_the_answer_is_no_http() -> None:
    assert told(refused(raw(b"220 mail.example ESMTP\r\n\r\n"))) == (
        FaultKind.BROKEN, "127.0.0.1 answered something that is not proper HTTP.",
    )  # fmt: skip


def test_fetch_says_so_when_the_connection_is_not_secure() -> None:
    with serving(says()) as server, pytest.raises(SourceError) as caught:
        fetched(server, Request(server.url.replace("http:", "https:")))
    assert told(caught.value) == (
        FaultKind.NETWORK, "127.0.0.1 offered no secure connection that can be trusted.",
    )  # fmt: skip


def test_fetch_says_so_when_a_name_leads_nowhere() -> None:
    error = refused_at("http://nowhere.onion/")  # libcurl looks no such name up (RFC 7686)
    assert told(error) == (FaultKind.NETWORK, "nowhere.onion is a name that cannot be found.")


def test_fetch_says_so_when_reaching_a_host_takes_too_long() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        host = f"127.0.0.1:{deaf.getsockname()[1]}"
        waiting = [socket.create_connection(deaf.getsockname())]  # fills the queue: nobody accepts
        error = refused_at(f"http://{host}/", trusted_hosts=frozenset({host}), limits=Limits(connect=0.3))
        waiting.pop().close()
    assert told(error) == (FaultKind.NETWORK, "127.0.0.1 could not be reached within 0.3 seconds.")


# Redirects


def to(location: str, status: int = 302) -> Script:
    return lambda conversation: conversation.say(
        *((status, b"") if conversation.path == "/" else (200, b"there")),
        **({"Location": location} if conversation.path == "/" else {}),
    )


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_fetch_follows_a_redirect(status: int) -> None:
    with serving(to("/elsewhere", status)) as server:
        answer = fetched(server)
    assert (answer.url, answer.body) == (f"{server.url}elsewhere", b"there")


@pytest.mark.parametrize(
    ("status", "method", "body"), [(303, "GET", b""), (302, "GET", b""), (307, "POST", b"raw")]
)
def test_fetch_repeats_a_post_only_when_the_redirect_says_so(status: int, method: str, body: bytes) -> None:
    with serving(to("/elsewhere", status)) as server:
        fetched(server, Request(server.url, method="POST", body=b"raw"))
    assert [(seen.method, seen.body) for seen in server.seen] == [("POST", b"raw"), (method, body)]


def test_fetch_takes_no_key_to_another_host() -> None:
    with serving(says(200, b"there")) as other, serving(to(other.url)) as server:
        headers = {"X-Api-Key": "secret", "Authorization": "Basic x", "If-None-Match": '"v1"'}
        trusted = frozenset({server.host, other.host})
        with fetching(trusted_hosts=trusted) as fetch:
            fetch(Request(server.url, headers=headers))
    assert server.seen[0].headers["x-api-key"] == "secret"
    kept = other.seen[0].headers
    assert ("x-api-key" in kept, "authorization" in kept, kept["if-none-match"]) == (False, False, '"v1"')


def test_fetch_stops_when_redirects_go_round() -> None:
    with serving(says(302, Location="/")) as server, pytest.raises(SourceError) as caught:
        fetched(server)
    assert told(caught.value) == (FaultKind.UNSAFE, "127.0.0.1 redirects more than 5 times.")
    assert len(server.seen) == 6


def test_fetch_follows_no_redirect_from_a_trusted_host_to_a_private_one() -> None:
    with serving(says(200, b"secret")) as inner, serving(says(302, Location=inner.url)) as server:
        with pytest.raises(SourceError) as caught:
            fetched(server)
        assert told(caught.value) == (
            FaultKind.UNSAFE, f"127.0.0.1 is asked on port {inner.server_port}; only 80 and 443 are.",
        )  # fmt: skip
    assert inner.connections == 0


@pytest.mark.parametrize(
    ("location", "sentence"),
    [
        ("http://10.0.0.1/", "10.0.0.1 leads to a private address, which is never read."),
        ("//[::1]/", "::1 leads to a private address, which is never read."),
        ("file:///etc/passwd", "'file:///etc/passwd' is not a web address."),
        ("gopher://127.0.0.1/", "'gopher://127.0.0.1/' is not a web address."),
        ("http://me:word@a.nl/", "An address of a.nl holds a name or a password."),
        ("http://a.nl:99999/", "'http://a.nl:99999/' is no address."),
    ],
)
def test_fetch_follows_no_redirect_to_an_unsafe_address(location: str, sentence: str) -> None:
    with serving(says(302, Location=location)) as server, pytest.raises(SourceError) as caught:
        fetched(server)
    assert told(caught.value) == (FaultKind.UNSAFE, sentence)


# Addresses that may not be read


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "localhost.", "LOCALHOST", "127.1", "127.0.1", "2130706433", "0x7f000001",
        "0x7f.0.0.1", "0177.0.0.1", "017700000001", "0.0.0.0", "0", "[::1]", "[::]", "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "127.0.0.1.",
        "127.255.0.1", "①②⑦.⓪.⓪.①", "%31%32%37.0.0.1", "127。0。0。1", "me@127.0.0.1", "a.nl@127.0.0.1",
        "127.0.0.1%00.a.nl",
    ],
)  # fmt: skip
def test_no_form_of_loopback_is_reached(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(says(200, b"secret")) as server:
        monkeypatch.setattr(
            "grants.sources.fetch.PORTS", {server.server_port}
        )  # so that only the guard stands
        error = refused_at(f"http://{host}:{server.server_port}/")
        assert server.connections == 0
    assert error.kind in {FaultKind.UNSAFE, FaultKind.NETWORK}


@pytest.mark.parametrize(
    "url", ["", "a.nl/feed", "/feed", "http://", "ftp://a.nl/", "http://[::1/", "http://" + "a" * 70 + ".nl/"]
)
def test_fetch_refuses_what_is_no_web_address(url: str) -> None:
    assert refused_at(url).kind == FaultKind.UNSAFE


def test_fetch_refuses_another_port() -> None:
    assert told(refused_at("http://a.nl:8080/")) == (
        FaultKind.UNSAFE, "a.nl is asked on port 8080; only 80 and 443 are.",
    )  # fmt: skip


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["127.0.0.1", "::1"], ["10.0.0.1", "192.168.0.1", "fe80::1"]]
)
def test_fetch_refuses_a_public_name_with_private_addresses(addresses: list[str]) -> None:
    error = refused_at("http://feeds.example/", names=Names(addresses))
    assert told(error) == (FaultKind.UNSAFE, "feeds.example leads to a private address, which is never read.")


def test_fetch_refuses_a_name_that_leads_home_the_second_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(says(200, b"home")) as server:
        port = server.server_port
        monkeypatch.setattr("grants.sources.fetch.PORTS", {port})
        trusted = frozenset({"trusted.example"})
        with fetching(trusted_hosts=trusted, names=Names(["127.0.0.1"])) as fetch:
            assert fetch(Request(f"http://trusted.example:{port}/")).body == b"home"
            with pytest.raises(SourceError) as caught:
                fetch(Request(f"http://rebound.example:{port}/"))
        assert (caught.value.kind, server.connections) == (FaultKind.UNSAFE, 1)


def test_the_trust_in_one_host_does_not_leak_to_another_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(says(200, b"home")) as server:
        port = server.server_port
        monkeypatch.setattr("grants.sources.fetch.PORTS", {port})
        with fetching(trusted_hosts=frozenset({"mine.example"}), names=Names(["127.0.0.1"])) as fetch:

            def outcome(host: str) -> str:
                try:
                    return fetch(Request(f"http://{host}:{port}/")).body.decode()
                except SourceError as error:
                    return error.kind

            with ThreadPoolExecutor(8) as pool:
                outcomes = list(pool.map(outcome, ["mine.example", "theirs.example"] * 20))
    assert outcomes == ["home", "unsafe"] * 20
    assert server.connections == 20


# Politeness


class Busy:
    """Counts how many requests are inside at once."""

    def __init__(self, pause: float) -> None:
        self.pause, self.inside, self.most, self.lock = pause, 0, 0, threading.Lock()

    def __call__(self, conversation: Conversation) -> None:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        time.sleep(self.pause)
        with self.lock:
            self.inside -= 1
        conversation.say(200, b"done")


def test_one_host_is_asked_one_thing_at_a_time_and_waiting_costs_no_deadline() -> None:
    busy = Busy(0.1)
    with (
        serving(busy) as server,
        fetching(trusted_hosts=frozenset({server.host}), limits=Limits(total=0.6)) as fetch,
        ThreadPoolExecutor(10) as pool,
    ):
        answers = list(pool.map(lambda _: fetch(Request(server.url)), range(10)))
    assert ([one.body for one in answers], busy.most) == ([b"done"] * 10, 1)


def test_several_hosts_are_asked_together() -> None:
    busy = Busy(0.2)
    with serving(busy) as server:
        hosts = [f"host{number}.example:{server.server_port}" for number in range(8)]
        names = Names(["127.0.0.1"])
        with fetching(trusted_hosts=frozenset(hosts), names=names) as fetch, ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda host: fetch(Request(f"http://{host}/")), hosts))
    assert busy.most > 1


# What is large


def large(server: Loopback, **options: Any) -> Response:
    return fetched(server, Request(server.url, large=True), **options)


@pytest.mark.parametrize(
    ("body", "headers"),
    [(b"many words", {}), (gzip.compress(b"many words", mtime=0), {"Content_Encoding": "gzip"})],
)
def test_a_large_answer_comes_as_a_file_at_its_start(body: bytes, headers: dict[str, str]) -> None:
    with serving(says(200, body, ETag='"v1"', **headers)) as server:
        answer = large(server, limits=Limits(body=4))
    assert answer.body == b""
    assert answer.file is not None
    assert validator_of(answer) == Validator('"v1"', "", hashlib.sha256(b"many words").hexdigest())
    with answer.file as file:
        assert file.read() == b"many words"


def test_a_large_answer_that_did_not_change_has_no_file() -> None:
    with serving(says(304)) as server:
        answer = large(server)
    assert (answer.status, answer.file) == (304, None)


def test_a_large_answer_has_limits_of_its_own() -> None:
    few = Limits(total=0.3, body=1000)
    with serving(says(200, b"x" * 2000)) as server, pytest.raises(SourceError, match="larger than"):
        large(server, large=few)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"
    with (
        serving(raw(head, b"x", pause=0.5)) as server,
        pytest.raises(SourceError, match=r"within 0\.3 seconds"),
    ):
        large(server, large=few)
    with serving(raw(head, b"x" * 499)) as server, pytest.raises(SourceError, match="cut short"):
        large(server)


def test_a_large_request_stays_large_where_it_is_redirected() -> None:
    def script(conversation: Conversation) -> None:
        if conversation.path == "/there":
            conversation.say(200, b"x" * 50)
        else:
            conversation.say(303, b"", Location="/there")

    with serving(script) as server:
        answer = fetched(server, Request(server.url, method="POST", large=True), limits=Limits(body=4))
        assert answer.file is not None
        answer.file.close()


def test_a_large_answer_of_a_private_address_is_never_read() -> None:
    with serving(says(200, b"secret")) as server, fetching() as fetch, pytest.raises(SourceError) as caught:
        fetch(Request(server.url, large=True))
    assert (caught.value.kind, server.connections) == (FaultKind.UNSAFE, 0)
