# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import numpy as np
import pytest

from grants.scoring.evidence import evidence
from grants.scoring.lexicon import compile_lexicon
from grants.scoring.matrix import Hits, Offices, scores
from grants.scoring.model import Likeness, coefficients
from grants.scoring.score import match_every
from grants.scoring.words import Words

CONCEPTS = ("dijk", "rivier", "school", "leraar", "zonnepaneel")
CALLS = [
    ("Dijken", "Een dijk langs de rivier. " * 3),
    ("School", "De leraar en de rivier. " + "Niets meer. " * 60 + "Een zonnepaneel."),
    ("Niets", "Er staat niets."),
]
THEMES = [  # of two municipalities, two each
    Words("a", core={"nl": ("dijk",)}, terms={"nl": ("rivier",)}),
    Words("b", core={"nl": ("school", "leraar")}),
    Words("c", core={"nl": ("rivier", "zonnepaneel")}),
    Words("d", terms={"nl": ("school", "dijk")}),
]
ALIKE = np.array([[1.5, -0.5, 0.2, 0.2], [0, 2, -1, 3], [-1, -1.5, 0, 0.5]], np.float32)


def read_once() -> Hits:
    """Each concept a theme of its own: what the calls say, whatever the municipality."""
    lexicon = compile_lexicon([Words(str(at), core={"nl": (word,)}) for at, word in enumerate(CONCEPTS)])
    rows, starts, lengths = [], [0], []
    for title, text in CALLS:
        found = evidence(lexicon, title=title, text=text, language="nl")
        for concept, one in found.items():
            form = next(iter(one.forms.values()))
            rows.append((int(concept), one.strength / 3, one.title / 3, one.lead / 3))
            assert (len(one.forms), form.weight) == (1, 3)
        starts.append(len(rows))
        lengths.append(np.log1p(len(text) / 800))
    concept, strength, title, lead = (np.array(column, np.float32) for column in zip(*rows, strict=True))
    return Hits(
        np.array(starts), concept.astype(np.int32), strength, title, lead, np.array(lengths, np.float32)
    )


def municipalities() -> Offices:
    weights = [
        [3 * (word in theme.core.get("nl", ())) + (word in theme.terms.get("nl", ())) for theme in THEMES]
        for word in CONCEPTS
    ]
    return Offices(np.array(weights, np.float32), each=2)


def alone(*, meaning: bool) -> np.ndarray:
    """The same by the engine that scores one municipality's call at a time."""
    rows = []
    for call, (title, text) in enumerate(CALLS):
        row: list[float] = []
        for pair in (slice(0, 2), slice(2, 4)):
            one, other = ALIKE[call, pair].tolist()
            slugs = [theme.slug for theme in THEMES[pair]]
            likeness = {slugs[0]: Likeness(one, one - other), slugs[1]: Likeness(other, other - one)}
            told = match_every(
                compile_lexicon(THEMES[pair]), title=title, text=text, language="nl",
                likeness=likeness if meaning else None,
            )  # fmt: skip
            row += [sum(score.parts.values()) for score in told]
        rows.append(row)
    return np.array(rows)


@pytest.mark.parametrize("block", [1, 2, 50])
@pytest.mark.parametrize("meaning", [False, True])
def test_a_block_gives_what_one_municipality_would_get(block: int, *, meaning: bool):
    model = coefficients()[meaning]
    likeness = ALIKE.__getitem__ if meaning else None
    blocks = list(scores(read_once(), municipalities(), model, likeness=likeness, block=block))

    assert [calls.stop - calls.start for calls, _ in blocks] == (
        [1, 1, 1] if block == 1 else [2, 1] if block == 2 else [3]
    )
    assert np.concatenate([odds for _, odds in blocks]) == pytest.approx(alone(meaning=meaning), abs=1e-3)
