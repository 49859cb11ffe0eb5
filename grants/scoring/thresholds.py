# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""From which score on a theme shows a call: three lines, of which every theme has one."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from grants.scoring.model import Band, floors
from models.theme import Threshold

_BANDS: Final = {band: floor for floor, band in floors()}

LINES: Final[Mapping[Threshold, Decimal]] = MappingProxyType({
    Threshold.NARROW: Decimal("0.500"),  # as likely as not
    Threshold.NORMAL: _BANDS[Band.LIKELY],  # where F1 is highest
    Threshold.WIDE: _BANDS[Band.POSSIBLE],
})  # fmt: skip
"""The lowest score that is shown, the highest line first."""
