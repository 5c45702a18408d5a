"""a redemption names its shop, its offer and its day

Revision ID: a8c028875f92
Revises: 4a8d630523e8
Create Date: 2026-11-25 10:04:12.120000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = 'a8c028875f92'
down_revision = '4a8d630523e8'
branch_labels = None
depends_on = None

# the city's day of a moment in UTC; Asia/Shanghai has no summer time
DAY = {
    'sqlite': "date(redeemed_at, '+8 hours')",
    'postgresql': "(redeemed_at AT TIME ZONE 'Asia/Shanghai')::date",
}


def upgrade():
    with op.batch_alter_table('redemption', schema=None) as batch_op:
        batch_op.add_column(sa.Column('merchant_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('offer_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('day', sa.Date(), nullable=True))

    op.execute(
        'UPDATE redemption SET merchant_id = voucher.merchant_id, offer_id = voucher.offer_id, '
        f'day = {DAY[op.get_bind().dialect.name]} '
        'FROM voucher WHERE voucher.id = redemption.voucher_id'
    )
    with op.batch_alter_table('redemption', schema=None) as batch_op:
        batch_op.alter_column('merchant_id', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('offer_id', existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('day', existing_type=sa.Date(), nullable=False)
        batch_op.drop_index(batch_op.f('ix_redemption_redeemed_at'))
        batch_op.create_index('ix_redemption_book', ['merchant_id', 'day', 'offer_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_redemption_merchant_id_merchant'), 'merchant', ['merchant_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_redemption_offer_id_offer'), 'offer', ['offer_id'], ['id'])


def downgrade():
    with op.batch_alter_table('redemption', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_redemption_offer_id_offer'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_redemption_merchant_id_merchant'), type_='foreignkey')
        batch_op.drop_index('ix_redemption_book')
        batch_op.create_index(batch_op.f('ix_redemption_redeemed_at'), ['redeemed_at'], unique=False)
        batch_op.drop_column('day')
        batch_op.drop_column('offer_id')
        batch_op.drop_column('merchant_id')
