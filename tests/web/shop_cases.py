"""The shop, offer or voucher that a route is about."""

import io

from PIL import Image

from tests.support.city import a_volunteer
from tests.support.shops import a_shop, a_voucher, an_offer
from wishwall.accounts.models import Person
from wishwall.kit.db import db, writing
from wishwall.merchants.models import Merchant
from wishwall.merchants.offers import Offer
from wishwall.photos import storing
from wishwall.photos.models import Photo
from wishwall.photos.uploads import photo_folder
from wishwall.stations.models import Station

KINDS = ("shop", "offer", "voucher", "gift")
CODE = "234567"
AN_OFFER = {
    "offer_text": "免费理发一次",
    "offer_method": "free",
    "quota_count": "1",
    "quota_period": "month",
}
A_SHOP = {"name": "老李理发", "kind": "barber", "address": "龙城街道21号", **AN_OFFER}


def kind_in(path: str) -> str:
    """Which of them a path names."""
    return next((kind for kind in KINDS if "{" + kind + "}" in path), "")


def a(kind: str, state: str, tied: Person | Station | None) -> str:
    """The public id of one that is tied to its owner, courier or station; else somebody's."""
    owner = tied if isinstance(tied, Person) else None
    station = tied if isinstance(tied, Station) else None
    shop = a_shop(station, owner=None if kind == "voucher" else owner, photo_id=a_photo().id)
    if kind == "gift":
        return a_waiting_gift(shop).public_id
    offer = an_offer(shop, state=state)
    if kind == "offer":
        return offer.public_id
    if kind == "voucher":
        return a_voucher(offer, owner).public_id
    a_voucher(offer, code=CODE)
    return shop.public_id


def a_waiting_gift(shop: Merchant) -> Offer:
    """What somebody says to have paid for at this shop, which others know already."""
    an_offer(shop)
    giver = a_volunteer()
    with writing():
        return Offer.give(shop, by=giver, text="两个包子", count=8)


def a_photo() -> Photo:
    """A small picture, stored."""
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "orange").save(picture, "JPEG")
    stored = storing.store(picture.getvalue(), photo_folder())
    photo = Photo(
        public_id=stored.public_id,
        width=stored.width,
        height=stored.height,
        bytes=stored.bytes,
        sha256=stored.sha256,
    )
    with writing():
        db.session.add(photo)
    return photo
