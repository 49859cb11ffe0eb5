# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The demo's own sources, mailbox and settings; everything else is the real office."""
