"""Trail ids appear in their order: what is looked at once is never slipped in before."""

from threading import Event, Thread

from flask import Flask
from sqlalchemy import func, select

from wishwall.kit.db import db, writing
from wishwall.trail.models import Trail, record


def ids() -> list[int]:
    found = list(db.session.scalars(select(Trail.id).order_by(Trail.id)))
    db.session.rollback()
    return found


def test_of_two_open_transactions_the_later_id_waits_for_the_earlier(city: Flask) -> None:
    """The first holds its row open; the second must not appear before it."""
    first_has_its_id, second_may_look, done = Event(), Event(), Event()
    seen_meanwhile: list[int] = []

    def first() -> None:
        with city.app_context(), writing():
            record("edited", subject="test", subject_id=1)
            first_has_its_id.set()
            second_may_look.wait(10)

    def second() -> None:
        with city.app_context():
            first_has_its_id.wait(10)
            with writing():
                record("edited", subject="test", subject_id=2)
            done.set()

    with city.app_context():
        before = db.session.scalar(select(func.coalesce(func.max(Trail.id), 0))) or 0
        db.session.rollback()
    threads = [Thread(target=first), Thread(target=second)]
    for thread in threads:
        thread.start()
    first_has_its_id.wait(10)
    assert not done.wait(1), "the second was committed while the first was still open"
    with city.app_context():
        seen_meanwhile = [each for each in ids() if each > before]
    second_may_look.set()
    for thread in threads:
        thread.join(10)
    with city.app_context():
        subjects = db.session.scalars(
            select(Trail.subject_id).where(Trail.id > before).order_by(Trail.id)
        ).all()
        db.session.rollback()
    assert seen_meanwhile == []
    assert list(subjects) == [1, 2]
