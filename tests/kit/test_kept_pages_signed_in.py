"""The door knows who is signed in: one page for all of a frame, and no sight of each other's."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.support.city import (
    RULES,
    a_courier,
    a_keeper,
    a_station,
    a_volunteer,
    a_wish,
    an_officer,
    an_organiser,
    sign_in,
)
from tests.support.client import Client
from tests.support.door import said, wall_of, without_secrets
from tests.support.statements import statements
from wishwall.accounts.models import Person, Visit
from wishwall.kit.db import db, writing
from wishwall.stations.models import Station

NewClient = Callable[[], Client]
TWO_ALIKE: dict[str, Callable[[Station], tuple[Person, Person]]] = {
    "courier": lambda _here: (a_courier(), a_courier()),
    "volunteer": lambda _here: (a_volunteer(), a_volunteer()),
    "officer": lambda _here: (an_officer("市总工会"), an_officer("市民政局")),
    "keeper here": lambda here: (a_keeper(here), a_keeper(here)),
    "keeper elsewhere": lambda _here: _keepers(a_station()),
    "organiser": lambda _here: (an_organiser(), an_organiser()),
}


def _keepers(station: Station) -> tuple[Person, Person]:
    return a_keeper(station), a_keeper(station)


def signed_in(client: Client, person: Person, wall: str) -> Client:
    """This person's browser, which has been here before and so has its token."""
    sign_in(client, person)
    client.get(wall)
    client.get(wall)
    return client


@pytest.mark.parametrize("alike", TWO_ALIKE.values(), ids=TWO_ALIKE)
def test_the_door_gives_another_of_the_same_frame_what_flask_gives(
    app: Flask,
    entered: list[str],
    new_client: NewClient,
    monkeypatch: pytest.MonkeyPatch,
    alike: Callable[[Station], tuple[Person, Person]],
) -> None:
    station = a_wish(text="想要一把伞").station
    wall, (one, another) = wall_of(station), alike(station)
    signed_in(new_client(), one, wall)
    browser = signed_in(new_client(), another, wall)
    entered.clear()
    kept = browser.get(wall)
    seen = browser.get(wall, headers={"If-None-Match": kept.headers["ETag"]})
    assert entered == []
    monkeypatch.setattr(app, "wsgi_app", app.extensions["kept-pages"]._inside)
    inside = browser.get(wall)
    seen_inside = browser.get(wall, headers={"If-None-Match": kept.headers["ETag"]})
    assert len(entered) == 2
    assert without_secrets(kept) == without_secrets(inside)
    assert (kept.status_code, said(kept)) == (inside.status_code, said(inside))
    assert (seen.status_code, said(seen)) == (304, said(seen_inside))
    assert one.nickname not in kept.text and one.public_id not in kept.text


def test_each_frame_has_its_own_page(entered: list[str], new_client: NewClient) -> None:
    station = a_wish().station
    wall = wall_of(station)
    people = [a_courier(), a_volunteer(), a_keeper(station), a_keeper(a_station()), an_organiser()]
    browsers = [signed_in(new_client(), person, wall) for person in people]
    stranger = new_client()
    for _ in range(2):
        stranger.get(wall)
    entered.clear()
    pages = [without_secrets(browser.get(wall)) for browser in (stranger, *browsers)]
    assert entered == []
    assert len(set(pages)) == len(pages)
    assert [page.count("courier_phone") > 0 for page in pages] == [False] * 3 + [True, False, False]


def test_who_has_signed_out_elsewhere_is_a_stranger_at_once(
    client: Client, entered: list[str]
) -> None:
    wall, courier = wall_of(a_wish().station), a_courier()
    signed_in(client, courier, wall)
    assert "/me/notices" in client.get(wall).text
    with writing():
        for visit in db.session.query(Visit).filter_by(person_id=courier.id):
            db.session.delete(visit)
    entered.clear()
    assert "/sign-in" in client.get(wall).text
    assert len(entered) == 1


def test_a_new_role_is_there_at_the_next_request(client: Client) -> None:
    station, courier = a_wish().station, a_courier()
    signed_in(client, courier, wall_of(station))
    etag = client.get(wall_of(station)).headers["ETag"]
    with writing():
        courier.grant("keeper", by=None, station_id=station.id)
    page = client.get(wall_of(station), headers={"If-None-Match": etag})
    assert page.status_code == 200 and "courier_phone" in page.text


def test_a_new_notice_is_counted_at_the_next_request(client: Client, new_client: NewClient) -> None:
    courier, elsewhere = a_courier(), a_wish()
    wall = wall_of(elsewhere.station)
    signed_in(client, courier, wall)
    other = signed_in(new_client(), a_courier(), wall)
    etag = client.get(wall).headers["ETag"]
    wish, volunteer = a_wish(author=courier), a_volunteer()
    with writing():
        wish.claim(by=volunteer, rules=RULES)
    page = client.get(wall, headers={"If-None-Match": etag})
    assert page.status_code == 200 and '<span class="badge">1</span>' in page.text
    assert 'class="badge"' not in other.get(wall).text


def test_a_message_to_who_is_signed_in_is_said_once_and_to_them_alone(
    client: Client, new_client: NewClient
) -> None:
    wall = wall_of(a_wish().station)
    signed_in(client, a_courier(), wall)
    other = signed_in(new_client(), a_courier(), wall)
    with client.session_transaction() as session:
        session["_flashes"] = [("message", "只说给你听")]
    assert "只说给你听" in client.get(wall).text
    for browser in (client, other):
        assert "只说给你听" not in browser.get(wall).text


def test_a_visitor_is_asked_for_once_at_the_door_or_inside(
    app: Flask, client: Client, entered: list[str]
) -> None:
    wall = wall_of(a_wish().station)
    signed_in(client, a_courier(), wall)
    app.extensions["kept-pages"].forget_all()
    entered.clear()
    for _ in range(2):
        with statements() as sent:
            client.get(wall)
        assert (len(sent), sum("visit" in statement for statement in sent)) == (2, 1)
    assert len(entered) == 1
