"""A keeper has seen that a courier is one: offers that ask for it open."""

import pytest
from sqlalchemy import select

from tests.support.city import a_courier, a_keeper, a_station, a_volunteer, sign_in
from tests.support.client import Client
from tests.support.sending import sealed
from tests.support.shops import an_offer
from wishwall.accounts.models import Person
from wishwall.kit.db import db
from wishwall.trail.models import Trail

pytestmark = pytest.mark.usefixtures("app")


def test_a_verified_courier_may_take_what_is_for_them_alone(client: Client) -> None:
    courier, keeper = a_courier(), a_keeper(a_station())
    offer = an_offer(verified_only=True)
    take = f"/offers/{offer.public_id}/vouchers"
    sign_in(client, courier)
    refused = client.post(take, data=sealed(client))
    assert refused.status_code == 403 and "让站长核实" in refused.text
    sign_in(client, keeper)
    for _twice in range(2):
        answer = client.post("/desk/couriers", data=sealed(client, phone=courier.phone))
        assert answer.status_code == 303
    db.session.rollback()
    assert db.session.get_one(Person, courier.id).is_verified
    deeds = select(Trail.actor_id).where(Trail.deed == "verified")
    assert db.session.scalars(deeds).all() == [keeper.id]
    sign_in(client, courier)
    assert client.post(take, data=sealed(client)).location.startswith("/vouchers/")


def test_whoever_is_no_courier_is_not_verified(client: Client) -> None:
    sign_in(client, a_keeper(a_station()))
    for phone in (a_volunteer().phone, "13800000000", "1"):
        answer = client.post("/desk/couriers", data=sealed(client, phone=phone))
        assert answer.status_code == 422
