"""A wish's own page: its whole life through the forms, with htmx and without."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from tests.support.city import (
    a_claimed_wish,
    a_courier,
    a_delivered_wish,
    a_keeper,
    a_station,
    a_volunteer,
    a_wish,
    an_officer,
    an_organiser,
    sign_in,
)
from tests.support.client import PARTIAL, Client
from tests.support.page import Page
from wishwall.accounts.models import Person, Role
from wishwall.kit.db import db, writing
from wishwall.wishes.errors import AlreadyClaimed
from wishwall.wishes.models import Wish

pytestmark = pytest.mark.usefixtures("app")
NewClient = Callable[[], Client]
DEEDS = (
    *("claim", "release", "extension", "delivery", "contact", "confirmation"),
    *("reopening", "withdrawal", "edit", "report", "hiding"),
)


def browser_of(new_client: NewClient, person: Person) -> Client:
    client = new_client()
    sign_in(client, person)
    return client


def deeds_on(page: Page, wish: Wish) -> set[str]:
    actions = {page.address(form.attrs["action"] or "") for form in page.select("form")}
    return {deed for deed in DEEDS if f"{wish.link}/{deed}" in actions}


def state_of(wish: Wish) -> str:
    return db.session.get_one(Wish, wish.id, populate_existing=True).state


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_wish_lives_from_the_wall_to_thanks_through_its_forms(
    new_client: NewClient, *, htmx: bool
) -> None:
    station, courier, volunteer = a_station(), a_courier(), a_volunteer()
    his, hers = browser_of(new_client, courier), browser_of(new_client, volunteer)
    wall = f"/stations/{station.code}/wishes"

    def said(client: Client, response: Any, sentence: str) -> Page:
        page = client.as_page(response, 200) if htmx else client.follow(response)
        assert sentence in page.text
        assert bool(page.select("html")) is not htmx
        return page

    posted = his.submit(wall, "post", {"text": "想要手套", "category": "goods"}, htmx=htmx)
    page = his.as_page(posted, 201) if htmx else his.follow(posted)
    assert "您的心愿贴上墙了" in page.text
    wish = db.session.query(Wish).one()
    said(hers, hers.submit(wish.link, "claim", htmx=htmx), "认领好了")
    said(hers, hers.submit(wish.link, "release", {"reason": "出差"}, htmx=htmx), "已放弃认领")
    said(hers, hers.submit(wish.link, "claim", htmx=htmx), "认领好了")
    said(hers, hers.submit(wish.link, "extension", htmx=htmx), "期限已延长")
    said(hers, hers.submit(wish.link, "delivery", {"note": "在前台"}, htmx=htmx), "等对方确认")
    said(his, his.submit(wish.link, "reopening", {"reason": "前台没有"}, htmx=htmx), "重新挂上")
    said(hers, hers.submit(wish.link, "claim", htmx=htmx), "认领好了")
    said(hers, hers.submit(wish.link, "delivery", htmx=htmx), "等对方确认")
    page = said(his, his.submit(wish.link, "confirmation", {"thanks": "合手"}, htmx=htmx), "已确认")
    assert "合手" in page.text
    assert state_of(wish) == "confirmed"


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_an_author_edits_and_then_withdraws(new_client: NewClient, *, htmx: bool) -> None:
    author = a_courier()
    wish = a_wish(author=author)
    client = browser_of(new_client, author)
    better = {"text": "想要一双43码防滑鞋", "category": "living"}
    edited = client.submit(wish.link, "edit", better, htmx=htmx)
    page = client.as_page(edited, 200) if htmx else client.follow(edited)
    assert "改好了" in page.text and "43码" in page.text
    assert page.select("article.note.living")
    withdrawn = client.submit(wish.link, "withdrawal", htmx=htmx)
    page = client.as_page(withdrawn, 200) if htmx else client.follow(withdrawn)
    assert "心愿已撤回" in page.text
    assert deeds_on(page, wish) == set()
    assert state_of(wish) == "withdrawn"


def test_each_form_is_shown_only_to_who_may_use_it_now(new_client: NewClient) -> None:
    station, author, claimant = a_station(), a_courier(), a_volunteer()
    people = {
        "author": author,
        "claimant": claimant,
        "another courier": a_courier(),
        "another volunteer": a_volunteer(),
        "officer": an_officer(),
        "keeper": a_keeper(station),
        "keeper elsewhere": a_keeper(a_station()),
        "organiser": an_organiser(),
    }
    browsers = {who: browser_of(new_client, person) for who, person in people.items()}
    browsers["stranger"] = new_client()
    city: dict[str, Any] = {"station": station, "author": author}
    open_, claimed = a_wish(**city), a_claimed_wish(claimant, **city)
    delivered = a_delivered_wish(claimant, **city)
    seen = {
        wish.state: {
            who: deeds_on(client.page(wish.link), wish) for who, client in browsers.items()
        }
        for wish in (open_, claimed, delivered)
    }
    watching = {
        "stranger": set(),
        "another courier": {"report"},
        "another volunteer": {"report"},
        "officer": {"report"},
        "keeper elsewhere": {"report"},
        "organiser": {"report", "hiding"},
    }
    assert seen["open"] == watching | {
        "author": {"edit", "withdrawal"},
        "claimant": {"claim", "report"},
        "another volunteer": {"claim", "report"},
        "officer": {"claim", "report"},
        "keeper": {"withdrawal", "report", "hiding"},
    }
    assert seen["claimed"] == watching | {
        "author": {"withdrawal"},
        "claimant": {"release", "extension", "delivery", "contact", "report"},
        "keeper": {"release", "withdrawal", "report", "hiding"},
    }
    assert seen["delivered"] == watching | {
        "author": {"confirmation", "reopening"},
        "claimant": {"report"},
        "keeper": {"confirmation", "report", "hiding"},
    }


def test_a_colleague_of_the_department_carries_on_with_its_claim(new_client: NewClient) -> None:
    officer, colleague = an_officer("市总工会"), a_courier()
    wish = a_claimed_wish(officer)
    with writing():
        colleague.roles.append(Role(kind="officer", department_id=officer.department_id))
    client = browser_of(new_client, colleague)
    client.follow(client.submit(wish.link, "delivery", {"note": "放前台"}))
    assert state_of(wish) == "delivered"


def test_a_bad_form_comes_back_with_what_was_typed(new_client: NewClient) -> None:
    author, claimant = a_courier(), a_volunteer()
    wish = a_claimed_wish(claimant, author=author)
    client = browser_of(new_client, claimant)
    too_long = "谢" * 201
    for htmx in (False, True):
        answer = client.submit(wish.link, "delivery", {"note": too_long}, htmx=htmx)
        page = client.as_page(answer, 422)
        assert page.one("#delivery-note").attrs["value"] == too_long
        assert "现在 201 个" in page.one("#delivery-note-error").to_text()
        assert bool(page.select("html")) is not htmx
    assert state_of(wish) == "claimed"


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_two_volunteers_tap_claim_and_one_is_told_kindly(
    new_client: NewClient, *, htmx: bool
) -> None:
    wish = a_wish()
    quick, slow = (browser_of(new_client, a_volunteer()) for _ in range(2))
    page = slow.page(wish.link)
    quick.follow(quick.submit(wish.link, "claim"))
    answer = slow.as_page(slow.submit(page, "claim", htmx=htmx), 409)
    assert "刚刚被别人认领" in answer.one("[role=alert]").to_text()
    assert "已认领" in answer.one("article .state").to_text()
    assert "claim" not in deeds_on(answer, wish)
    assert bool(answer.select("html")) is not htmx


def test_the_second_tap_gets_the_first_answer_and_does_nothing(new_client: NewClient) -> None:
    wish = a_wish()
    client = browser_of(new_client, a_volunteer())
    page = client.page(wish.link)
    first, second = client.submit(page, "claim"), client.submit(page, "claim")
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert "认领好了" in client.follow(second).text
    with_htmx = browser_of(new_client, a_volunteer())
    page = with_htmx.page(a_wish().link)
    answers = [with_htmx.submit(page, "claim", htmx=True) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].text == answers[1].text


def test_a_form_used_twice_with_other_content_is_refused_in_place(new_client: NewClient) -> None:
    wish = a_claimed_wish(volunteer := a_volunteer())
    client = browser_of(new_client, volunteer)
    page = client.page(wish.link)
    client.submit(page, "delivery", {"note": "在前台"})
    again = client.as_page(client.submit(page, "delivery", {"note": "在后院"}), 409)
    assert "已经用过" in again.one("[role=alert]").to_text()
    assert "在前台" in again.text and "在后院" not in again.text


def test_a_tired_finger_is_told_when_to_come_back(
    app: Flask, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "LIMIT_ACTIONS", "1 per hour")
    wish = a_wish()
    client = browser_of(new_client, a_volunteer())
    page = client.page(wish.link)
    client.submit(page, "claim")
    for htmx in (False, True):
        refused = client.submit(wish.link, "release", htmx=htmx)
        assert refused.status_code == 429
        assert 0 < int(refused.headers["Retry-After"]) <= 3600
        assert "太频繁" in refused.text
    assert state_of(wish) == "claimed"


def test_reporting_needs_a_reason_and_tells_the_keeper(new_client: NewClient) -> None:
    station = a_station()
    keeper = browser_of(new_client, a_keeper(station))
    wish = a_wish(station)
    reader = browser_of(new_client, a_courier())
    again = reader.as_page(reader.submit(wish.link, "report", {"note": "看看"}), 422)
    assert "请选一个原因" in again.one("#report").to_text()
    assert again.one("#report-note").attrs["value"] == "看看"
    thanked = reader.follow(reader.submit(wish.link, "report", {"reason": "advert"}))
    assert "谢谢提醒" in thanked.text
    assert "被举报" in keeper.page("/me/notices").text
    assert "举报" not in new_client().page(wish.link).one("ol.story").to_text()


def test_a_fragment_for_htmx_is_the_wish_of_the_page(new_client: NewClient) -> None:
    wish = a_wish()
    client = new_client()
    assert client.fragment(wish.link).one("#wish").to_html() == (
        client.page(wish.link).one("#wish").to_html()
    )
    assert client.get(wish.link, headers=PARTIAL).text.strip().startswith('<div class="stack"')


def test_a_refusal_about_a_wish_that_is_gone_meanwhile_is_a_404(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = a_wish()
    sign_in(client, a_volunteer())
    page = client.page(wish.link)

    def withdrawn_by_its_author(*_args: object, **_named: object) -> None:
        """What another process does between the look and the claim."""
        db.session.rollback()
        with db.engine.connect().execution_options(writing=True) as other, other.begin():
            other.execute(update(Wish).values(state="withdrawn", on_wall=False))
        raise AlreadyClaimed

    monkeypatch.setattr(Wish, "claim", withdrawn_by_its_author)
    client.as_page(client.submit(page, "claim"), 404)
