# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Personal data: a colleague's own as a file, a former one made nameless, and what is let go in time."""

from grants.privacy.erase import Erased as Erased
from grants.privacy.erase import erase as erase
from grants.privacy.export import export as export
from grants.privacy.retention import let_go as let_go
