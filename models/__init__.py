# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What exists: tables, and the facts about one row. Importing this loads every table."""

from models import (
    application as application,
)
from models import (
    audit as audit,
)
from models import (
    calendar as calendar,
)
from models import (
    call as call,
)
from models import (
    colleague as colleague,
)
from models import (
    interest as interest,
)
from models import (
    link as link,
)
from models import (
    match as match,
)
from models import (
    message as message,
)
from models import (
    obligation as obligation,
)
from models import (
    office as office,
)
from models import (
    partner as partner,
)
from models import (
    reminder as reminder,
)
from models import (
    restoration as restoration,
)
from models import (
    search as search,
)
from models import (
    snag as snag,
)
from models import (
    source as source,
)
from models import (
    theme as theme,
)
from models import (
    trouble as trouble,
)
from models import (
    vector as vector,
)
from models.base import Base as Base
