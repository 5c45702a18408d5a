"""Named selects of wishes. The wall is read by Core into plain tuples: it is the hot path."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from wishwall.accounts.models import Department, Person
from wishwall.accounts.visitors import SignedIn
from wishwall.kit.clock import now
from wishwall.kit.db import db
from wishwall.kit.prepared import read
from wishwall.photos.models import Photo
from wishwall.stations.models import Station
from wishwall.trail.models import Trail
from wishwall.wishes.facts import Claim, Confirmation, Delivery, Reveal
from wishwall.wishes.models import CONFIRMED, ON_WALL, OPEN, SUBJECT, Wish
from wishwall.wishes.wall import Wall

A_PAGE = 30
AnyRow = Row[*tuple[Any, ...]]
CardRow = tuple[Any, ...]  # the columns of `_cards`

_shown_claim = and_(
    Claim.wish_id == Wish.id, or_(Claim.ended_at.is_(None), Claim.ending == "confirmed")
)
_cards: Select[*tuple[Any, ...]] = (
    select(
        Wish.id,
        Wish.public_id,
        Wish.public_text,
        Wish.category,
        Wish.state,
        Wish.posted_at,
        Wish.photo_id,
        Claim.due_at,
        Claim.named,
        Person.nickname,
        Department.name,
        Confirmation.thanks,
    )
    .select_from(Wish)
    .outerjoin(Claim, and_(Wish.state != OPEN, _shown_claim))  # an open wish need not be looked up
    .outerjoin(Person, and_(Claim.named, Person.id == Claim.claimant_id))
    .outerjoin(Department, Department.id == Claim.department_id)
    .outerjoin(Confirmation, and_(Wish.state == CONFIRMED, Confirmation.claim_id == Claim.id))
)
_first_page = (
    _cards.where(Wish.station_id == bindparam("station_id"), Wish.on_wall)
    .order_by(Wish.id.desc())
    .limit(A_PAGE + 1)
)
_one_card = _cards.where(Wish.id == bindparam("wish_id"), Wish.on_wall)
_newest_happening = (
    select(func.max(Trail.id)).where(Trail.station_id == Station.id).scalar_subquery()
)
WALL = (
    select(
        Station.id,
        Station.name,
        Wall.revision,
        Wall.open,
        Wall.claimed,
        Wall.delivered,
        Wall.confirmed,
        _newest_happening,
    )
    .select_from(Station)
    .outerjoin(Wall, Wall.station_id == Station.id)
    .where(Station.code == bindparam("code"))
)


@dataclass(frozen=True, slots=True)
class WallHead:
    """A station's wall without its wishes; `revision` is 0 where nothing has ever hung.

    `happening` is the last trail row of the station, from which its stream goes on.
    """

    station_id: int
    code: str
    station_name: str
    revision: int
    counts: dict[str, int] = field(compare=False)  # the revision stands for them
    happening: int = field(compare=False)


def wall_head(code: str) -> WallHead | None:
    """The wall of the station with this code."""
    rows = read(WALL, {"code": code})
    return head_of(code, rows[0]) if rows else None


def head_of(code: str, row: Sequence[Any]) -> WallHead:
    """The head that a row of `WALL` tells of."""
    station_id, name, revision, *counts, happening = tuple(row)
    words = dict(zip(ON_WALL, (count or 0 for count in counts), strict=True))
    return WallHead(station_id, code, name, revision or 0, words, happening or 0)


def first_cards(station_id: int) -> Sequence[CardRow]:
    """The newest wishes of a wall, and one more if there are more."""
    return read(_first_page, {"station_id": station_id})


def card_rows(wish_id: int) -> Sequence[CardRow]:
    """The card of one wish; none if it does not hang on the wall."""
    return read(_one_card, {"wish_id": wish_id})


def filtered_cards(
    station_id: int, *, state: str | None, category: str | None, after: str | None
) -> Sequence[CardRow]:
    """A wall's wishes in one state, of one category, older than the wish `after`."""
    cards = _cards.where(Wish.station_id == station_id).order_by(Wish.id.desc()).limit(A_PAGE + 1)
    cards = cards.where(Wish.state == state) if state else cards.where(Wish.on_wall)
    if category:
        cards = cards.where(Wish.category == category)
    if after:
        cards = cards.where(
            Wish.id < select(Wish.id).where(Wish.public_id == after).scalar_subquery()
        )
    return [tuple(row) for row in db.session.execute(cards)]


def wish_by_id(public_id: str) -> Wish | None:
    """A wish with its station, author and photo."""
    return db.session.scalar(
        select(Wish)
        .where(Wish.public_id == public_id)
        .options(joinedload(Wish.station), joinedload(Wish.author), joinedload(Wish.photo))
    )


