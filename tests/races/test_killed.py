"""The plug is pulled while couriers post: what was acknowledged is there, once."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from sqlalchemy import func, select

from tests.support.broken_lines import post_until_answered
from tests.support.city import a_courier, a_station
from tests.support.crowd import PATIENT, phone_of, same_city
from tests.support.server import MakeSite
from wishwall.kit.db import db
from wishwall.wishes.models import Wish

POSTS = 1000
COURIERS = 8
KILLS = 6


def test_kill_nine_during_a_thousand_posts_loses_and_doubles_nothing(new_site: MakeSite) -> None:
    site = new_site(**PATIENT, OPEN_WISHES=str(POSTS))
    app = same_city(site)
    with app.app_context():
        path = f"/stations/{a_station().code}/wishes"
        phones = [phone_of(app, site, a_courier()) for _ in range(COURIERS)]
        db.session.remove()
        db.engine.dispose()
    texts = [f"wish-{number:04d}" for number in range(POSTS)]
    with ThreadPoolExecutor(COURIERS) as couriers:
        tries = [
            couriers.submit(partial(post_until_answered, phones[number % COURIERS], path, text))
            for number, text in enumerate(texts)
        ]
        for kill in range(1, KILLS + 1):
            while sum(done.done() for done in tries) < kill * POSTS // (KILLS + 1):
                time.sleep(0.01)
            time.sleep(random.random() / 20)  # noqa: S311 - chance, not a secret
            site.kill()
            site.start()
        assert sum(done.result() for done in tries) > POSTS, "no post was ever interrupted"
    with app.app_context():
        found = db.session.execute(select(Wish.text, func.count()).group_by(Wish.text)).all()
        assert dict(found) == dict.fromkeys(texts, 1)
        db.session.remove()
        db.engine.dispose()
