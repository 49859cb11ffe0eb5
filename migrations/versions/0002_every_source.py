# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Every source the region lives on."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def filled() -> sa.Column[object]:
    return sa.Column("filled", sa.JSON(none_as_null=True), nullable=False, server_default="{}")


def upgrade() -> None:
    op.create_table(
        "call_link",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("confidence", sa.Numeric(precision=3, scale=2), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("call_id < other_id", name=op.f("ck_call_link_order")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_link_call_id_call")),
        sa.ForeignKeyConstraint(["other_id"], ["call.id"], name=op.f("fk_call_link_other_id_call")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_link")),
        sa.UniqueConstraint("call_id", "other_id", name=op.f("uq_call_link_call_id_other_id")),
    )
    with op.batch_alter_table("call_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_link_other_id"), ["other_id"], unique=False)

    op.create_table(
        "key_date",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("at_time", sa.Time(), nullable=True),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_key_date_call_id_call")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_date")),
    )
    with op.batch_alter_table("key_date", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_key_date_call_id"), ["call_id"], unique=False)

    op.create_table(
        "look",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["harvest_run.id"], name=op.f("fk_look_run_id_harvest_run")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_look_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look")),
    )
    with op.batch_alter_table("look", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_look_source_id"), ["source_id"], unique=False)

    # Said inline: SQLite would otherwise copy the table that deadlines and changes point at.
    op.add_column(
        "call",
        sa.Column(
            "folded_into_id", sa.Integer(), sa.ForeignKey("call.id", name="fk_call_folded_into_id_call")
        ),
        inline_references=True,
    )
    op.create_index(op.f("ix_call_folded_into_id"), "call", ["folded_into_id"])

    op.create_table(
        "trouble",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trouble")),
    )
    with op.batch_alter_table("trouble", schema=None) as batch_op:
        batch_op.create_index(
            "uq_trouble_open_key",
            ["key"],
            unique=True,
            sqlite_where=sa.text("over_at IS NULL"),
            postgresql_where=sa.text("over_at IS NULL"),
        )

    with op.batch_alter_table("harvest_run", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("filled", sa.JSON(none_as_null=True), nullable=False, server_default="{}")
        )

    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("at_most", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("news_every_days", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("filled", sa.JSON(none_as_null=True), nullable=False, server_default="{}")
        )
        batch_op.add_column(sa.Column("last_news_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("normal_since", sa.DateTime(timezone=True), nullable=True))
