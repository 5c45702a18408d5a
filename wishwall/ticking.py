"""What is due by time: once from the shell, or every minute in one of the serving processes."""

import logging
import os
import socket
import threading
from datetime import timedelta
from secrets import token_hex

from flask import Flask

from wishwall.accounts.expected import ExpectedCourier
from wishwall.accounts.models import Visit
from wishwall.drafts.models import Draft
from wishwall.kit.db import db, writing
from wishwall.kit.idempotency import forget_old_answers
from wishwall.kit.lease import hold
from wishwall.kit.limits import forget_expired
from wishwall.merchants import timers as merchant_timers
from wishwall.photos.uploads import forget_orphans, forget_unowned
from wishwall.wishes import timers
from wishwall.wishes.access import rules

SWEEP_EVERY = timedelta(hours=6)
log = logging.getLogger("wishwall.tick")


def tick() -> dict[str, int]:
    """Do everything that is due; safe to run twice and at once. How many of each."""
    done = timers.tick(rules()) | merchant_timers.tick()
    with writing():
        done["drafts-forgotten"] = Draft.forget_old()
        done["photos-forgotten"] = forget_unowned()
        done["answers-forgotten"] = forget_old_answers()
        done["visits-forgotten"] = Visit.forget_ended()
        done["expected-forgotten"] = ExpectedCourier.forget_old()
    done["limits-forgotten"] = forget_expired()
    if hold("sweep", holder=token_hex(8), lasts=SWEEP_EVERY):  # a fresh holder: once per lease
        done["files-forgotten"] = forget_orphans()
    return done


def start(app: Flask) -> None:
    """Tick in the background of this process whenever it holds the lease."""
    seconds = app.config["TICK_SECONDS"]
    if seconds > 0:
        threading.Thread(target=_run, args=(app, seconds), name="tick", daemon=True).start()


def _run(app: Flask, seconds: int) -> None:
    holder = f"{socket.gethostname()[:40]}-{os.getpid()}"
    pause = threading.Event()
    while not pause.wait(seconds):
        with app.app_context():
            try:
                if hold("tick", holder=holder, lasts=timedelta(seconds=seconds * 1.5)):
                    tick()
            except Exception:
                log.exception("a tick failed; the next one tries again")
            finally:
                db.session.remove()
