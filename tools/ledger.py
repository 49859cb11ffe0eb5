# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""`python -m tools.ledger`: write the page of the ledger, docs/security/asvs.md, from asvs.csv beside it."""

import csv
from collections import Counter
from typing import Final

from config.settings import HOME

FILE: Final = HOME / "docs" / "security" / "asvs.csv"
PAGE: Final = FILE.with_suffix(".md")
HEAD: Final = """# OWASP ASVS 5.0, levels 1 and 2

Every item of both levels, by its number in [ASVS 5.0.0](https://github.com/OWASP/ASVS) (CC BY-SA 4.0), in our
own words: read the standard itself for what it asks. *Met* has a test or, where it asks for something
written down, the place; *n/a* has a reason; *operator* is met by who runs it, or by the municipality's own
services; *accepted* is not met as it is worded, for a reason. Written from `asvs.csv` by
`python -m tools.ledger`; `tests/test_security_ledger.py` holds that none is left out and every test exists.

"""


def rendered() -> str:
    """The page."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    counts = Counter(row["verdict"] for row in rows)
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())
    lines = [
        f"{len(rows)} items: {told}.",
        "",
        "| item | level | about | verdict | proof or reason |",
        "|---|---|---|---|---|",
    ]
    for row in rows:
        proofs = [
            f"`{one.rpartition('::')[2]}`" if "::" in one else f"[{one}]({_from_here(one)})"
            for one in row["proof"].split()
        ]
        said = " ".join([row["why"], ", ".join(proofs)]).strip()
        lines.append(f"| {row['id']} | {row['level']} | {row['about']} | {row['verdict']} | {said} |")
    return HEAD + "\n".join(lines) + "\n"


def _from_here(path: str) -> str:
    return (
        path.removeprefix("docs/security/")
        if path.startswith("docs/security/")
        else "../" + path.removeprefix("docs/")
    )


if __name__ == "__main__":
    PAGE.write_text(rendered(), encoding="utf-8")
