"""one kind of draft

Revision ID: 5b20f9c0d6a1
Revises: a8c028875f92
Create Date: 2026-11-25 10:05:40.840000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '5b20f9c0d6a1'
down_revision = 'a8c028875f92'
branch_labels = None
depends_on = None

draft = sa.table(
    'draft',
    sa.column('token_hash', sa.String),
    sa.column('form', sa.String),
    sa.column('fields', sa.JSON),
    sa.column('station_id', sa.Integer),
    sa.column('text', sa.String),
    sa.column('category', sa.String),
)
station = sa.table('station', sa.column('id', sa.Integer), sa.column('code', sa.String))


def upgrade():
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.add_column(sa.Column('form', sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column('fields', sa.JSON(), nullable=True))

    wishes_become_fields()
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.alter_column('form', existing_type=sa.String(length=10), nullable=False)
        batch_op.alter_column('fields', existing_type=sa.JSON(), nullable=False)
        batch_op.drop_constraint(batch_op.f('fk_draft_station_id_station'), type_='foreignkey')
        batch_op.drop_column('station_id')
        batch_op.drop_column('text')
        batch_op.drop_column('category')

    op.execute(
        'INSERT INTO draft (token_hash, form, fields, photo_id, saved_at) '
        "SELECT token_hash, 'shop', fields, photo_id, saved_at FROM shop_draft"
    )
    with op.batch_alter_table('shop_draft', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_shop_draft_saved_at'))

    op.drop_table('shop_draft')


def downgrade():
    op.create_table('shop_draft',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('photo_id', sa.Integer(), nullable=True),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['photo_id'], ['photo.id'], name=op.f('fk_shop_draft_photo_id_photo')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_shop_draft'))
    )
    with op.batch_alter_table('shop_draft', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shop_draft_saved_at'), ['saved_at'], unique=False)

    op.execute(
        'INSERT INTO shop_draft (token_hash, fields, photo_id, saved_at) '
        "SELECT token_hash, fields, photo_id, saved_at FROM draft WHERE form = 'shop'"
    )
    op.execute("DELETE FROM draft WHERE form <> 'wish'")
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.add_column(sa.Column('station_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('text', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('category', sa.String(length=10), nullable=True))

    fields_become_wishes()
    with op.batch_alter_table('draft', schema=None) as batch_op:
        batch_op.alter_column('station_id', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('text', existing_type=sa.String(length=200), nullable=False)
        batch_op.alter_column('category', existing_type=sa.String(length=10), nullable=False)
        batch_op.create_foreign_key(batch_op.f('fk_draft_station_id_station'), 'station', ['station_id'], ['id'], ondelete='CASCADE')
        batch_op.drop_column('fields')
        batch_op.drop_column('form')


def wishes_become_fields():
    connection = op.get_bind()
    written = sa.select(draft.c.token_hash, draft.c.text, draft.c.category, station.c.code).join(
        station, station.c.id == draft.c.station_id
    )
    for wish in connection.execute(written).all():
        fields = {'station': wish.code, 'text': wish.text, 'category': wish.category}
        this = draft.c.token_hash == wish.token_hash
        connection.execute(sa.update(draft).where(this).values(form='wish', fields=fields))


def fields_become_wishes():
    connection = op.get_bind()
    stations = dict(connection.execute(sa.select(station.c.code, station.c.id)).all())
    for wish in connection.execute(sa.select(draft.c.token_hash, draft.c.fields)).all():
        this = draft.c.token_hash == wish.token_hash
        values = {
            'station_id': stations[wish.fields['station']],
            'text': wish.fields['text'],
            'category': wish.fields['category'],
        }
        connection.execute(sa.update(draft).where(this).values(**values))
