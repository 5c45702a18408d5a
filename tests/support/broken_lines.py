"""A page whose line breaks again and again, a phone that sends again: what comes of both."""

import http.client
import random
import re
import time
from collections.abc import Callable
from threading import Event

from flask import Flask
from sqlalchemy import select

from tests.support.crowd import Phone
from tests.support.listening import Listener
from wishwall.kit.db import db
from wishwall.stations.models import Station
from wishwall.trail.models import Trail
from wishwall.wishes.models import Wish

SHOWN = re.compile(r'<article class="note [^"]*" id="wish-([2-9a-z]{10})"')
LOST_LINE = (OSError, http.client.HTTPException, ValueError, AssertionError)
PATIENCE_SECONDS = 120
Dial = Callable[[int], Listener]


def listen(
    app: Flask, code: str, dial: Dial, posts: int, enough: Event, *, seed: int
) -> tuple[list[int], list[str]]:
    """What a page is told whose line breaks again and again: ids, and wishes in their order.

    `dial(last)` opens its stream after what it was told last. It listens until `enough` is set and
    it knows of so many `posts`.
    """
    chance = random.Random(seed)  # noqa: S311 - chance, not a secret
    ids: list[int] = []
    wishes: list[str] = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and not (enough.is_set() and len(wishes) >= posts):
        try:
            with dial(ids[-1] if ids else 0) as listener:
                patience = chance.randint(1, 60)
                for said in listener.heard():
                    if said.event == "refresh" and said.id is not None:
                        told = hanging(app, code, said.id)
                        ids, wishes = [row[0] for row in told], [row[1] for row in told]
                    if said.event == "" and said.id is not None:
                        ids.append(said.id)
                        wishes += SHOWN.findall(said.data)[:1]
                        patience -= 1
                    if patience == 0:
                        listener.cut(after=chance.randint(0, 4000))
                    if enough.is_set() and len(wishes) >= posts:
                        break
        except LOST_LINE:
            time.sleep(chance.random() / 20)
    return ids, wishes


def hanging(app: Flask, code: str, last: int = 2**31 - 1) -> list[tuple[int, str]]:
    """What a page of this station fetches that has missed too much: trail ids and wishes."""
    posted = (
        select(Trail.id, Wish.public_id)
        .join(Wish, Wish.id == Trail.subject_id)
        .join(Station, Station.id == Wish.station_id)
        .where(Trail.id <= last, Station.code == code)
        .order_by(Trail.id)
    )
    with app.app_context():
        found = [(row[0], row[1]) for row in db.session.execute(posted)]
        db.session.remove()
        return found


def post_until_answered(phone: Phone, path: str, text: str) -> int:
    """What a phone does: the same form with the same key until there is an answer; the tries."""
    tries, deadline = 0, time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        tries += 1
        answer = phone.post(path, key=f"key-{text}", text=text, category="goods")
        if answer.status == 303:
            return tries
        assert answer.status in {0, 503}, answer  # cut off, or asked to come back
        time.sleep(0.02)
    raise AssertionError(f"{text} was never acknowledged")
