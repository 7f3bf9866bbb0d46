"""What a file said of a listing when it was last taken in.

Revision: b8d02f6e4c17, after 7c3e58d1f02a
"""

import sqlalchemy as sa
from alembic import op


revision = 'b8d02f6e4c17'
down_revision = '7c3e58d1f02a'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('imported_listing',
    sa.Column('service_id', sa.Uuid(), nullable=False),
    sa.Column('said', sa.JSON(), nullable=False),
    sa.Column('run_by', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_imported_listing_service_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('service_id', name=op.f('pk_imported_listing'))
    )


def downgrade() -> None:
    op.drop_table('imported_listing')
