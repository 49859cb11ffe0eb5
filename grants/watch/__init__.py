# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Watch: whether the office can do its work, what asks for a person, and the figures beside it."""

from grants.watch.figures import Figures as Figures
from grants.watch.figures import database_size as database_size
from grants.watch.figures import figures as figures
from grants.watch.machine import Machine as Machine
from grants.watch.machine import machine as machine
from grants.watch.ready import Readiness as Readiness
from grants.watch.ready import readiness as readiness
from grants.watch.runs import EXPECTED as EXPECTED
from grants.watch.runs import FlowLine as FlowLine
from grants.watch.runs import flow_lines as flow_lines
from grants.watch.signs import Sign as Sign
from grants.watch.signs import red as red
from grants.watch.words import flow_word as flow_word
from grants.watch.words import words as words
