"""Streams are cut anywhere, workers are killed: everyone hears everything, in order, once."""

import http.client
import os
import random
import re
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from flask import Flask
from sqlalchemy import select

from tests.races.conftest import PATIENT
from tests.races.test_killed import post_until_answered
from tests.support.city import a_courier, a_station
from tests.support.crowd import phone_of, same_city
from tests.support.listening import Listener
from tests.support.server import MakeSite, Site
from wishwall.kit.db import db
from wishwall.trail.models import Trail
from wishwall.wishes.models import Wish

POSTS, COURIERS, CLIENTS, KILLS = 1000, 4, 10, 4
SHOWN = re.compile(r'<article class="note [^"]*" id="wish-([2-9a-z]{10})"')
LOST_LINE = (OSError, http.client.HTTPException, ValueError, AssertionError)
PATIENCE_SECONDS = 120


def listen(
    app: Flask, site: Site, path: str, chance: random.Random, enough: Event
) -> tuple[list[int], list[str]]:
    """What a page is told whose line breaks again and again: ids, and wishes in their order."""
    ids: list[int] = []
    wishes: list[str] = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and not (enough.is_set() and len(wishes) >= POSTS):
        try:
            with Listener(site.port, path, last=ids[-1] if ids else 0) as listener:
                patience = chance.randint(1, 60)
                for said in listener.heard():
                    if said.event == "refresh" and said.id is not None:
                        told = hanging(app, said.id)
                        ids, wishes = [row[0] for row in told], [row[1] for row in told]
                    if said.event == "" and said.id is not None:
                        ids.append(said.id)
                        wishes += SHOWN.findall(said.data)[:1]
                        patience -= 1
                    if patience == 0:
                        listener.cut(after=chance.randint(0, 4000))
                    if enough.is_set() and len(wishes) >= POSTS:
                        break
        except LOST_LINE:
            time.sleep(chance.random() / 20)
    return ids, wishes


def hanging(app: Flask, last: int) -> list[tuple[int, str]]:
    """What a page fetches that has missed too much: trail ids and wishes, up to `last`."""
    posted = (
        select(Trail.id, Wish.public_id)
        .join(Wish, Wish.id == Trail.subject_id)
        .where(Trail.id <= last)
        .order_by(Trail.id)
    )
    with app.app_context():
        found = [(row[0], row[1]) for row in db.session.execute(posted)]
        db.session.remove()
        return found


def kill_a_worker(site: Site) -> None:
    """One of the web processes, as the system's killer would; gunicorn starts another."""
    workers = subprocess.run(
        ["pgrep", "-P", str(site.pid)], capture_output=True, text=True, check=True
    ).stdout.split()
    os.kill(int(workers[0]), signal.SIGKILL)


def test_everybody_hears_everything_once_and_in_order(new_site: MakeSite) -> None:
    site = new_site(**PATIENT, OPEN_WISHES=str(POSTS), WORKERS="2")
    app = same_city(site)
    with app.app_context():
        station = a_station()
        path, stream = f"/stations/{station.code}/wishes", f"/stations/{station.code}/live"
        phones = [phone_of(app, site, a_courier()) for _ in range(COURIERS)]
        db.session.remove()
        db.engine.dispose()
    enough = Event()
    with ThreadPoolExecutor(COURIERS + CLIENTS) as people:
        heard = [
            people.submit(listen, app, site, stream, random.Random(number), enough)  # noqa: S311 - chance
            for number in range(CLIENTS)
        ]
        posts = [
            people.submit(post_until_answered, phones[number % COURIERS], path, f"wish-{number}")
            for number in range(POSTS)
        ]
        for kill in range(1, KILLS + 1):
            while sum(done.done() for done in posts) < kill * POSTS // (KILLS + 1):
                time.sleep(0.01)
            kill_a_worker(site)
        for done in posts:
            done.result()
        enough.set()
        told = [each.result() for each in heard]
    with app.app_context():
        there = [wish for _id, wish in hanging(app, 2**31 - 1)]
        db.engine.dispose()
    assert len(there) == POSTS
    for ids, wishes in told:
        assert ids == sorted(set(ids)), "out of order, or told twice"
        assert wishes == there, "missed, or out of order"
