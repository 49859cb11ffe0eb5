# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What is on the disk, whatever happens next."""

import os
from pathlib import Path


def on_disk(path: Path) -> None:
    """Wait until the disk has a file; of a folder, the names in it, without which a new file is not safe."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
