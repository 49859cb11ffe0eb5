# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What an office's verdicts teach of its themes: learned by the flows, undone on a theme's page."""

from grants.lessons.apply import Taught as Taught
from grants.lessons.apply import taught as taught
from grants.lessons.page import TAKEN_DOWN as TAKEN_DOWN
from grants.lessons.page import LessonPage as LessonPage
from grants.lessons.page import hidden as hidden
from grants.lessons.page import page as page
from grants.lessons.versions import learn_all as learn_all
from grants.lessons.versions import learn_theme as learn_theme
from grants.lessons.versions import restore as restore
from grants.lessons.versions import undo as undo
from grants.scoring.feedback import FEWEST as FEWEST
