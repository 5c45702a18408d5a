"""expected couriers

Revision ID: 7c1f0a52be94
Revises: 5b20f9c0d6a1
Create Date: 2026-11-25 10:07:12.304116

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '7c1f0a52be94'
down_revision = '5b20f9c0d6a1'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('expected_courier',
    sa.Column('number_hash', sa.String(length=64), nullable=False),
    sa.Column('employer', sa.String(length=40), nullable=False),
    sa.Column('listed_on', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('number_hash', name=op.f('pk_expected_courier'))
    )
    with op.batch_alter_table('expected_courier', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_expected_courier_listed_on'), ['listed_on'], unique=False)


def downgrade():
    with op.batch_alter_table('expected_courier', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_expected_courier_listed_on'))

    op.drop_table('expected_courier')
