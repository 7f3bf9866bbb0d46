"""The audit is chained by subject, with personal facts apart; people choose how they get messages.

Revision: 5b1f0c7ad9e4, after 968fb4c854a2
"""

import datetime as dt
import hashlib
import json
import uuid

import sqlalchemy as sa
from alembic import op


revision = '5b1f0c7ad9e4'
down_revision = '968fb4c854a2'
branch_labels = None
depends_on = None

# The audit is only ever added to. Personal facts may be erased, and never changed; heads only move on, by one.
_KEEP_SQLITE = """
CREATE TRIGGER audit_event_no_{verb} BEFORE {verb} ON audit_event
BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END
"""
_MORE_SQLITE = (
    """
    CREATE TRIGGER audit_detail_no_update BEFORE UPDATE ON audit_detail
    BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END
    """,
    """
    CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
    BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END
    """,
    """
    CREATE TRIGGER audit_head_moves_on BEFORE UPDATE ON audit_head
    WHEN new.subject <> old.subject OR NOT (
        new.number = old.number + 1 OR (new.number = old.number AND new.hash = old.hash))
    BEGIN SELECT RAISE(ABORT, 'the audit is never changed'); END
    """,
)
_KEEP_POSTGRES = """
    CREATE TRIGGER audit_event_keep BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_event_keep()
"""
_MORE_POSTGRES = (
    """
    CREATE TRIGGER audit_detail_keep BEFORE UPDATE ON audit_detail
    FOR EACH ROW EXECUTE FUNCTION audit_event_keep()
    """,
    """
    CREATE TRIGGER audit_head_keep BEFORE DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_event_keep()
    """,
    """
    CREATE TRIGGER audit_head_moves_on BEFORE UPDATE ON audit_head
    FOR EACH ROW WHEN (new.subject <> old.subject OR NOT (
        new.number = old.number + 1 OR (new.number = old.number AND new.hash = old.hash)))
    EXECUTE FUNCTION audit_event_keep()
    """,
)


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _let_go() -> None:
    """The audit may be changed, for the length of this migration."""
    if _is_sqlite():
        for verb in ("UPDATE", "DELETE"):
            op.execute(f"DROP TRIGGER IF EXISTS audit_event_no_{verb}")
    else:
        op.execute("DROP TRIGGER audit_event_keep ON audit_event")


def _keep() -> None:
    if _is_sqlite():
        for verb in ("UPDATE", "DELETE"):
            op.execute(_KEEP_SQLITE.format(verb=verb))
    else:
        op.execute(_KEEP_POSTGRES)


def _keep_more() -> None:
    for statement in _MORE_SQLITE if _is_sqlite() else _MORE_POSTGRES:
        op.execute(statement)


_EVENTS = sa.table(
    "audit_event",
    sa.column("id", sa.Uuid()), sa.column("at", sa.DateTime(timezone=True)), sa.column("council_id", sa.Uuid()),
    sa.column("actor"), sa.column("on_behalf_of"), sa.column("action"), sa.column("subject"), sa.column("reason"),
    sa.column("facts", sa.JSON()), sa.column("number", sa.Integer()), sa.column("hash"),
)
_HEADS = sa.table("audit_head", sa.column("subject"), sa.column("number", sa.Integer()), sa.column("hash"))


def _plain(value):
    if isinstance(value, dt.datetime):
        moment = value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
        return moment.isoformat(timespec="microseconds")
    return str(value) if isinstance(value, uuid.UUID) else value


def _hash(previous, row, number):
    """As portal.audit.chain works it out today."""
    covered = [
        "portal audit 1", previous, row.id, number, row.at, row.council_id, row.actor, row.on_behalf_of, row.action,
        row.subject, row.reason, row.facts, None,
    ]
    told = json.dumps([_plain(value) for value in covered], sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(told.encode()).hexdigest()


def _chain() -> None:
    """Rows that are there already get their places, in the order in which they came."""
    bind = op.get_bind()
    newest = {}
    rows = bind.execute(sa.select(_EVENTS).order_by(_EVENTS.c.subject, _EVENTS.c.at, _EVENTS.c.id)).all()
    for row in rows:
        number, previous = newest.get(row.subject, (0, ""))
        found = _hash(previous, row, number + 1)
        newest[row.subject] = (number + 1, found)
        bind.execute(_EVENTS.update().where(_EVENTS.c.id == row.id).values(number=number + 1, hash=found))
    heads = [{"subject": s, "number": n, "hash": h} for s, (n, h) in newest.items()]
    if heads:
        bind.execute(_HEADS.insert(), heads)


def upgrade() -> None:
    op.create_table('audit_head',
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('subject', name=op.f('pk_audit_head'))
    )
    _let_go()
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('number', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('personal', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('hash', sa.String(length=64), nullable=True))
    _chain()
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.alter_column('number', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('hash', existing_type=sa.String(length=64), nullable=False)
        batch_op.create_unique_constraint(batch_op.f('uq_audit_event_subject_number'), ['subject', 'number'])
    _keep()
    op.create_table('audit_detail',
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('salt', sa.String(length=64), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['audit_event.id'], name=op.f('fk_audit_detail_event_id')),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_audit_detail'))
    )
    _keep_more()
    op.create_table('message_choice',
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('how', sa.String(length=6), nullable=False),
    sa.CheckConstraint("how in ('now', 'digest', 'off')", name=op.f('ck_message_choice_how_known')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_message_choice_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'kind', name=op.f('pk_message_choice'))
    )
    op.create_table('digest_item',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('paragraphs', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_digest_item_council_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_digest_item_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_digest_item'))
    )
    with op.batch_alter_table('digest_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_digest_item_council_id'), ['council_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_digest_item_user_id'), ['user_id'], unique=False)
    with op.batch_alter_table('council', schema=None) as batch_op:
        batch_op.add_column(sa.Column('digest_hour', sa.Integer(), nullable=True))
    op.execute("UPDATE council SET digest_hour = 8")
    with op.batch_alter_table('council', schema=None) as batch_op:
        batch_op.alter_column('digest_hour', existing_type=sa.Integer(), nullable=False)
        batch_op.create_check_constraint(batch_op.f('ck_council_digest_hour_of_day'), 'digest_hour between 0 and 23')


def downgrade() -> None:
    with op.batch_alter_table('council', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_council_digest_hour_of_day'), type_='check')
        batch_op.drop_column('digest_hour')
    op.drop_table('digest_item')
    op.drop_table('message_choice')
    op.drop_table('audit_detail')
    _let_go()
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_audit_event_subject_number'), type_='unique')
        batch_op.drop_column('hash')
        batch_op.drop_column('personal')
        batch_op.drop_column('number')
    _keep()
    op.drop_table('audit_head')
