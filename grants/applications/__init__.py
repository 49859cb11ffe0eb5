# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Applications (aanvragen): who may know of one, its way from stage to stage, and everything on it."""

from grants.applications.create import create as create
from grants.applications.create import draft as draft
from grants.applications.create import edit as edit
from grants.applications.deeds import StaleError as StaleError
from grants.applications.lists import Line as Line
from grants.applications.lists import Wanted as Wanted
from grants.applications.lists import applications as applications
from grants.applications.lists import applications_for as applications_for
from grants.applications.lists import board as board
from grants.applications.lists import call_to_apply_for as call_to_apply_for
from grants.applications.lists import partners as partners
from grants.applications.lists import staff as staff
from grants.applications.lists import tasks as tasks
from grants.applications.moves import can_undo as can_undo
from grants.applications.moves import move as move
from grants.applications.moves import undo_move as undo_move
from grants.applications.page import Page as Page
from grants.applications.page import application_page as application_page
from grants.applications.parts import PARTS as PARTS
from grants.applications.parts import Part as Part
from grants.applications.parts import add_part as add_part
from grants.applications.parts import change_part as change_part
from grants.applications.parts import fingerprint as fingerprint
from grants.applications.parts import finish_part as finish_part
from grants.applications.parts import part as part
from grants.applications.parts import partner as partner
from grants.applications.parts import remove_part as remove_part
from grants.applications.visible import find as find
from grants.applications.visible import note_look as note_look
from grants.applications.visible import visible as visible
