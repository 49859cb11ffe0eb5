# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The page the day begins with: what a colleague must do this week."""

from grants.home.decisions import deciding as deciding
from grants.home.decisions import relevant as relevant
from grants.home.duties import Duties as Duties
from grants.home.duties import Duty as Duty
from grants.home.news import Mention as Mention
from grants.home.news import mentions as mentions
from grants.home.week import RED as RED
from grants.home.week import Week as Week
from grants.home.week import week as week
