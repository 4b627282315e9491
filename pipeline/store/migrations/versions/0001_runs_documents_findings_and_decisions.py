"""Runs, documents, findings and decisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inboxes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inboxes")),
        sa.UniqueConstraint("name", name=op.f("uq_inboxes_name")),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("program", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.DateTime(timezone=True), nullable=True),
        sa.Column("documents", sa.Integer(), nullable=True),
        sa.Column("checked", sa.Integer(), nullable=True),
        sa.Column("removed", sa.Integer(), nullable=True),
        sa.Column("unreadable", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "schools",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("brin", sa.String(length=8), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("board", sa.Text(), nullable=True),
        sa.Column("district", sa.Text(), nullable=True),
        sa.Column("municipality", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schools")),
        sa.UniqueConstraint("key", name=op.f("uq_schools_key")),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("requirement", sa.Text(), nullable=False),
        sa.Column("passage", sa.String(length=64), nullable=False),
        sa.Column("seen", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_decisions_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(
            "uq_decisions_standing",
            ["school_id", "kind", "requirement"],
            unique=True,
            sqlite_where=sa.text("withdrawn is null"),
            postgresql_where=sa.text("withdrawn is null"),
        )

    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["inbox_id"], ["inboxes.id"], name=op.f("fk_documents_inbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("inbox_id", "mark", name=op.f("uq_documents_inbox_id_mark")),
    )
    op.create_table(
        "run_inboxes",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("inbox_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["inbox_id"], ["inboxes.id"], name=op.f("fk_run_inboxes_inbox_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_inboxes_run_id")),
        sa.PrimaryKeyConstraint("run_id", "inbox_id", name=op.f("pk_run_inboxes")),
    )
    op.create_table(
        "shares",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("inbox", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=True),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_shares_run_id")),
        sa.PrimaryKeyConstraint("run_id", "inbox", "number", name=op.f("pk_shares")),
    )
    op.create_table(
        "results",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("from_run", sa.Integer(), nullable=False),
        sa.Column("until_run", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("report", sa.String(length=64), nullable=False),
        sa.Column("norm_id", sa.String(length=100), nullable=True),
        sa.Column("norm_version", sa.String(length=40), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("sector", sa.String(length=2), nullable=True),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("school_year", sa.Text(), nullable=True),
        sa.Column("format", sa.String(length=20), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(length=40), nullable=True),
        sa.Column("met", sa.Integer(), nullable=False),
        sa.Column("partial", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("review", sa.Integer(), nullable=False),
        sa.Column("not_applicable", sa.Integer(), nullable=False),
        sa.CheckConstraint("until_run is null or until_run > from_run", name=op.f("ck_results_until_after_from")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_results_document_id")),
        sa.ForeignKeyConstraint(["from_run"], ["runs.id"], name=op.f("fk_results_from_run")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_results_school_id")),
        sa.ForeignKeyConstraint(["until_run"], ["runs.id"], name=op.f("fk_results_until_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_results")),
    )
    with op.batch_alter_table("results", schema=None) as batch_op:
        batch_op.create_index("ix_results_document_id_from_run", ["document_id", "from_run"], unique=False)
        batch_op.create_index("ix_results_school_id_kind", ["school_id", "kind"], unique=False)
        batch_op.create_index(
            "uq_results_current",
            ["document_id"],
            unique=True,
            sqlite_where=sa.text("until_run is null"),
            postgresql_where=sa.text("until_run is null"),
        )

    op.create_table(
        "evidence",
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("requirement", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("section", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["result_id"], ["results.id"], name=op.f("fk_evidence_result_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("result_id", "requirement", "number", name=op.f("pk_evidence")),
    )
    op.create_table(
        "findings",
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("requirement", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("passage", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["result_id"], ["results.id"], name=op.f("fk_findings_result_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("result_id", "requirement", name=op.f("pk_findings")),
    )
    op.create_table(
        "profile_items",
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("list", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("scope", sa.String(length=20), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=True),
        sa.Column("theme", sa.String(length=40), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("layer", sa.String(length=20), nullable=True),
        sa.Column("horizon", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["result_id"], ["results.id"], name=op.f("fk_profile_items_result_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("result_id", "list", "number", name=op.f("pk_profile_items")),
    )


def downgrade() -> None:
    op.drop_table("profile_items")
    op.drop_table("findings")
    op.drop_table("evidence")
    with op.batch_alter_table("results", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_results_current",
            sqlite_where=sa.text("until_run is null"),
            postgresql_where=sa.text("until_run is null"),
        )
        batch_op.drop_index("ix_results_school_id_kind")
        batch_op.drop_index("ix_results_document_id_from_run")

    op.drop_table("results")
    op.drop_table("shares")
    op.drop_table("run_inboxes")
    op.drop_table("documents")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_decisions_standing",
            sqlite_where=sa.text("withdrawn is null"),
            postgresql_where=sa.text("withdrawn is null"),
        )

    op.drop_table("decisions")
    op.drop_table("schools")
    op.drop_table("runs")
    op.drop_table("inboxes")
