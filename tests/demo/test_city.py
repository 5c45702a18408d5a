"""The demo city agrees with itself and with the rules of the wall."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from wishwall.accounts.models import Department, Person, Role
from wishwall.accounts.privacy import private_spans
from wishwall.accounts.roles import COURIER, OFFICER, VOLUNTEER
from wishwall.demo import words
from wishwall.demo.city import DEFAULT_RULES, AlreadyBuilt, DemoAccount, RealPeople, build
from wishwall.demo.stations import plan_stations
from wishwall.kit.clock import now
from wishwall.kit.db import Base, db, writing
from wishwall.merchants.finding import Wanted, shops
from wishwall.merchants.notes import notes_of
from wishwall.merchants.queries import gifts_by, shops_of
from wishwall.notices.models import Notice
from wishwall.stations.checking import OPTIONAL, REQUIRED, TEXTS, check
from wishwall.stations.models import Station
from wishwall.stations.reading import Row
from wishwall.trail.models import Trail
from wishwall.wishes.facts import Claim, Confirmation, Delivery
from wishwall.wishes.models import CATEGORIES, ON_WALL, OPEN, STATES, Wish
from wishwall.wishes.timers import tick
from wishwall.wishes.wall import COUNTED, Wall

pytestmark = pytest.mark.usefixtures("app")


def city(
    stations: int = 60, wishes: int = 300, people: int = 120, **more: Any
) -> list[DemoAccount]:
    with writing():
        return build(stations, wishes, people, **more)


def person_of(account: DemoAccount) -> Person:
    person = db.session.scalar(select(Person).where(Person.phone == f"+86{account.phone}"))
    assert person is not None
    return person


def test_it_has_what_was_asked_for_in_every_state() -> None:
    city()
    counted = {
        table: db.session.scalar(select(func.count()).select_from(table))
        for table in (Station, Wish, Person)
    }
    assert counted == {Station: 60, Wish: 300, Person: 120}
    assert set(db.session.scalars(select(Wish.state))) == set(STATES)
    assert set(db.session.scalars(select(Wish.category))) == set(CATEGORIES)


def test_each_wall_counts_what_hangs_there() -> None:
    city()
    hanging = Counter(
        (station, state)
        for station, state in db.session.execute(select(Wish.station_id, Wish.state))
    )
    walls = db.session.scalars(select(Wall)).all()
    assert {wall.station_id for wall in walls} == {station for station, _state in hanging}
    for wall in walls:
        for state in COUNTED:
            assert getattr(wall, state) == hanging[wall.station_id, state]
        assert 0 < wall.revision <= now().timestamp() * 1000
    assert all(wish.on_wall == (wish.state in ON_WALL) for wish in db.session.scalars(select(Wish)))


def test_nobody_breaks_the_rules_of_the_wall() -> None:
    city(people=30)
    open_wishes = Counter(db.session.scalars(select(Wish.author_id).where(Wish.state == OPEN)))
    live = db.session.scalars(select(Claim).where(Claim.ended_at.is_(None))).all()
    alone = Counter(claim.claimant_id for claim in live if claim.department_id is None)
    together = Counter(claim.department_id for claim in live if claim.department_id)
    assert max(open_wishes.values()) <= DEFAULT_RULES.open_wishes
    assert max(alone.values()) <= DEFAULT_RULES.claims_per_volunteer
    assert max(together.values()) <= DEFAULT_RULES.claims_per_department
    claimed = select(Wish.author_id, Claim.claimant_id).join(Claim, Claim.wish_id == Wish.id)
    assert all(author != claimant for author, claimant in db.session.execute(claimed))


def test_authors_are_couriers_and_claimants_may_claim() -> None:
    city()
    roles = {role.person_id: role for role in db.session.scalars(select(Role))}
    assert {roles[author].kind for author in db.session.scalars(select(Wish.author_id))} == {
        COURIER
    }
    for claim in db.session.scalars(select(Claim)):
        role = roles[claim.claimant_id]
        assert role.kind in (VOLUNTEER, OFFICER)
        assert role.department_id == claim.department_id


def test_a_wish_has_the_facts_and_the_trail_of_its_state() -> None:
    city()
    deeds: dict[int, list[str]] = {}
    for row in db.session.scalars(select(Trail).order_by(Trail.id)):
        deeds.setdefault(row.subject_id, []).append(row.deed)
    moves = {"edited", "claimed", "extended", "released", "timed-out", "delivered", "confirmed"}
    moves |= {"reopened", "withdrawn", "expired", "hidden"}
    for wish in db.session.scalars(select(Wish)):
        claim = wish.live_claim
        assert (claim is not None) == (wish.state in ("claimed", "delivered"))
        assert (claim is not None and claim.delivery is not None) == wish.is_delivered
        told = deeds[wish.id]
        assert told[0] == "posted"
        assert wish.is_open or wish.state in told
        assert wish.revision == 1 + sum(deed in moves for deed in told)
        assert wish.expires_at == wish.opened_at + DEFAULT_RULES.wish_lasts
    confirmed = select(func.count()).where(Wish.state == "confirmed")
    assert db.session.scalar(confirmed) == db.session.scalar(select(func.count(Confirmation.id)))


def test_everything_happened_in_order_and_hardly_over_a_month_ago() -> None:
    city()
    moments = list(db.session.scalars(select(Trail.at).order_by(Trail.id)))
    assert moments == sorted(moments)
    assert now() - timedelta(days=45) < moments[0] and moments[-1] <= now()
    posted = list(db.session.scalars(select(Wish.posted_at).order_by(Wish.id)))
    assert posted == sorted(posted)
    for claim in db.session.scalars(select(Claim).join(Delivery)):
        assert claim.delivery is not None
        assert claim.claimed_at < claim.delivery.delivered_at <= claim.due_at
        assert claim.ended_at is None or claim.ended_at > claim.delivery.delivered_at


def test_time_finds_nothing_overdue() -> None:
    city()
    assert set(tick(DEFAULT_RULES).values()) == {0}


def test_the_accounts_sign_in_and_find_something() -> None:
    accounts = city()
    assert [account.phone for account in accounts] == [f"1990000000{nth}" for nth in range(1, 8)]
    assert len({account.password for account in accounts}) == 1
    people = {account.role: person_of(account) for account in accounts}
    for account in accounts:
        assert people[account.role].has_password(account.password)
        assert [role.kind for role in people[account.role].roles] == [account.role]
    mine = select(Wish.state).where(Wish.author_id == people["courier"].id)
    assert {"open", "delivered"} <= set(db.session.scalars(mine))
    for role in ("volunteer", "officer"):
        held = select(Claim.id).where(
            Claim.claimant_id == people[role].id, Claim.ended_at.is_(None)
        )
        assert db.session.scalars(held).all()
    told = set(db.session.scalars(select(Notice.person_id)))
    assert told == {people[role].id for role in ("courier", "volunteer", "officer", "keeper")}
    first = db.session.scalars(select(Station.id).order_by(Station.code).limit(1)).one()
    assert people["keeper"].kept_station_ids() == [first]
    (shop,) = shops_of(people["merchant"])
    assert shop.station_id == first
    assert [gift.merchant_id for gift, _used in gifts_by(people["volunteer"])] == [shop.id]
    assert notes_of(first)[0].is_gift


def test_the_same_seed_gives_the_same_city() -> None:
    cities = []
    with time_machine.travel(datetime(2026, 5, 4, 3, 0, tzinfo=UTC), tick=False):
        for seed in (7, 7, 8):
            city(20, 60, 40, seed=seed)
            cities.append(_everything())
            _raze()
    assert cities[0] == cities[1]
    assert cities[0]["wish"] != cities[2]["wish"]


@pytest.mark.parametrize(
    ("stations", "wishes", "people"), [(1, 0, 0), (1, 1, 0), (1, 50, 3), (3, 2, 11)]
)
def test_small_cities_stand_too(stations: int, wishes: int, people: int) -> None:
    assert len(city(stations, wishes, people)) == 7
    assert db.session.scalar(select(func.count(Station.id))) == stations
    assert db.session.scalar(select(func.count(Wish.id))) == wishes


def test_couriers_find_shops_of_many_kinds_around_the_first_station() -> None:
    city(20, 60, 40)
    first = db.session.scalars(select(Station).order_by(Station.code)).first()
    assert first is not None
    around = shops(Wanted(station_id=first.id))
    assert len(around) == 4 and len({shop.name for shop in around}) == 4
    assert len({shop.kind for shop in shops(Wanted())}) > 2
    assert all(shop.offers for shop in around)


def test_real_people_are_left_in_peace_unless_told() -> None:
    with writing():
        db.session.add(Person(phone="+8613912345678", nickname="真人", password_hash="!"))
        db.session.add(Department(name="市总工会"))
    with pytest.raises(RealPeople):
        city()
    assert db.session.scalar(select(func.count(Station.id))) == 0
    city(among_real_people=True)
    assert db.session.scalar(select(func.count(Person.id))) == 121


def test_a_second_city_is_refused() -> None:
    city(2, 5, 12)
    with pytest.raises(AlreadyBuilt):
        city(among_real_people=True)


def test_stations_of_the_directory_are_kept_and_get_wishes_too() -> None:
    kept = plan_stations(4, seed=1)[0].columns | {"name": "自己的驿站"}
    with writing():
        db.session.add(Station(**kept))
        db.session.flush()
        own = db.session.scalar(select(Station.id))
        Wall.hang(own or 0)
        Wall.change(own or 0, left=None, entered=None)
        revision = db.session.scalar(select(Wall.revision))
    city(4, 40, 30)
    assert db.session.scalar(select(func.count(Station.id))) == 4
    assert db.session.get_one(Station, own).name == "自己的驿站"
    wall = db.session.get_one(Wall, own)
    assert wall.open == db.session.scalar(
        select(func.count()).where(Wish.station_id == own, Wish.state == OPEN)
    )
    assert wall.revision > (revision or 0)


def test_ids_go_on_after_the_city() -> None:
    city(2, 5, 12)
    with writing():
        db.session.add(Person(phone="+8613912345678", nickname="真人", password_hash="!"))
        db.session.add(Department(name="新部门"))


def test_progress_reaches_the_end() -> None:
    seen: list[tuple[int, int]] = []
    city(progress=lambda done, total: seen.append((done, total)))
    done, total = seen[-1]
    assert total <= done < total + 100


def test_invented_stations_would_be_taken_by_the_import() -> None:
    planned = plan_stations(2080, seed=1)
    assert len({station.columns["code"] for station in planned}) == 2080
    assert len({station.columns["name"] for station in planned}) == 2080
    for number, station in enumerate(planned):
        cells = dict.fromkeys((*REQUIRED, *OPTIONAL), "")
        cells |= {column: str(station.columns[name]) for column, name in TEXTS.items()}
        cells |= {"纬度": str(station.columns["lat"]), "经度": str(station.columns["lon"])}
        checked = check(Row(number, cells))
        assert not checked.is_refused, checked.findings


def test_words_fit_the_wall_and_name_nobody() -> None:
    random = Random(3)  # noqa: S311 - invents words, guards nothing
    said = [words.wish(category, random) for category in CATEGORIES for _ in range(500)]
    assert len(set(said)) > len(said) * 0.6
    said += [words.note(category, random) for category in CATEGORIES for _ in range(30)]
    said += [thanks for thanks in (words.thanks(random) for _ in range(100)) if thanks]
    said += [*words.RELEASES, *words.REOPENINGS, *words.HIDINGS]
    for text in said:
        assert 2 <= len(text) <= 200
        assert private_spans(text) == []


def test_every_slot_and_every_template_is_used_well() -> None:
    texts = [text for templates in words.WISHES.values() for text in templates]
    texts += [
        *words.ENDINGS,
        *words.THANKS,
        *(note for notes in words.NOTES.values() for note in notes),
    ]
    asked = {slot for text in texts for slot in re.findall(r"{(\w+)}", text)}
    assert asked == set(words.SLOTS)
    assert set(words.WISHES) == set(words.NOTES) == set(CATEGORIES)
    assert all(len(templates) >= 12 for templates in words.WISHES.values())


def _everything() -> dict[str, list[Any]]:
    """All that is told, without what differs by intent: passwords and unused ids."""
    rows: dict[str, list[Any]] = {}
    for table in Base.metadata.sorted_tables:
        told = [column for column in table.c if column.name not in ("id", "password_hash")]
        rows[table.name] = list(db.session.execute(select(*told).order_by(*table.primary_key)))
    return rows


def _raze() -> None:
    with writing():
        for table in reversed(Base.metadata.sorted_tables):
            db.session.execute(table.delete())
