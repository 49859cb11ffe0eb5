# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""How each kind of source is read: one adapter a file, all held to reading.py."""