def last_claim(wish: Wish) -> Claim | None:
    """The live claim, or the one that fulfilled the wish."""
    return db.session.scalar(
        select(Claim)
        .where(_shown_claim, Claim.wish_id == wish.id)
        .options(
            joinedload(Claim.claimant), joinedload(Claim.department), joinedload(Claim.delivery)
        )
    )


def confirmation_of(claim: Claim) -> Confirmation | None:
    """What the author said when it arrived."""
    return db.session.scalar(select(Confirmation).where(Confirmation.claim_id == claim.id))


def trail_of(wish: Wish) -> Sequence[Trail]:
    """All that happened to a wish, oldest first."""
    return db.session.scalars(
        select(Trail)
        .where(Trail.subject == SUBJECT, Trail.subject_id == wish.id)
        .order_by(Trail.id)
    ).all()


open_wishes = (
    select(
        Wish.public_id,
        Wish.public_text,
        Wish.category,
        Wish.opened_at,
        Wish.photo_id,
        Wish.station_id,
        Station.code,
        Station.name,
        Station.district,
    )
    .join(Station, Station.id == Wish.station_id)
    .where(Wish.state == OPEN)
)


def city_wishes(
    *,
    district: str | None = None,
    category: str | None = None,
    waiting_days: int | None = None,
    station_ids: Sequence[int] | None = None,
    after: str | None = None,
) -> Sequence[AnyRow]:
    """The city's open wishes with their stations, longest waiting first."""
    wishes = open_wishes.order_by(Wish.id).limit(A_PAGE + 1)
    if district:
        wishes = wishes.where(Station.district == district)
    if category:
        wishes = wishes.where(Wish.category == category)
    if waiting_days:
        wishes = wishes.where(Wish.opened_at <= now() - timedelta(days=waiting_days))
    if station_ids is not None:
        wishes = wishes.where(Wish.station_id.in_(station_ids))
    if after:
        wishes = wishes.where(
            Wish.id > select(Wish.id).where(Wish.public_id == after).scalar_subquery()
        )
    return db.session.execute(wishes).all()


def wishes_of(person: SignedIn, after: str | None = None) -> Sequence[Wish]:
    """A person's own wishes, newest first, a page and one more."""
    mine = select(Wish).where(Wish.author_id == person.id).options(joinedload(Wish.station))
    if after:
        mine = mine.where(
            Wish.id < select(Wish.id).where(Wish.public_id == after).scalar_subquery()
        )
    return db.session.scalars(mine.order_by(Wish.id.desc()).limit(A_PAGE + 1)).all()


def claims_of(person: SignedIn, before_id: int | None = None) -> Sequence[tuple[Claim, Wish]]:
    """A person's claims or their department's, newest first: a page and one more."""
    if person.department_id is not None:
        held = Claim.department_id == person.department_id
    else:
        held = Claim.claimant_id == person.id
    claims = (
        select(Claim, Wish)
        .join(Wish, Wish.id == Claim.wish_id)
        .where(held)
        .options(joinedload(Wish.station), joinedload(Claim.delivery))
        .order_by(Claim.id.desc())
        .limit(A_PAGE + 1)
    )
    if before_id:
        claims = claims.where(Claim.id < before_id)
    return [(claim, wish) for claim, wish in db.session.execute(claims).all()]


def claims_of_wish(person: SignedIn, wish: Wish) -> Sequence[tuple[Claim, Wish]]:
    """A person's claims of one wish, or their department's."""
    claims = db.session.scalars(select(Claim).where(Claim.wish_id == wish.id))
    return [(claim, wish) for claim in claims if claim.is_held_by(person)]


def reveals_of(wish: Wish) -> Sequence[Reveal]:
    """Who looked at the author's number for this wish."""
    return db.session.scalars(
        select(Reveal).join(Claim).where(Claim.wish_id == wish.id).order_by(Reveal.id)
    ).all()


def newest_in_city(how_many: int) -> Sequence[AnyRow]:
    """The city's newest open wishes with their stations."""
    return db.session.execute(
        select(
            Wish.public_id,
            Wish.public_text,
            Wish.category,
            Wish.posted_at,
            Station.code,
            Station.name,
        )
        .join(Station, Station.id == Wish.station_id)
        .where(Wish.state == OPEN)
        .order_by(Wish.id.desc())
        .limit(how_many)
    ).all()


def photo_ids() -> set[str]:
    """The public ids of all photos that something still shows."""
    return set(db.session.scalars(select(Photo.public_id)))


def delivery_of(claim: Claim) -> Delivery | None:
    """The delivery of a claim."""
    return db.session.scalar(select(Delivery).where(Delivery.claim_id == claim.id))
