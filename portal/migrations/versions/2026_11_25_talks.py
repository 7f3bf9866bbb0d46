"""Conversations that somebody has begun, and counts of how conversations do."""

import sqlalchemy as sa
from alembic import op

import portal.db

revision = "c3f17a5b9d20"
down_revision = "b16624d26b15"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables are there."""
    op.create_table(
        "talk",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("whom", sa.String(20), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("code", sa.String(64), nullable=True),
        sa.Column("link", sa.String(64), nullable=True),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.Column("begun_at", portal.db.Moment(timezone=True), nullable=False),
        sa.Column("last_at", portal.db.Moment(timezone=True), nullable=False),
        sa.CheckConstraint(
            "whom in ('me', 'someone-else', 'with-navigator')", name=op.f("ck_talk_whom_known")
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["council.id"], name=op.f("fk_talk_council_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk")),
        sa.UniqueConstraint("code", name=op.f("uq_talk_code")),
        sa.UniqueConstraint("link", name=op.f("uq_talk_link")),
    )
    op.create_index(op.f("ix_talk_council_id"), "talk", ["council_id"])
    op.create_index(op.f("ix_talk_last_at"), "talk", ["last_at"])
    op.create_table(
        "question_count",
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("conversation", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["council_id"], ["council.id"], name=op.f("fk_question_count_council_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "council_id", "conversation", "version", "question", "day", name=op.f("pk_question_count")
        ),
    )
    op.create_table(
        "unwanted_count",
        sa.Column("council_id", sa.Uuid(), nullable=False),
        sa.Column("conversation", sa.String(80), nullable=False),
        sa.Column("rule", sa.String(80), nullable=False),
        sa.Column("reason", sa.String(12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "reason in ('have-it', 'not-right', 'not-now')", name=op.f("ck_unwanted_count_reason_known")
        ),
        sa.ForeignKeyConstraint(
            ["council_id"], ["council.id"], name=op.f("fk_unwanted_count_council_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "council_id", "conversation", "rule", "reason", "day", name=op.f("pk_unwanted_count")
        ),
    )


def downgrade() -> None:
    """The tables are gone."""
    op.drop_table("unwanted_count")
    op.drop_table("question_count")
    op.drop_table("talk")
