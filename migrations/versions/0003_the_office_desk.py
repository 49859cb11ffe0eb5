# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The office desk."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import DDL, select, update

from models.audit import GUARDS, NOT_EMPTIED, SEALED, AuditEntry, fingerprint

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def words(name: str, length: int | None = None, default: str = "") -> sa.Column[str]:
    kind = sa.Text() if length is None else sa.String(length)
    return sa.Column(name, kind, nullable=False, server_default=default)


def reference(name: str, table: str, target: str) -> sa.Column[int]:
    """A foreign key on an existing table: said inline, for SQLite adds no constraint afterwards."""
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}_{target}"))


ADDED = [
    ("application", words("funder", 200)),
    ("application", words("reference", 200)),
    ("application", sa.Column("runs_from", sa.Date())),
    ("application", sa.Column("runs_until", sa.Date())),
    ("application", sa.Column("reminder_days", sa.JSON(none_as_null=True))),
    ("application", reference("backup_id", "application", "colleague")),
    ("audit_entry", reference("office_id", "audit_entry", "office")),
    ("audit_entry", reference("application_id", "audit_entry", "application")),
    ("audit_entry", words("previous_hash", 64)),
    ("audit_entry", words("hash", 64)),
    ("colleague", words("access", 40, "editor")),
    ("colleague", sa.Column("subject", sa.String(300))),
    ("colleague", words("password", 300)),
    ("colleague", words("totp", 300)),
    ("colleague", sa.Column("totp_used", sa.Integer(), nullable=False, server_default="0")),
    ("colleague", sa.Column("last_seen_at", sa.DateTime(timezone=True))),
    ("decision", words("conditions")),
    ("decision", words("url", 2000)),
    ("milestone", words("kind", 40)),
    ("milestone", reference("planned_by", "milestone", "plan_step")),
    ("obligation", reference("partner_id", "obligation", "partner")),
    ("obligation", words("note")),
    ("participation", words("contact", 254)),
    ("stage_change", reference("undoes_id", "stage_change", "stage_change")),
    ("theme", sa.Column("edited_at", sa.DateTime(timezone=True))),
    ("theme", words("edited_by", 200)),
]


def upgrade() -> None:
    op.create_table(
        "sign_in_failure",
        sa.Column("counted", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_failure_counted_at"), ["counted", "at"], unique=False)

    op.create_table(
        "closure",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_closure_office_id_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
        sa.UniqueConstraint("office_id", "on_date", name=op.f("uq_closure_office_id_on_date")),
    )
    op.create_table(
        "plan_step",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("german_too", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_plan_step_office_id_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_step")),
    )
    with op.batch_alter_table("plan_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_step_office_id"), ["office_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("colleague_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_assignment_call_id_call")),
        sa.ForeignKeyConstraint(
            ["colleague_id"], ["colleague.id"], name=op.f("fk_assignment_colleague_id_colleague")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_assignment_office_id_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_colleague_id"), ["colleague_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_office_id"), ["office_id"], unique=False)

    op.create_table(
        "follow",
        sa.Column("colleague_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_follow_call_id_call")),
        sa.ForeignKeyConstraint(
            ["colleague_id"], ["colleague.id"], name=op.f("fk_follow_colleague_id_colleague")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow")),
    )
    with op.batch_alter_table("follow", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_call_id"), ["call_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_follow_colleague_id_call_id"), ["colleague_id", "call_id"], unique=False
        )

    op.create_table(
        "go_decision",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("choice", sa.String(length=40), nullable=False),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("colleague_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_go_decision_call_id_call")),
        sa.ForeignKeyConstraint(
            ["colleague_id"], ["colleague.id"], name=op.f("fk_go_decision_colleague_id_colleague")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_go_decision_office_id_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_go_decision")),
    )
    with op.batch_alter_table("go_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_go_decision_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_go_decision_office_id"), ["office_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("colleague_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["colleague_id"], ["colleague.id"], name=op.f("fk_invitation_colleague_id_colleague")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_colleague_id"), ["colleague_id"], unique=False)

    op.create_table(
        "saved_view",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("colleague_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("page", sa.String(length=40), nullable=False),
        sa.Column("query", sa.String(length=2000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["colleague_id"], ["colleague.id"], name=op.f("fk_saved_view_colleague_id_colleague")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_saved_view_office_id_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("office_id", "slug", name=op.f("uq_saved_view_office_id_slug")),
    )
    op.create_table(
        "seen",
        sa.Column("colleague_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_seen_call_id_call")),
        sa.ForeignKeyConstraint(
            ["colleague_id"], ["colleague.id"], name=op.f("fk_seen_colleague_id_colleague")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seen")),
        sa.UniqueConstraint("colleague_id", "call_id", name=op.f("uq_seen_colleague_id_call_id")),
    )
    with op.batch_alter_table("seen", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seen_call_id"), ["call_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("colleague_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("browser", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["colleague_id"], ["colleague.id"], name=op.f("fk_sign_in_colleague_id_colleague")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_colleague_id"), ["colleague_id"], unique=False)

    op.create_table(
        "application_theme",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_application_theme_application_id_application"),
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_application_theme_theme_id_theme")),
        sa.PrimaryKeyConstraint("application_id", "theme_id", name=op.f("pk_application_theme")),
    )
    with op.batch_alter_table("application_theme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_theme_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "checklist_item",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=200), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_checklist_item_application_id_application")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_item")),
    )
    with op.batch_alter_table("checklist_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_checklist_item_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "comment",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("colleague_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_comment_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["colleague_id"], ["colleague.id"], name=op.f("fk_comment_colleague_id_colleague")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_application_id"), ["application_id"], unique=False)

    op.create_table(
        "contribution",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("party", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.Numeric(precision=16, scale=2), nullable=False),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_contribution_application_id_application")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_contribution_partner_id_partner")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
    )
    with op.batch_alter_table("contribution", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contribution_application_id"), ["application_id"], unique=False)

    op.create_table(
        "document",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_document_application_id_application")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_application_id"), ["application_id"], unique=False)

    for table, column in ADDED:
        op.add_column(table, column, inline_references=True)
    op.execute("UPDATE colleague SET access = 'administrator' WHERE administrator")
    op.drop_column("colleague", "administrator")
    op.create_index(op.f("ix_colleague_subject"), "colleague", ["subject"], unique=True)
    op.create_index(op.f("ix_audit_entry_application_id"), "audit_entry", ["application_id"])
    op.create_index(op.f("ix_audit_entry_office_id"), "audit_entry", ["office_id"])
    seal_the_past()
    guard_the_audit_log()


def seal_the_past() -> None:
    """What was written before there was a chain is sealed as it stands now."""
    connection, table, previous = op.get_bind(), AuditEntry.__table__, ""
    parts = [table.c[name] for name in ("id", *SEALED)]
    for entry in connection.execute(select(*parts).order_by(table.c.id)).mappings().all():
        hashes = {"previous_hash": previous, "hash": fingerprint(previous, entry)}
        connection.execute(update(AuditEntry).where(AuditEntry.id == entry["id"]).values(hashes))
        previous = hashes["hash"]


def guard_the_audit_log() -> None:
    dialect = op.get_bind().dialect.name
    for guard in GUARDS[dialect]:
        op.execute(DDL(guard))
    if dialect == "postgresql":
        op.execute(DDL(NOT_EMPTIED))
