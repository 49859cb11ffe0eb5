# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Make the files of secrets/ that compose.yaml asks for; one that is there already stays as it is."""

import secrets
import sys
from pathlib import Path


def make(folder: Path, *, smtp_url: str) -> list[str]:
    """Returns the names of those that were made."""
    office, own = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    said = {
        "office_password": office,
        "prefect_password": own,
        "database_url": f"postgresql://office:{office}@office-database/office",
        "prefect_database": f"postgresql+asyncpg://office:{own}@prefect-database/office",
        "prefect_auth": f"pijplijn:{secrets.token_urlsafe(24)}",
        "secret_key": secrets.token_urlsafe(32),
        "smtp_url": smtp_url,
    }
    folder.mkdir(mode=0o700, exist_ok=True)
    there = {file.name for file in folder.iterdir()}
    if there & said.keys() and not said.keys() <= there:
        sys.exit(f"{folder} has some of the secrets and not others: they belong together.")
    made = sorted(said.keys() - there)
    for name in made:
        (folder / name).write_text(said[name])
        (folder / name).chmod(0o444)  # containers read them as users of their own
    return made


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - one word
        sys.exit(
            "Say the municipality's relay: python ops/servers/make_secrets.py smtp://relay.example.nl:25"
        )
    for file in make(Path("secrets"), smtp_url=sys.argv[1]):
        print(f"secrets/{file}")  # noqa: T201 - what it did
