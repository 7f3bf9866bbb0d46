"""Who asks to act for somebody, what a trust circle has agreed to, and mandates that take the place of others.

Revision: c4d17a90be35, after 5b1f0c7ad9e4
"""

import sqlalchemy as sa
from alembic import op


revision = 'c4d17a90be35'
down_revision = '5b1f0c7ad9e4'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('circle_agreement',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('circle_id', sa.Uuid(), nullable=False),
    sa.Column('what', sa.String(length=80), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_circle_agreement_by_id')),
    sa.ForeignKeyConstraint(['circle_id'], ['trust_circle.id'], name=op.f('fk_circle_agreement_circle_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_circle_agreement')),
    sa.UniqueConstraint('circle_id', 'what', 'by_id', name=op.f('uq_circle_agreement_circle_id_what_by_id'))
    )
    with op.batch_alter_table('circle_agreement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_circle_agreement_circle_id'), ['circle_id'], unique=False)

    op.create_table('asking',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('asked_by_id', sa.Uuid(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('person_name', sa.String(length=120), nullable=False),
    sa.Column('about', sa.String(length=1000), nullable=False),
    sa.Column('basis', sa.String(length=16), nullable=False),
    sa.Column('scope', sa.String(length=10), nullable=False),
    sa.Column('settled_by_id', sa.Uuid(), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mandate_id', sa.Uuid(), nullable=True),
    sa.Column('refusal', sa.String(length=400), nullable=False),
    sa.CheckConstraint("basis in ('nominated', 'authorised', 'lpa', 'deputy', 'appointee', 'trust_circle', 'managed')", name=op.f('ck_asking_basis_known')),
    sa.CheckConstraint("scope in ('view', 'request', 'approve')", name=op.f('ck_asking_scope_known')),
    sa.CheckConstraint('(settled_at is null) = (settled_by_id is null)', name=op.f('ck_asking_settled_by_somebody')),
    sa.CheckConstraint('settled_by_id is null or settled_by_id <> asked_by_id', name=op.f('ck_asking_not_by_oneself')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['user_account.id'], name=op.f('fk_asking_asked_by_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_asking_council_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['mandate_id'], ['mandate.id'], name=op.f('fk_asking_mandate_id')),
    sa.ForeignKeyConstraint(['settled_by_id'], ['user_account.id'], name=op.f('fk_asking_settled_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_asking'))
    )
    with op.batch_alter_table('asking', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_asking_asked_by_id'), ['asked_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_asking_council_id'), ['council_id'], unique=False)

    with op.batch_alter_table('mandate', schema=None) as batch_op:
        batch_op.add_column(sa.Column('replaces_id', sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f('ix_mandate_replaces_id'), ['replaces_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_mandate_replaces_id'), 'mandate', ['replaces_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('mandate', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_mandate_replaces_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_mandate_replaces_id'))
        batch_op.drop_column('replaces_id')

    with op.batch_alter_table('asking', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_asking_council_id'))
        batch_op.drop_index(batch_op.f('ix_asking_asked_by_id'))

    op.drop_table('asking')
    with op.batch_alter_table('circle_agreement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_circle_agreement_circle_id'))

    op.drop_table('circle_agreement')
