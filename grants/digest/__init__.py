# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The digest: each colleague's calls, dates and decisions, when they want them and no more than once."""

from grants.digest.choices import LONGEST as LONGEST
from grants.digest.choices import MOST as MOST
from grants.digest.choices import Choice as Choice
from grants.digest.choices import ChoiceError as ChoiceError
from grants.digest.choices import choosable as choosable
from grants.digest.choices import choose as choose
from grants.digest.choices import known_programmes as known_programmes
from grants.digest.choices import subscribed as subscribed
from grants.digest.choices import switch as switch
from grants.digest.facts import DigestFacts as DigestFacts
from grants.digest.facts import facts as facts
from grants.digest.rhythm import last_turn as last_turn
from grants.digest.rhythm import weekday as weekday
from grants.digest.tokens import colleague_of as colleague_of
from grants.digest.tokens import unsubscribe_token as unsubscribe_token
from grants.digest.write import preview as preview
from grants.digest.write import render as render
from grants.digest.write import unsubscribe_address as unsubscribe_address
from grants.digest.write import write_all as write_all
from grants.digest.write import write_digests as write_digests
