"""What the stream tells of wishes: a station's wall, the city's list, and a person's own pages.

A message shows a thing as it is now, and names its place by what the page shows there: a card that
is not there yet is put in, one that is there is changed in place, whatever comes first or twice.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, current_app
from flask_login import current_user
from sqlalchemy import Select, bindparam, select

from wishwall.accounts.models import Person, hashed
from wishwall.kit.db import db
from wishwall.kit.prepared import read
from wishwall.live.channels import Channel, Kind
from wishwall.live.frames import Message
from wishwall.live.streams import stream
from wishwall.live.watching import MISSED_AT_MOST
from wishwall.notices.models import UNREAD, Notice
from wishwall.trail.models import Happening, Trail
from wishwall.wishes import cards, city
from wishwall.wishes.models import ON_WALL, SUBJECT, Wish
from wishwall.wishes.queries import card_rows, claims_of_wish
from wishwall.wishes.wall import Wall
from wishwall.wishes.walls import head_or_404
from wishwall.wishes.words import STATES

bp = Blueprint("live", __name__)

Teller = Callable[[int, Sequence[Happening]], Iterable[Message]]
STATION, CITY, PERSON = "station", "city", "person"
THE_CITY = 0
# what is in the trail but changes nothing that a list shows
UNSEEN = {"reported", "revealed", "claim-reminded", "keeper-asked", "confirmation-asked"}
HUNG_ANEW = {"posted", "released", "timed-out", "reopened"}

_everything: Select[*tuple[Any, ...]] = (
    select(Trail.id, Trail.deed, Trail.subject, Trail.subject_id, Trail.station_id)
    .where(Trail.id > bindparam("after"))
    .order_by(Trail.id)
    .limit(MISSED_AT_MOST + 1)
)
_happenings = _everything.where(Trail.subject == SUBJECT)
_counts = select(*(getattr(Wall, state) for state in ON_WALL)).where(
    Wall.station_id == bindparam("station_id")
)
_unread = select(UNREAD).where(Person.id == bindparam("person_id"))


@bp.get("/stations/<code:code>/live")
def wall(code: str) -> Response:
    return stream(Channel(STATION, head_or_404(code).station_id), person_id=_viewer_id())


@bp.get("/wishes/live")
def the_city() -> Response:
    return stream(Channel(CITY, THE_CITY), person_id=_viewer_id())


@bp.get("/me/live")
def mine() -> Response:
    visit = hashed(current_user.visit_token)
    return stream(Channel(PERSON, current_user.id), person_id=current_user.id, visit=visit)


def _viewer_id() -> int | None:
    return current_user.id if current_user.is_authenticated else None


def _about(happenings: Sequence[Happening]) -> Iterator[tuple[int, int, set[str]]]:
    """Each wish that they change, with the last of them and all that was done."""
    seen = [each for each in happenings if each.subject == SUBJECT and each.deed not in UNSEEN]
    for wish_id, found in groupby(sorted(seen, key=_wish), key=_wish):
        of_it = list(found)
        yield wish_id, max(each.id for each in of_it), {each.deed for each in of_it}


def _wish(happening: Happening) -> int:
    return happening.subject_id


def _by_station(happenings: Sequence[Happening]) -> Mapping[int, Sequence[Happening]]:
    found: dict[int, list[Happening]] = {}
    for happening in happenings:
        if happening.station_id is not None:
            found.setdefault(happening.station_id, []).append(happening)
    return found


def _tell_wall(station_id: int, happenings: Sequence[Happening]) -> Iterable[Message]:
    counts = next(iter(read(_counts, {"station_id": station_id})), (0,) * len(ON_WALL))
    for wish_id, happening_id, deeds in _about(happenings):
        rows = card_rows(wish_id)
        html = _rendered(
            "wishes/_wall_news.html",
            id=rows[0][1] if rows else _public_id(wish_id),
            card=cards.rendered(rows).html if rows else "",
            is_new="posted" in deeds,
            is_changed=deeds != {"posted"},
            counts=dict(zip(ON_WALL, counts, strict=True)),
            states=STATES,
        )
        yield Message(happening_id, html)


def _tell_city(_key: int, happenings: Sequence[Happening]) -> Iterable[Message]:
    for wish_id, happening_id, deeds in _about(happenings):
        wish = city.card_of(wish_id)
        html = _rendered(
            "wishes/_city_news.html",
            id=_public_id(wish_id),
            wish=wish,
            is_new=bool(deeds & HUNG_ANEW),
            place=_list_of(wish["district"], wish["category"]) if wish else "",
        )
        yield Message(happening_id, html)


def _list_of(district: str, category: str) -> str:
    """CSS for the whole lists in which an open wish of this district and category stands."""
    quoted = district.replace("\\", "\\\\").replace('"', '\\"')
    districts = f':is([data-district=""],[data-district="{quoted}"])'
    return f'#results > [data-live]{districts}:is([data-category=""],[data-category="{category}"])'


def _by_person(happenings: Sequence[Happening]) -> Mapping[int, Sequence[Happening]]:
    by_id = {happening.id: happening for happening in happenings}
    told = select(Notice.person_id, Notice.trail_id).where(Notice.trail_id.in_(by_id))
    found: dict[int, list[Happening]] = {}
    for person_id, trail_id in db.session.execute(told):
        found.setdefault(person_id, []).append(by_id[trail_id])
    return found


def _tell_person(person_id: int, happenings: Sequence[Happening]) -> Iterable[Message]:
    person = db.session.get(Person, person_id)
    if person is None:
        return
    unread = read(_unread, {"person_id": person_id})[0][0]
    for happening in happenings:
        wish = db.session.get(Wish, happening.subject_id) if happening.subject == SUBJECT else None
        notices = select(Notice).where(
            Notice.person_id == person_id, Notice.trail_id == happening.id
        )
        html = _rendered(
            "wishes/_my_news.html",
            notices=db.session.scalars(notices).all(),
            unread=unread,
            wish=wish if wish and wish.author_id == person_id else None,
            claims=claims_of_wish(person, wish) if wish else [],
            states=STATES,
        )
        yield Message(happening.id, html)


def _public_id(wish_id: int) -> str:
    return str(db.session.scalar(select(Wish.public_id).where(Wish.id == wish_id)))


def _rendered(template: str, **values: Any) -> str:
    return current_app.jinja_env.get_template(template).render(values)


_tellers: list[Teller] = [_tell_wall]


def also_tell_stations(teller: Teller) -> None:
    """Let another feature tell the pages of a station what concerns it."""
    if teller not in _tellers:
        _tellers.append(teller)


def _tell_station(station_id: int, happenings: Sequence[Happening]) -> Iterable[Message]:
    for tell in _tellers:
        yield from tell(station_id, happenings)


KINDS = {
    STATION: Kind(
        keys=_by_station,
        since=_everything.where(Trail.station_id == bindparam("key")),
        tell=_tell_station,
    ),
    CITY: Kind(keys=lambda happenings: {THE_CITY: happenings}, since=_happenings, tell=_tell_city),
    PERSON: Kind(
        keys=_by_person,
        since=_happenings.join(Notice, Notice.trail_id == Trail.id).where(
            Notice.person_id == bindparam("key")
        ),
        tell=_tell_person,
    ),
}
