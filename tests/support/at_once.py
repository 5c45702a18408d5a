"""Deeds at the same moment: threads of this process, each with a transaction of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from wishwall.kit.db import db, writing
from wishwall.kit.errors import Refusal

PATIENCE_SECONDS = 20
DONE, NOT_DONE = "done", "not done"


def at_once(app: Flask, *deeds: Callable[[], object]) -> list[str]:
    """Do all of these at the same moment; how each ended."""
    start = Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> str:
        with app.app_context():
            start.wait(PATIENCE_SECONDS)
            try:
                with writing():
                    return NOT_DONE if deed() is False else DONE
            except Refusal as refusal:
                return type(refusal).__name__

    db.session.rollback()
    with ThreadPoolExecutor(len(deeds)) as people:
        ends = list(people.map(do, deeds))
    db.session.rollback()
    return ends
