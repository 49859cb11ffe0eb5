# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Semaphore, Timer

import pytest

from grants.errors import FaultKind, SourceError
from grants.sources.ahead import asked_ahead, opening
from grants.sources.fetch import Web, fetching
from grants.sources.reading import Fetch, Request, SourceConfig, Validator
from grants.sources.transfer import Hop
from tests.grants.sources.loopback import Conversation, Loopback, serving

KNOWN = Validator('"v1"')


def source(url: str, kind: str = "rss") -> SourceConfig:
    return SourceConfig("a", kind, url, "nl", "UTC")


def answers(conversation: Conversation) -> None:
    """By path: what did not change, what did, a refusal and a redirect."""
    if conversation.path == "/same" and conversation.headers.get("If-None-Match") == '"v1"':
        conversation.say(304)
    elif conversation.path == "/shut":
        conversation.say(403)
    elif conversation.path == "/moved":
        conversation.say(301, Location="/same")
    else:
        conversation.say(200, b"fresh")


@contextmanager
def web(script: object = answers) -> Iterator[tuple[Loopback, Web]]:
    """A server, and a fetch that may ask it."""
    with (
        serving(script) as server,  # type: ignore[arg-type]
        fetching(trusted_hosts=frozenset({server.host})) as fetch,
    ):
        yield server, fetch


def foreseen(server: Loopback, fetch: Web, *paths: str) -> dict[str, Hop]:
    found = {path: opening(fetch, source(server.url + path), {server.url + path: KNOWN}) for path in paths}
    return {path: hop for path, hop in found.items() if hop}


def ahead(
    fetch: Web, hops: dict[str, Hop], *, places: int = 32, stopped: bool = False
) -> dict[str, tuple[Fetch, bool]]:
    asked = asked_ahead(fetch, hops, places=Semaphore(places), stopped=lambda: stopped)
    return {slug: (given, quiet) for slug, given, quiet in asked}


def test_the_first_request_is_foreseen_only_where_it_is_sure_and_allowed() -> None:
    with fetching() as fetch:
        hop = opening(fetch, source("http://x.example/feed"), {"http://x.example/feed": KNOWN})
        assert hop is not None
        assert (hop.request.headers["If-None-Match"], hop.trusted) == ('"v1"', False)
        assert opening(fetch, source("http://x.example/", kind="sedia"), {}) is None
        assert opening(fetch, source("gopher://x.example/"), {}) is None


def test_what_was_asked_ahead_is_not_asked_again() -> None:
    with web() as (server, fetch):
        found = ahead(fetch, foreseen(server, fetch, "same", "new"))
        got = {path: given(hop_request(server, path)) for path, (given, _) in found.items()}
    assert {path: (one.status, one.body) for path, one in got.items()} == {
        "same": (304, b""), "new": (200, b"fresh"),
    }  # fmt: skip
    assert {path: quiet for path, (_, quiet) in found.items()} == {"same": True, "new": False}
    assert sorted(seen.path for seen in server.seen) == ["/new", "/same"]
    assert all(seen.headers["user-agent"].startswith("Pijplijn/") for seen in server.seen)


def hop_request(server: Loopback, path: str) -> Request:
    return Request(server.url + path, headers={"If-None-Match": '"v1"'})


def test_another_request_than_was_foreseen_is_asked_as_ever() -> None:
    with web() as (server, fetch):
        ((given, _),) = ahead(fetch, foreseen(server, fetch, "same")).values()
        assert given(Request(server.url + "other")).body == b"fresh"
        assert given(hop_request(server, "same")).status == 304
        assert given(Request(server.url + "same")).body == b"fresh"
    assert [seen.path for seen in server.seen] == ["/same", "/other", "/same"]


def test_a_redirect_is_followed_from_the_answer_that_is_there() -> None:
    with web() as (server, fetch):
        ((given, quiet),) = ahead(fetch, foreseen(server, fetch, "moved")).values()
        answer = given(hop_request(server, "moved"))
    assert (quiet, answer.status, answer.url) == (False, 304, f"{server.url}same")
    assert [seen.path for seen in server.seen] == ["/moved", "/same"]


def test_a_refusal_is_told_to_who_reads_and_not_asked_for_twice() -> None:
    with web() as (server, fetch):
        ((given, _),) = ahead(fetch, foreseen(server, fetch, "shut")).values()
        with pytest.raises(SourceError, match="we are not let in"):
            given(hop_request(server, "shut"))
    assert len(server.seen) == 1


def test_a_private_address_is_not_reached_ahead_either() -> None:
    with serving(answers) as server, fetching(names=lambda _: ["127.0.0.1"]) as fetch:
        hop = opening(fetch, source("http://rebound.example/"), {})
        assert hop is not None
        ((given, quiet),) = ahead(fetch, {"a": hop}).values()
        with pytest.raises(SourceError) as caught:
            given(Request("http://rebound.example/"))
    assert (quiet, caught.value.kind, server.connections) == (False, FaultKind.UNSAFE, 0)


def test_one_host_is_asked_one_thing_at_a_time() -> None:
    inside, most = [0], [0]

    def slow(conversation: Conversation) -> None:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        time.sleep(0.03)
        inside[0] -= 1
        conversation.say(304)

    with web(slow) as (server, fetch):
        found = ahead(fetch, foreseen(server, fetch, *"abcdef"))
    assert (len(found), most) == (6, [1])


def test_no_more_are_asked_than_there_are_places_until_one_comes_free() -> None:
    with web() as (server, fetch):
        places = Semaphore(2)
        asked = asked_ahead(fetch, foreseen(server, fetch, *"abcde"), places=places, stopped=lambda: False)
        for number, _ in enumerate(asked, start=1):
            assert len(server.seen) <= number + 2
            places.release()
        assert len(server.seen) == 5


def test_nobody_is_asked_when_nobody_listens() -> None:
    with web() as (server, fetch):
        assert ahead(fetch, foreseen(server, fetch, "a", "b"), stopped=True) == {}
        assert server.connections == 0


def test_who_finds_no_place_waits_for_one() -> None:
    with web() as (server, fetch):
        places = Semaphore(1)
        asked = asked_ahead(fetch, foreseen(server, fetch, "a", "b"), places=places, stopped=lambda: False)
        next(asked)
        Timer(0.1, places.release).start()
        assert [slug for slug, _, _ in asked] == ["b"]


def test_many_hosts_are_asked_together_and_left_free_when_nobody_listens_any_more() -> None:
    def slow(conversation: Conversation) -> None:
        if not conversation.headers["Host"].startswith("host0"):
            time.sleep(0.2)
        conversation.say(200, b"there")

    with serving(slow) as server:
        hosts = [f"host{number}.example:{server.server_port}" for number in range(6)]
        with fetching(trusted_hosts=frozenset(hosts), names=lambda _: ["127.0.0.1"]) as fetch:
            urls = [f"http://{host}/" for host in hosts]
            hops = {url: hop for url in urls if (hop := opening(fetch, source(url), {}))}
            asked = asked_ahead(fetch, hops, places=Semaphore(9), stopped=lambda: False)
            assert next(asked)[0] == urls[0]
            asked.close()  # type: ignore[attr-defined]
            assert [fetch(Request(url)).body for url in urls] == [b"there"] * 6
