"""Who sees what of a wish: names, thanks, notes, reasons, and the one way to a number."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from tests.support.city import (
    RULES,
    a_claimed_wish,
    a_courier,
    a_delivered_wish,
    a_keeper,
    a_station,
    a_volunteer,
    a_wish,
    an_officer,
    sign_in,
)
from tests.support.client import PARTIAL, Client
from tests.support.pictures import a_broken_photo, a_photo
from wishwall.accounts.models import Person
from wishwall.kit.db import db, writing
from wishwall.kit.idempotency import Answer
from wishwall.photos.models import Photo
from wishwall.wishes.facts import Claim, Reveal
from wishwall.wishes.models import Wish

pytestmark = pytest.mark.usefixtures("app")
NewClient = Callable[[], Client]
NUMBER = "13800001111"


def browser_of(new_client: NewClient, person: Person) -> Client:
    client = new_client()
    sign_in(client, person)
    return client


def test_a_hidden_wish_is_its_authors_and_its_keepers(new_client: NewClient) -> None:
    station, author, claimant = a_station(), a_courier(), a_volunteer()
    keeper = browser_of(new_client, a_keeper(station))
    wish = a_claimed_wish(claimant, station=station, author=author, text="卖二手车")
    page = keeper.page(wish.link)
    empty = keeper.as_page(keeper.submit(page, "hiding", {"reason": ""}), 422)
    assert "请填写这一项" in empty.one("#hiding").to_text()
    keeper.follow(keeper.submit(page, "hiding", {"reason": "这是广告"}))
    assert "这是广告" in browser_of(new_client, author).page(wish.link).text
    assert "这是广告" in keeper.page(wish.link).text
    elsewhere = a_keeper(a_station())
    for other in (claimant, a_courier(), a_volunteer(), elsewhere):
        browser_of(new_client, other).page(wish.link, 404)
    new_client().page(wish.link, 404)
    for path in ("/", "/wishes", f"/stations/{station.code}/wishes"):
        assert "二手车" not in new_client().page(path).text
    theirs = browser_of(new_client, claimant).page("/me/claims")
    assert "二手车" not in theirs.text
    assert wish.link not in [link.attrs["href"] for link in theirs.select("a")]


def test_a_withdrawn_wish_is_gone_for_everybody_but_its_author_and_keeper(
    new_client: NewClient,
) -> None:
    station, author = a_station(), a_courier()
    wish = a_wish(station, author)
    with writing():
        wish.withdraw(by=author)
    assert "已撤回" in browser_of(new_client, author).page(wish.link).text
    browser_of(new_client, a_keeper(station)).page(wish.link)
    gone = new_client().get(wish.link)
    assert gone.status_code == 404
    assert "可能已被撤回" in gone.text
    missing = new_client().get("/wishes/2222222222")
    assert missing.text.replace("2222222222", wish.public_id) == gone.text


def test_nobody_does_anything_to_a_wish_they_may_not_see(new_client: NewClient) -> None:
    author = a_courier()
    wish = a_wish(author=author)
    volunteer = browser_of(new_client, a_volunteer())
    page = volunteer.page(wish.link)
    with writing():
        wish.withdraw(by=author)
    assert volunteer.submit(page, "claim").status_code == 404
    assert volunteer.submit(page, "report", {"reason": "other"}).status_code == 404


@pytest.mark.parametrize("named", [True, False])
def test_a_claimant_is_named_only_if_they_chose_to_be(
    new_client: NewClient, *, named: bool
) -> None:
    station, volunteer = a_station(), a_volunteer()
    wish = a_wish(station)
    client = browser_of(new_client, volunteer)
    client.follow(client.submit(wish.link, "claim", {"named": "y"} if named else {}))
    stranger = new_client()
    for path in (wish.link, f"/stations/{station.code}/wishes", f"/stations/{station.code}"):
        text = stranger.page(path).text
        assert "已认领" in text
        assert (volunteer.nickname in text) is named


def test_an_officer_who_is_named_stands_there_as_the_department(new_client: NewClient) -> None:
    officer = an_officer("市总工会")
    wish = a_wish()
    client = browser_of(new_client, officer)
    client.follow(client.submit(wish.link, "claim", {"named": "y"}))
    text = new_client().page(wish.link).text
    assert "市总工会" in text and officer.nickname not in text


def test_thanks_are_for_everyone_and_without_numbers(new_client: NewClient) -> None:
    station, author = a_station(), a_courier()
    wish = a_delivered_wish(station=station, author=author)
    client = browser_of(new_client, author)
    client.follow(client.submit(wish.link, "confirmation", {"thanks": f"谢谢，{NUMBER} 常联系"}))
    for path in (wish.link, f"/stations/{station.code}/wishes"):
        text = new_client().page(path).text
        assert "常联系" in text and NUMBER not in text


def test_the_note_and_picture_of_a_delivery_are_for_those_involved(new_client: NewClient) -> None:
    station, author, claimant = a_station(), a_courier(), a_volunteer()
    wish = a_claimed_wish(claimant, station=station, author=author)
    client = browser_of(new_client, claimant)
    broken = {"note": "在2号柜", "photo": a_broken_photo()}
    again = client.as_page(client.submit(wish.link, "delivery", broken), 422)
    assert "重新选一张" in again.one("#delivery").to_text()
    assert again.one("#delivery-note").attrs["value"] == "在2号柜"
    client.follow(client.submit(wish.link, "delivery", broken | {"photo": a_photo()}))
    picture = f"{wish.link}/delivery/photo"
    for involved in (author, claimant):
        browser = browser_of(new_client, involved)
        assert "在2号柜" in browser.page(wish.link).text
        assert browser.get(picture, buffered=True).mimetype == "image/jpeg"
    for other in (a_courier(), a_volunteer(), a_keeper(station)):
        browser = browser_of(new_client, other)
        assert "2号柜" not in browser.page(wish.link).text
        assert browser.get(picture).status_code in (403, 404)
    assert "2号柜" not in new_client().page(wish.link).text
    assert new_client().get(picture).status_code == 303
    assert len(db.session.scalars(select(Photo)).all()) == 1


def test_a_number_is_shown_to_the_claimant_once_a_post_and_never_kept(
    new_client: NewClient,
) -> None:
    author, claimant = a_courier(), a_volunteer()
    wish = a_claimed_wish(claimant, author=author)
    client = browser_of(new_client, claimant)
    assert author.phone not in client.page(wish.link).text
    for htmx in (False, True):
        shown = client.submit(wish.link, "contact", htmx=htmx)
        assert shown.status_code == 200
        assert shown.headers["Cache-Control"] == "no-store"
        link = client.as_page(shown, 200).one("a.dial")
        assert link.attrs["href"] == f"tel:{author.phone}"
        assert link.to_text().replace(" ", "") == author.phone.removeprefix("+86")
        assert author.phone not in client.get(wish.link).text
    kept = db.session.execute(select(Answer.body, Answer.headers, Answer.said)).all()
    assert author.phone not in str(kept)
    assert len(db.session.scalars(select(Reveal)).all()) == 1
    story = browser_of(new_client, author).page(wish.link).one("ol.story").to_text()
    assert "认领人查看了作者的电话" in story
    assert client.get(f"{wish.link}/contact").status_code == 405


def test_nobody_else_gets_the_number_and_it_ends_with_the_claim(new_client: NewClient) -> None:
    station, author, claimant = a_station(), a_courier(), a_volunteer()
    wish = a_claimed_wish(claimant, station=station, author=author)
    client = browser_of(new_client, claimant)
    page = client.page(wish.link)
    for other in (a_volunteer(), an_officer(), a_keeper(station), a_courier()):
        browser = browser_of(new_client, other)
        sent = browser.page("/me").form("/sign-out").values
        refused = browser.post(f"{wish.link}/contact", data=sent)
        assert refused.status_code in (403, 404)
        assert author.phone not in refused.text
    client.follow(client.submit(wish.link, "release"))
    assert client.submit(page, "contact").status_code == 404


def test_the_story_keeps_private_words_from_outsiders(new_client: NewClient) -> None:
    station, author, first, second = a_station(), a_courier(), a_volunteer(), a_volunteer()
    wish = a_wish(station, author, text=f"找人修车，打{NUMBER}")
    with writing():
        wish.edit(by=author, text="找人修车", category="skills")
        wish.claim(by=first, rules=RULES)
        wish.release(by=first, rules=RULES, reason="孩子病了")
        wish.claim(by=second, rules=RULES)
        wish.report(by=first, reason="other", note="他骗人")
    outside = new_client().page(wish.link)
    for private in ("孩子病了", NUMBER, "打", "骗人", "作者改了内容", first.nickname):
        assert private not in outside.one("ol.story").to_text()
    for person in (second, author):
        text = browser_of(new_client, person).page(wish.link).text
        assert "孩子病了" in text and "骗人" not in text
        assert NUMBER not in text


def test_what_happened_to_a_claim_stays_on_the_claimants_own_page(new_client: NewClient) -> None:
    volunteer = a_volunteer()
    wish = a_claimed_wish(volunteer)
    client = browser_of(new_client, volunteer)
    assert "等您送达" in client.page("/me/claims").text
    client.follow(client.submit(wish.link, "delivery"))
    assert "等小哥确认" in client.page("/me/claims").text
    with writing():
        wish.confirm(by=wish.author)
    assert "已实现" in client.page("/me/claims").text


def test_the_same_card_goes_to_every_reader_of_a_wall(new_client: NewClient) -> None:
    station, author, claimant = a_station(), a_courier(), a_volunteer()
    a_wish(station, author)
    a_claimed_wish(claimant, station=station)
    readers = [new_client(), *(browser_of(new_client, each) for each in (author, claimant))]
    readers.append(browser_of(new_client, a_keeper(station)))
    walls = {
        str(reader.page(f"/stations/{station.code}/wishes").one("#wall").to_html())
        for reader in readers
    }
    assert len(walls) == 1
    partial = {
        reader.get(f"/stations/{station.code}/wishes", headers=PARTIAL).text for reader in readers
    }
    assert len(partial) == 1


def test_claim_rows_tell_who_holds_a_wish() -> None:
    officer, volunteer = an_officer(), a_volunteer()
    a_claimed_wish(officer)
    claim = db.session.scalars(select(Claim)).one()
    assert claim.is_held_by(officer)
    assert not claim.is_held_by(volunteer)
    assert db.session.scalars(select(Wish.state)).one() == "claimed"
