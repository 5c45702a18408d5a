"""Looks what the trail has got, and tells it to those who listen; one thread in each process.

New listeners come through the same thread: what they have missed is told to them up to where the
thread has looked, then they join the others. So nothing falls between the two, and nothing is told
twice. Whoever has missed too much is told to fetch the page's list again.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import Select, bindparam, select
from sqlalchemy.exc import SQLAlchemyError

from wishwall.kit.db import db
from wishwall.kit.i18n import speaking
from wishwall.kit.prepared import read
from wishwall.live.channels import Channel, Kind
from wishwall.live.frames import Message, encoded
from wishwall.live.hub import Audience, Hub, Viewer
from wishwall.trail.models import Happening, Trail
from wishwall.trail.queries import newest_happening

LOOK_EVERY = 1.0  # seconds, when no bell rings
VISITS_ASKED_EVERY = 4  # looks
AT_ONCE = 500  # trail rows that are looked at together
MISSED_AT_MOST = 100  # beyond it the list is fetched again
log = logging.getLogger("wishwall.live")

_new: Select[*tuple[Any, ...]] = (
    select(Trail.id, Trail.deed, Trail.subject, Trail.subject_id, Trail.station_id)
    .where(Trail.id > bindparam("after"))
    .order_by(Trail.id)
    .limit(AT_ONCE)
)
EndedVisits = Callable[[Iterable[str]], set[str]]


class Newcomer(NamedTuple):
    """A viewer who has seen everything up to the trail row `after`."""

    viewer: Viewer
    after: int


class Watching:
    """The thread, and where in the trail it is."""

    def __init__(self, app: Flask, ended_visits: EndedVisits) -> None:
        self.hub = Hub()
        self._app, self._ended_visits = app, ended_visits
        self._kinds: dict[str, Kind] = app.extensions["live-kinds"]
        self._newcomers: deque[Newcomer] = deque()
        self._arrived: deque[Newcomer] = deque()
        self._rung = threading.Event()
        self._seen: int | None = None
        self._looks = 0
        threading.Thread(target=self._run, name="live-watching", daemon=True).start()

    def wake(self) -> None:
        """Something may have happened."""
        self._rung.set()

    def join(self, viewer: Viewer, after: int) -> None:
        """Tell a new viewer what they have missed since the trail row `after`, then all else."""
        self._newcomers.append(Newcomer(viewer, after))
        self._rung.set()

    def _run(self) -> None:
        while True:
            self._rung.wait(LOOK_EVERY)
            self._rung.clear()
            try:
                with self._app.app_context():
                    self._look()
            except SQLAlchemyError as error:
                log.warning("the trail could not be looked at; trying again: %s", error)
                self._rung.wait(LOOK_EVERY)
            except Exception:
                log.exception("a look at the trail failed; the next one tries again")
                self._rung.wait(LOOK_EVERY)

    def _look(self) -> None:
        # Whoever has arrived by now has heard of nothing that this look does not see.
        while self._newcomers:
            self._arrived.append(self._newcomers.popleft())
        if not self._arrived and not len(self.hub):
            self._seen = None  # nobody listens; whoever comes next says where to begin
            return
        if self._seen is None:
            self._seen = newest_happening()
        while happenings := [Happening(*row) for row in read(_new, {"after": self._seen})]:
            db.session.rollback()  # what is told is seen after what it is about
            for audience, content in list(self._news(happenings)):  # all of it, or none
                self.hub.tell(audience, content)
            self._seen = happenings[-1].id
            if len(happenings) < AT_ONCE:
                break
        db.session.rollback()
        self._welcome(self._seen)
        self._looks += 1
        if self._looks % VISITS_ASKED_EVERY == 0:
            self._close_ended()

    def _news(self, happenings: Sequence[Happening]) -> Iterator[tuple[Audience, bytes]]:
        listening: dict[str, dict[int, list[Audience]]] = {}
        for audience in self.hub.audiences():
            channel: Channel = audience.channel  # type: ignore[assignment]
            listening.setdefault(channel.kind, {}).setdefault(channel.key, []).append(audience)
        for name, audiences in listening.items():
            kind = self._kinds[name]
            for key, concerning in kind.keys(happenings).items():
                for audience in audiences.get(key, ()):
                    content = _told(kind, key, audience.language, concerning)
                    if content:
                        yield audience, content

    def _welcome(self, seen: int) -> None:
        """Newcomers with the same past get the same bytes."""
        missed: dict[tuple[Audience, int], bytes] = {}
        while self._arrived:
            viewer, after = self._arrived[0]
            past = (viewer.audience, after)
            if past not in missed:
                missed[past] = self._missed(viewer.audience, after, seen)
            self._arrived.popleft()
            self.hub.open(viewer, missed[past])

    def _missed(self, audience: Audience, after: int, seen: int) -> bytes:
        channel: Channel = audience.channel  # type: ignore[assignment]
        kind = self._kinds[channel.kind]
        if after == seen:
            return b""
        if after > seen:  # later than now: a backup was restored
            return _list_again(seen)
        rows = read(kind.since, {"key": channel.key, "after": after})
        happenings = [found for found in (Happening(*row) for row in rows) if found.id <= seen]
        if len(happenings) > MISSED_AT_MOST:
            return _list_again(seen)
        return _told(kind, channel.key, audience.language, happenings) if happenings else b""

    def _close_ended(self) -> None:
        private = self.hub.private()
        if private:
            ended = self._ended_visits({viewer.visit for viewer in private})
            self.hub.close(viewer for viewer in private if viewer.visit in ended)


def _list_again(seen: int) -> bytes:
    return encoded([Message(seen, "1", "refresh")])


def _told(kind: Kind, key: int, language: str, happenings: Sequence[Happening]) -> bytes:
    try:
        with speaking(language):
            return encoded(sorted(kind.tell(key, happenings)))
    except SQLAlchemyError:
        raise
    except Exception:  # one that cannot be told must not stop all that follow
        log.exception("something could not be told; the pages fetch their lists")
        return _list_again(happenings[-1].id)
