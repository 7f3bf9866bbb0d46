"""An account is a supported person's own once two officers say so.

Revision: 7c3e58d1f02a, after 419fa4a56380
"""

import sqlalchemy as sa
from alembic import op


revision = '7c3e58d1f02a'
down_revision = '419fa4a56380'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('joining',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('evidence', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('asked_by_id', sa.Uuid(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_by_id', sa.Uuid(), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('asked', 'approved', 'refused')", name=op.f('ck_joining_state_known')),
    sa.CheckConstraint("(settled_at is null) = (state = 'asked')", name=op.f('ck_joining_settled_or_asked')),
    sa.CheckConstraint('settled_at is null or settled_by_id is not null', name=op.f('ck_joining_settled_by_somebody')),
    sa.CheckConstraint("state <> 'approved' or settled_by_id <> asked_by_id", name=op.f('ck_joining_two_officers')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['user_account.id'], name=op.f('fk_joining_asked_by_id')),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_joining_council_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_joining_person_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['settled_by_id'], ['user_account.id'], name=op.f('fk_joining_settled_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_joining'))
    )
    with op.batch_alter_table('joining', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_joining_council_id'), ['council_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_joining_person_id'), ['person_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('joining', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_joining_person_id'))
        batch_op.drop_index(batch_op.f('ix_joining_council_id'))

    op.drop_table('joining')
