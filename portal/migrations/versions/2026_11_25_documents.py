"""Documents that editors own, their versions, and what is kept around them.

Revision: b16624d26b15, after b8d02f6e4c17
"""

import sqlalchemy as sa
from alembic import op


revision = 'b16624d26b15'
down_revision = 'b8d02f6e4c17'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('web_link',
    sa.Column('address', sa.String(length=500), nullable=False),
    sa.Column('seen_on', sa.Date(), nullable=False),
    sa.Column('checked_on', sa.Date(), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('problem', sa.String(length=200), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('address', name=op.f('pk_web_link'))
    )
    op.create_table('document',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=True),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_document_council_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document')),
    sa.UniqueConstraint('kind', 'key', 'council_id', 'language', name=op.f('uq_document_kind_key_council_id_language'))
    )
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_document_council_id'), ['council_id'], unique=False)
        batch_op.create_index('uq_document_in_library', ['kind', 'key', 'language'], unique=True, sqlite_where=sa.text('council_id IS NULL'), postgresql_where=sa.text('council_id IS NULL'))

    op.create_table('preview_link',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_preview_link_council_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['made_by_id'], ['user_account.id'], name=op.f('fk_preview_link_made_by_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_preview_link')),
    sa.UniqueConstraint('token', name=op.f('uq_preview_link_token'))
    )
    with op.batch_alter_table('preview_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_preview_link_council_id'), ['council_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_preview_link_ends_at'), ['ends_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_preview_link_made_by_id'), ['made_by_id'], unique=False)

    op.create_table('document_version',
    sa.Column('document_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('note', sa.String(length=400), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('author_id', sa.Uuid(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('publish_on', sa.Date(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('over_number', sa.Integer(), nullable=True),
    sa.Column('from_file', sa.Boolean(), nullable=False),
    sa.CheckConstraint("(state in ('published', 'retired')) = (published_at is not null)", name=op.f('ck_document_version_public_since')),
    sa.CheckConstraint("publish_on is null or state = 'review'", name=op.f('ck_document_version_waits_for_its_day')),
    sa.CheckConstraint("state in ('draft', 'review', 'published', 'retired')", name=op.f('ck_document_version_state_known')),
    sa.CheckConstraint('number > 0', name=op.f('ck_document_version_number_from_one')),
    sa.ForeignKeyConstraint(['author_id'], ['user_account.id'], name=op.f('fk_document_version_author_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_document_version_document_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('document_id', 'number', name=op.f('pk_document_version'))
    )
    with op.batch_alter_table('document_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_document_version_author_id'), ['author_id'], unique=False)
        batch_op.create_index('uq_document_version_public', ['document_id'], unique=True, sqlite_where=sa.text("state = 'published'"), postgresql_where=sa.text("state = 'published'"))

    op.create_table('previewed_document',
    sa.Column('link_id', sa.Uuid(), nullable=False),
    sa.Column('document_id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_previewed_document_document_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['link_id'], ['preview_link.id'], name=op.f('fk_previewed_document_link_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('link_id', 'document_id', name=op.f('pk_previewed_document'))
    )
    with op.batch_alter_table('previewed_document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_previewed_document_document_id'), ['document_id'], unique=False)

    op.create_table('review_told',
    sa.Column('document_id', sa.Uuid(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('told_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_review_told_document_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('document_id', 'due_on', name=op.f('pk_review_told'))
    )
    op.create_table('usefulness',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('document_id', sa.Uuid(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('useful', sa.Boolean(), nullable=False),
    sa.Column('words', sa.String(length=500), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['council.id'], name=op.f('fk_usefulness_council_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_usefulness_document_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_usefulness'))
    )
    with op.batch_alter_table('usefulness', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_usefulness_council_id'), ['council_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_usefulness_document_id'), ['document_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_usefulness_on'), ['on'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('usefulness', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_usefulness_on'))
        batch_op.drop_index(batch_op.f('ix_usefulness_document_id'))
        batch_op.drop_index(batch_op.f('ix_usefulness_council_id'))

    op.drop_table('usefulness')
    op.drop_table('review_told')
    with op.batch_alter_table('previewed_document', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_previewed_document_document_id'))

    op.drop_table('previewed_document')
    with op.batch_alter_table('document_version', schema=None) as batch_op:
        batch_op.drop_index('uq_document_version_public', sqlite_where=sa.text("state = 'published'"), postgresql_where=sa.text("state = 'published'"))
        batch_op.drop_index(batch_op.f('ix_document_version_author_id'))

    op.drop_table('document_version')
    with op.batch_alter_table('preview_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_preview_link_made_by_id'))
        batch_op.drop_index(batch_op.f('ix_preview_link_ends_at'))
        batch_op.drop_index(batch_op.f('ix_preview_link_council_id'))

    op.drop_table('preview_link')
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_index('uq_document_in_library', sqlite_where=sa.text('council_id IS NULL'), postgresql_where=sa.text('council_id IS NULL'))
        batch_op.drop_index(batch_op.f('ix_document_council_id'))

    op.drop_table('document')
    op.drop_table('web_link')
