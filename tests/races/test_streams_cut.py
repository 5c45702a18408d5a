"""Streams are cut anywhere, workers are killed: everyone hears everything, in order, once."""

import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from tests.support.broken_lines import hanging, listen, post_until_answered
from tests.support.city import a_courier, a_station
from tests.support.crowd import PATIENT, phone_of, same_city
from tests.support.listening import Listener
from tests.support.server import MakeSite, Site
from wishwall.kit.db import db

POSTS, COURIERS, CLIENTS, KILLS = 1000, 4, 10, 4


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
        code = a_station().code
        path, stream = f"/stations/{code}/wishes", f"/stations/{code}/live"
        phones = [phone_of(app, site, a_courier()) for _ in range(COURIERS)]
        db.session.remove()
        db.engine.dispose()

    def dial(last: int) -> Listener:
        return Listener(site.port, stream, last=last)

    enough = Event()
    with ThreadPoolExecutor(COURIERS + CLIENTS) as people:
        heard = [
            people.submit(listen, app, code, dial, POSTS, enough, seed=number)
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
        there = [wish for _id, wish in hanging(app, code)]
        db.engine.dispose()
    assert len(there) == POSTS
    for ids, wishes in told:
        assert ids == sorted(set(ids)), "out of order, or told twice"
        assert wishes == there, "missed, or out of order"
