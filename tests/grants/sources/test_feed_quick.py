# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The quicker feedparser finds what the plain one finds, dates aside; each in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import HOME
from tests.snapshots import CAPTURES

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Förderung \x80 – Übersicht</title>
{items}</channel></rss>"""
ITEMS = {
    "lines": "<item><title>Een\ntwee\r\ndrie</title><guid>1</guid></item>",
    "references": "<item><title>A &amp; B &#233; &lt;b&gt; &#8364;</title><link>https://x.example/?a=1&amp;b=2</link></item>",
    "cdata": "<item><description><![CDATA[<p>één</p>\n<p>&amp; twee</p>]]> en meer</description></item>",
    "comment": "<item><title>voor <!-- ertussen --> na</title></item>",
    "letters": "<item><title>Zuwendung für Straßen, „Wärme“ ‘s avonds — \x93quoted\x94 漢字 🚲</title></item>",
    "markup": "<item><title>a</title><description>&lt;ul&gt;\n&lt;li&gt;ü&lt;/li&gt;&lt;/ul&gt;</description></item>",
    "broken": "<item><title>half & half</title><guid>2</guid>",
}
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Ö</title><entry><id>a</id><title type="html">&lt;i&gt;x&lt;/i&gt;</title>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">één &lt; twee
<b>vet</b></div></content><category term="wäter"/></entry></feed>"""
FINDS = """
import json, sys
from io import BytesIO
import feedparser
if sys.argv[1] == "quick":
    from grants.sources.feed_quick import quicken
    quicken()
def plain(found):
    if isinstance(found, dict):
        return {name: plain(one) for name, one in found.items() if not name.endswith("_parsed") and name != "bozo_exception"}
    return [plain(one) for one in found] if isinstance(found, list) else found
print(json.dumps([
    plain(feedparser.parse(BytesIO(text.encode()), sanitize_html=False, resolve_relative_uris=False))
    for text in json.load(sys.stdin)
]))
"""


def found(way: str, documents: list[str]) -> list[object]:
    run = subprocess.run(
        [sys.executable, "-c", FINDS, way],
        cwd=HOME,
        input=json.dumps(documents),
        text=True,
        capture_output=True,
        check=True,
    )
    return list(json.loads(run.stdout))


def test_the_quicker_feedparser_finds_what_the_plain_one_finds() -> None:
    documents = [
        *(RSS.format(items=one) for one in ITEMS.values()),
        RSS.format(items="".join(ITEMS.values())),
        ATOM,
        "<rss",
    ]
    for name, quick, plain in zip(
        [*ITEMS, "all", "atom", "cut"], found("quick", documents), found("plain", documents), strict=True
    ):
        assert quick == plain, name


@pytest.mark.skipif(not CAPTURES.is_dir(), reason="the captures are not here")
def test_the_quicker_feedparser_finds_the_same_in_real_feeds() -> None:
    files: list[Path] = [*CAPTURES.glob("**/*.xml"), *CAPTURES.glob("**/*.rss")]
    documents = [
        text for one in files if "<rss" in (text := one.read_text(encoding="utf-8", errors="replace"))[:500]
    ]
    assert documents
    assert found("quick", documents) == found("plain", documents)
