# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The office's themes (thema's): the words they go by, what other words would find, and what is kept."""

from grants.themes.deeds import StaleError as StaleError
from grants.themes.deeds import change as change
from grants.themes.deeds import create as create
from grants.themes.deeds import draw_line as draw_line
from grants.themes.deeds import find as find
from grants.themes.deeds import name_taken as name_taken
from grants.themes.deeds import seen as seen
from grants.themes.deeds import switch as switch
from grants.themes.exchange import Difference as Difference
from grants.themes.exchange import differences as differences
from grants.themes.exchange import sheets as sheets
from grants.themes.exchange import take_in as take_in
from grants.themes.expected import Expected as Expected
from grants.themes.expected import expected as expected
from grants.themes.file import FileError as FileError
from grants.themes.file import Sheet as Sheet
from grants.themes.file import read as read
from grants.themes.file import sheet as sheet
from grants.themes.file import written as written
from grants.themes.lists import ThemeLine as ThemeLine
from grants.themes.lists import compared as compared
from grants.themes.lists import others as others
from grants.themes.lists import theme_lines as theme_lines
from grants.themes.suggestions import Suggestion as Suggestion
from grants.themes.suggestions import approve as approve
from grants.themes.suggestions import refuse as refuse
from grants.themes.suggestions import suggestions as suggestions
from grants.themes.tooi import MOST_ADDRESSES as MOST_ADDRESSES
from grants.themes.tooi import is_address as is_address
from grants.themes.trial import ENOUGH as ENOUGH
from grants.themes.trial import LATEST as LATEST
from grants.themes.trial import TOO_MUCH as TOO_MUCH
from grants.themes.trial import Trial as Trial
from grants.themes.trial import try_words as try_words
from grants.themes.vocabulary import KINDS as KINDS
from grants.themes.vocabulary import LONGEST_TERM as LONGEST_TERM
from grants.themes.vocabulary import MOST_TERMS as MOST_TERMS
from grants.themes.vocabulary import Flaw as Flaw
from grants.themes.vocabulary import Typed as Typed
from grants.themes.vocabulary import read_words as read_words
from grants.themes.why import Why as Why
from grants.themes.why import why as why
