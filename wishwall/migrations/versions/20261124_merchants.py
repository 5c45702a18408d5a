"""merchants

Revision ID: 4a8d630523e8
Revises: 33a1004dd9d0
Create Date: 2026-11-24 22:03:31.679500

"""
from alembic import op
import sqlalchemy as sa


BEFORE = "kind IN ('courier', 'volunteer', 'officer', 'grid-worker', 'keeper', 'organiser')"
AFTER = "kind IN ('courier', 'volunteer', 'merchant', 'officer', 'grid-worker', 'keeper', 'organiser')"


def let_roles_be(kinds):
    with op.batch_alter_table('role') as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_role_kind'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_role_kind'), kinds)


# revision identifiers, used by Alembic.
revision = '4a8d630523e8'
down_revision = '33a1004dd9d0'
branch_labels = None
depends_on = None


def upgrade():
    let_roles_be(AFTER)
    op.create_table('merchant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('station_id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('address', sa.String(length=120), nullable=False),
    sa.Column('lat', sa.Double(), nullable=False),
    sa.Column('lon', sa.Double(), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('hours', sa.String(length=120), nullable=False),
    sa.Column('contact_name', sa.String(length=20), nullable=False),
    sa.Column('contact_phone', sa.String(length=20), nullable=False),
    sa.Column('photo_id', sa.Integer(), nullable=True),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('food', 'shop', 'barber', 'repair', 'laundry', 'pharmacy', 'glasses', 'phones', 'other-shop')", name=op.f('ck_merchant_kind')),
    sa.CheckConstraint('lat BETWEEN -90 AND 90', name=op.f('ck_merchant_lat')),
    sa.CheckConstraint('lon BETWEEN -180 AND 180', name=op.f('ck_merchant_lon')),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_merchant_owner_id_person')),
    sa.ForeignKeyConstraint(['photo_id'], ['photo.id'], name=op.f('fk_merchant_photo_id_photo')),
    sa.ForeignKeyConstraint(['station_id'], ['station.id'], name=op.f('fk_merchant_station_id_station')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merchant')),
    sa.UniqueConstraint('public_id', name=op.f('uq_merchant_public_id'))
    )
    with op.batch_alter_table('merchant', schema=None) as batch_op:
        batch_op.create_index('ix_merchant_owner_id', ['owner_id'], unique=False)
        batch_op.create_index('ix_merchant_phone', ['phone'], unique=False)
        batch_op.create_index('ix_merchant_place', ['lat', 'lon'], unique=False)
        batch_op.create_index('uq_merchant_station_id_name', ['station_id', 'name'], unique=True)

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

    op.create_table('offer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('merchant_id', sa.Integer(), nullable=False),
    sa.Column('given_by_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.String(length=60), nullable=False),
    sa.Column('method', sa.String(length=10), nullable=False),
    sa.Column('value', sa.Integer(), nullable=True),
    sa.Column('quota_count', sa.Integer(), nullable=True),
    sa.Column('quota_period', sa.String(length=5), nullable=True),
    sa.Column('supply_count', sa.Integer(), nullable=True),
    sa.Column('supply_period', sa.String(length=5), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('from_minute', sa.Integer(), nullable=True),
    sa.Column('until_minute', sa.Integer(), nullable=True),
    sa.Column('verified_only', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('said', sa.String(length=200), nullable=False),
    sa.Column('issued', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(method IN ('free', 'gift')) = (value IS NULL) AND (method <> 'discount' OR value BETWEEN 1 AND 99) AND (method <> 'price' OR value BETWEEN 1 AND 10000000)", name=op.f('ck_offer_value')),
    sa.CheckConstraint("method IN ('discount', 'price', 'free', 'gift')", name=op.f('ck_offer_method')),
    sa.CheckConstraint("(method = 'gift') = (given_by_id IS NOT NULL) AND (method <> 'gift' OR (quota_count = 1 AND quota_period = 'day' AND supply_count IS NOT NULL AND supply_period = 'ever'))", name=op.f('ck_offer_gift')),
    sa.CheckConstraint("quota_period IN ('day', 'month', 'year')", name=op.f('ck_offer_quota_period')),
    sa.CheckConstraint("state IN ('waiting', 'asked', 'live', 'paused', 'refused')", name=op.f('ck_offer_state')),
    sa.CheckConstraint("supply_period IN ('day', 'month', 'year', 'ever')", name=op.f('ck_offer_supply_period')),
    sa.CheckConstraint('(from_minute IS NULL) = (until_minute IS NULL) AND from_minute <> until_minute AND from_minute BETWEEN 0 AND 1439 AND until_minute BETWEEN 0 AND 1439', name=op.f('ck_offer_minutes')),
    sa.CheckConstraint('(quota_count IS NULL) = (quota_period IS NULL)', name=op.f('ck_offer_quota')),
    sa.CheckConstraint('quota_count BETWEEN 1 AND 99', name=op.f('ck_offer_quota_count')),
    sa.CheckConstraint('supply_count BETWEEN 1 AND 100000', name=op.f('ck_offer_supply_count')),
    sa.CheckConstraint('supply_count IS NULL OR quota_count IS NOT NULL', name=op.f('ck_offer_supply')),
    sa.CheckConstraint('valid_until IS NULL OR valid_from <= valid_until', name=op.f('ck_offer_valid')),
    sa.ForeignKeyConstraint(['given_by_id'], ['person.id'], name=op.f('fk_offer_given_by_id_person')),
    sa.ForeignKeyConstraint(['merchant_id'], ['merchant.id'], name=op.f('fk_offer_merchant_id_merchant')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offer')),
    sa.UniqueConstraint('public_id', name=op.f('uq_offer_public_id'))
    )
    with op.batch_alter_table('offer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_offer_given_by_id'), ['given_by_id'], unique=False)
        batch_op.create_index('ix_offer_merchant_id', ['merchant_id', 'state', 'id'], unique=False)
        batch_op.create_index('ix_offer_waiting', ['changed_at'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))

    op.create_table('saved_merchant',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('merchant_id', sa.Integer(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['merchant_id'], ['merchant.id'], name=op.f('fk_saved_merchant_merchant_id_merchant'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_saved_merchant_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'merchant_id', name=op.f('pk_saved_merchant'))
    )
    op.create_table('complaint',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('offer_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("reason IN ('turned-away', 'closed')", name=op.f('ck_complaint_reason')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_complaint_by_id_person')),
    sa.ForeignKeyConstraint(['offer_id'], ['offer.id'], name=op.f('fk_complaint_offer_id_offer'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint')),
    sa.UniqueConstraint('offer_id', 'by_id', 'day', name='uq_complaint_offer_id_by_id_day')
    )
    with op.batch_alter_table('complaint', schema=None) as batch_op:
        batch_op.create_index('ix_complaint_open', ['offer_id', 'settled_at'], unique=False)

    op.create_table('supply',
    sa.Column('offer_id', sa.Integer(), nullable=False),
    sa.Column('period', sa.String(length=10), nullable=False),
    sa.Column('granted', sa.Integer(), nullable=True),
    sa.Column('live', sa.Integer(), nullable=False),
    sa.Column('used', sa.Integer(), nullable=False),
    sa.CheckConstraint('granted IS NULL OR live + used <= granted', name=op.f('ck_supply_granted')),
    sa.CheckConstraint('live >= 0 AND used >= 0', name=op.f('ck_supply_counted')),
    sa.ForeignKeyConstraint(['offer_id'], ['offer.id'], name=op.f('fk_supply_offer_id_offer'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('offer_id', 'period', name=op.f('pk_supply'))
    )
    op.create_table('voucher',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=10), nullable=False),
    sa.Column('offer_id', sa.Integer(), nullable=False),
    sa.Column('merchant_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('code', sa.String(length=6), nullable=False),
    sa.Column('period', sa.String(length=10), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=False),
    sa.Column('supply_period', sa.String(length=10), nullable=False),
    sa.Column('promise', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('said', sa.String(length=200), nullable=False),
    sa.CheckConstraint("(state = 'used') = (used_at IS NOT NULL)", name=op.f('ck_voucher_used')),
    sa.CheckConstraint("state IN ('live', 'used', 'expired', 'void')", name=op.f('ck_voucher_state')),
    sa.ForeignKeyConstraint(['merchant_id'], ['merchant.id'], name=op.f('fk_voucher_merchant_id_merchant')),
    sa.ForeignKeyConstraint(['offer_id'], ['offer.id'], name=op.f('fk_voucher_offer_id_offer')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_voucher_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_voucher')),
    sa.UniqueConstraint('public_id', name=op.f('uq_voucher_public_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_voucher_token_hash'))
    )
    with op.batch_alter_table('voucher', schema=None) as batch_op:
        batch_op.create_index('ix_voucher_expires_at', ['state', 'expires_at'], unique=False)
        batch_op.create_index('ix_voucher_merchant_id', ['merchant_id', 'code', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_voucher_offer_id'), ['offer_id'], unique=False)
        batch_op.create_index('ix_voucher_person_id', ['person_id', 'id'], unique=False)
        batch_op.create_index('uq_voucher_code', ['merchant_id', 'code'], unique=True, sqlite_where=sa.text("state = 'live'"), postgresql_where=sa.text("state = 'live'"))
        batch_op.create_index('uq_voucher_slot', ['offer_id', 'person_id', 'period', 'slot'], unique=True, sqlite_where=sa.text("state IN ('live', 'used')"), postgresql_where=sa.text("state IN ('live', 'used')"))

    op.create_table('redemption',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('voucher_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('redeemed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('noted', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_redemption_by_id_person')),
    sa.ForeignKeyConstraint(['voucher_id'], ['voucher.id'], name=op.f('fk_redemption_voucher_id_voucher')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_redemption')),
    sa.UniqueConstraint('voucher_id', name=op.f('uq_redemption_voucher_id'))
    )
    with op.batch_alter_table('redemption', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_redemption_redeemed_at'), ['redeemed_at'], unique=False)

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True))



def downgrade():
    op.execute("DELETE FROM role WHERE kind = 'merchant'")
    let_roles_be(BEFORE)
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_column('verified_at')

    with op.batch_alter_table('redemption', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_redemption_redeemed_at'))

    op.drop_table('redemption')
    with op.batch_alter_table('voucher', schema=None) as batch_op:
        batch_op.drop_index('uq_voucher_slot', sqlite_where=sa.text("state IN ('live', 'used')"), postgresql_where=sa.text("state IN ('live', 'used')"))
        batch_op.drop_index('uq_voucher_code', sqlite_where=sa.text("state = 'live'"), postgresql_where=sa.text("state = 'live'"))
        batch_op.drop_index('ix_voucher_person_id')
        batch_op.drop_index(batch_op.f('ix_voucher_offer_id'))
        batch_op.drop_index('ix_voucher_merchant_id')
        batch_op.drop_index('ix_voucher_expires_at')

    op.drop_table('voucher')
    op.drop_table('supply')
    with op.batch_alter_table('complaint', schema=None) as batch_op:
        batch_op.drop_index('ix_complaint_open')

    op.drop_table('complaint')
    op.drop_table('saved_merchant')
    with op.batch_alter_table('offer', schema=None) as batch_op:
        batch_op.drop_index('ix_offer_waiting', sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
        batch_op.drop_index('ix_offer_merchant_id')
        batch_op.drop_index(batch_op.f('ix_offer_given_by_id'))

    op.drop_table('offer')
    with op.batch_alter_table('shop_draft', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_shop_draft_saved_at'))

    op.drop_table('shop_draft')
    with op.batch_alter_table('merchant', schema=None) as batch_op:
        batch_op.drop_index('uq_merchant_station_id_name')
        batch_op.drop_index('ix_merchant_place')
        batch_op.drop_index('ix_merchant_phone')
        batch_op.drop_index('ix_merchant_owner_id')

    op.drop_table('merchant')
