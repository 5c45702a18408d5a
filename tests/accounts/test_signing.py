"""Signing up, in and out: by telephone, in a minute, and without telling who is here."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.support.city import PASSWORD, a_courier
from tests.support.client import Client
from tests.support.sending import sealed
from tests.support.tables import everything_kept
from wishwall.accounts import views
from wishwall.accounts.models import Person
from wishwall.kit.db import db

pytestmark = pytest.mark.usefixtures("app")
NewClient = Callable[[], Client]

PHONE = "13800138000"
SIGN_UP = {
    "phone": PHONE,
    "nickname": "南寒一阵风",
    "password": PASSWORD,
    "role": "courier",
    "group": "food",
}


def join(client: Client, **changed: str) -> TestResponse:
    return client.submit("/sign-up", "/sign-up", SIGN_UP | changed)


def enter(client: Client, phone: str = PHONE, password: str = PASSWORD) -> TestResponse:
    return client.submit("/sign-in", "/sign-in", {"phone": phone, "password": password})


def people() -> list[Person]:
    db.session.rollback()
    return list(db.session.scalars(select(Person).order_by(Person.id)))


@pytest.mark.parametrize(
    ("role", "group", "words"),
    [
        ("courier", "food", "小哥 外卖骑手"),
        ("volunteer", "", "志愿者"),
        ("volunteer", "food", "志愿者"),
    ],
)
def test_someone_signs_up_then_in_and_out(
    client: Client, role: str, group: str, words: str
) -> None:
    form = client.follow(join(client, role=role, group=group))
    assert form.path == "/sign-in" and form.form("/sign-in").values["phone"] == PHONE
    assert client.get("/me").status_code == 303, "signing up does not sign in"
    sent = client.submit(form, "/sign-in", {"password": PASSWORD})
    assert sent.location == "/"
    page = client.page("/me")
    assert page.h1 == "南寒一阵风" and words in page.text
    (person,) = people()
    assert [role.kind for role in person.roles] == [role]
    assert person.courier_group == (group if role == "courier" else None)
    client.submit(page, "/sign-out")
    assert client.get("/me").location == "/sign-in?next=/me"


@pytest.mark.parametrize(
    "changed",
    [
        {"phone": "0351-1234567"}, {"phone": "1380013800"}, {"phone": "+852 9123 4567"},
        {"phone": "13800FLOWER"}, {"phone": ""}, {"nickname": "风"}, {"nickname": "风" * 21},
        {"nickname": "\u200b \u3000"}, {"password": "1234567"}, {"password": "x" * 129},
        {"role": "organiser"}, {"role": ""}, {"group": ""}, {"group": "pilot"},
    ],
)  # fmt: skip
def test_a_form_that_lacks_something_comes_back_with_what_was_typed(
    client: Client, changed: dict[str, str]
) -> None:
    sent = client.post("/sign-up", data=sealed(client, **(SIGN_UP | changed)))
    page = client.as_page(sent, 422)
    assert len(page.select(".error")) == 1
    assert people() == []
    assert PASSWORD not in sent.text
    if "nickname" not in changed:
        assert page.form("/sign-up").values["nickname"] == "南寒一阵风"


@pytest.mark.parametrize(
    "nickname",
    ["管理员", "系统管理員01", "官 方 客 服", "官\u200b方通知", "ＡＤＭＩＮ", "Admin小王",
     "a-d-m-i-n", "南寒站长", "小店区政府", "公安局", "市总工会", "网格员老李",
     "打我13800138000", "微信abc12345"],
)  # fmt: skip
def test_a_nickname_is_neither_official_nor_a_number(client: Client, nickname: str) -> None:
    assert join(client, nickname=nickname).status_code == 422
    assert people() == []


def test_an_ordinary_nickname_is_taken(client: Client) -> None:
    for number, nickname in enumerate(("南寒一阵风", "Lao Wang", "小龙🛵", "不差这一站")):
        assert join(client, nickname=nickname, phone=f"1380013800{number}").status_code == 303


@pytest.mark.parametrize(
    "typed",
    ["138 0013 8000", "138-0013-8000", "+86 138 0013 8000", "+8613800138000",
     "86 13800138000", "0086 138 0013 8000", "１３８００１３８０００",
     "＋８６ １３８ ００１３ ８０００", "（138）00138000", "\u200b13800138000\u00a0"],
)  # fmt: skip
def test_a_phone_may_be_typed_in_any_of_the_usual_ways(client: Client, typed: str) -> None:
    join(client, phone=typed)
    assert [person.phone for person in people()] == ["+8613800138000"]
    assert enter(client, "13800138000").location == "/"


def test_signing_up_says_the_same_whether_or_not_the_phone_is_known(
    new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = a_courier()
    before = (known.nickname, known.password_hash, known.courier_group)
    hashed = _counted(monkeypatch, "generate_password_hash")
    shapes = []
    for phone in (known.phone, "+8613700000000"):
        client = new_client()
        sent = join(client, phone=phone, role="volunteer", password="another password")
        shapes.append((sent.status_code, sent.location, _masked(client.follow(sent).response.text)))
    assert shapes[0][:2] == shapes[1][:2]
    assert shapes[0][2].replace(known.phone, "+8613700000000") == shapes[1][2]
    assert len(hashed) == 2
    known = people()[0]
    assert (known.nickname, known.password_hash, known.courier_group) == before
    assert [role.kind for role in known.roles] == ["courier"]


def test_a_wrong_password_and_an_unknown_phone_look_and_cost_the_same(
    new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = a_courier()
    checked = _counted(monkeypatch, "check_password_hash")
    shapes = []
    for phone in (known.phone, "+8613700000000"):
        sent = enter(new_client(), phone, "wrong password")
        shapes.append((sent.status_code, _masked(sent.text).replace(phone, "")))
    assert shapes[0] == shapes[1] and shapes[0][0] == 422
    assert len(checked) == 2
    assert checked[0] == known.password_hash and checked[1].startswith("scrypt:")


def _counted(monkeypatch: pytest.MonkeyPatch, name: str) -> list[str]:
    calls: list[str] = []
    real = getattr(views, name)

    def count(first: str, *more: str) -> Any:
        calls.append(first)
        return real(first, *more)

    monkeypatch.setattr(views, name, count)
    return calls


def _masked(page: str) -> str:
    return re.sub(r'(name="(?:csrf_token|key)" value=")[^"]*', r"\1", page)


def test_a_password_stands_nowhere(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    secret = "Pass word ünverwechselbar 密码"
    answers = [
        join(client, password=secret),
        join(client, password=secret, phone="123"),
        enter(client, password=secret + "!"),
        enter(client, phone="123", password=secret),
        enter(client, password=secret),
        client.get("/me"),
    ]
    assert answers[-2].location == "/", "this is the password"
    seen = "".join(answer.text + str(answer.headers) for answer in answers)
    seen += everything_kept() + caplog.text
    assert secret not in seen and "ünverwechselbar" not in seen
    assert people()[0].password_hash.startswith("scrypt:")


def test_a_password_keeps_its_spaces_and_case(client: Client) -> None:
    join(client, password="  Warm Tea 8 ")
    for wrong in ("Warm Tea 8", "  warm tea 8 ", "  Warm Tea 8  "):
        assert enter(client, password=wrong).status_code == 422
    assert enter(client, password="  Warm Tea 8 ").status_code == 303


def test_two_people_with_one_phone_number_are_one_account(client: Client) -> None:
    join(client)
    join(client, nickname="另一阵风", password="another password")
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1
    assert enter(client, password="another password").status_code == 422
