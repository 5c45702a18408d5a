"""The wishes of the six accounts, all at the first station, so that every page shows something."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from wishwall.accounts.roles import COURIER, KEEPER, OFFICER, VOLUNTEER
from wishwall.demo import words
from wishwall.demo.crowd import Claimant, Crowd, public_id
from wishwall.demo.lives import Place
from wishwall.demo.tales import Tale, Tales


class Scenes:
    """Each scene tells one wish; the first ones matter most."""

    def __init__(self, tales: Tales, crowd: Crowd, place: Place) -> None:
        self._tales, self._crowd, self._place, self._random = tales, crowd, place, crowd.random
        self._courier, self._keeper = crowd.accounts[COURIER], crowd.accounts[KEEPER]
        self._volunteer = Claimant(crowd.accounts[VOLUNTEER])
        self._officer = Claimant(crowd.accounts[OFFICER], crowd.departments[0])

    def __iter__(self) -> Iterator[Callable[[], None]]:
        yield from (
            self.courier_waits,
            self.courier_has_it_delivered,
            self.volunteer_holds_a_claim,
            self.officer_holds_a_claim,
            self.courier_said_thanks,
            self.keeper_is_asked,
            self.keeper_reads_a_report,
            self.keeper_hid_one,
            self.officer_was_thanked,
        )

    def courier_waits(self) -> None:
        self._post("goods", self._ago(hours=5), self._courier)

    def courier_has_it_delivered(self) -> None:
        tale = self._post("skills", self._ago(days=4), self._courier)
        claim = tale.claim(self._ago(days=3), self._officer, named=True)
        tale.reveal(claim, self._ago(days=2, hours=22))
        tale.deliver(claim, self._ago(hours=20), words.note("skills", self._random))

    def volunteer_holds_a_claim(self) -> None:
        tale = self._post("family", self._ago(days=2), self._crowd.author())
        claim = tale.claim(self._ago(days=1, hours=6), self._volunteer, named=True)
        tale.hold(claim, self._tales.moment)

    def officer_holds_a_claim(self) -> None:
        tale = self._post("legal", self._ago(days=6), self._crowd.author())
        claim = tale.claim(self._ago(days=3), self._officer, named=True)
        tale.hold(claim, self._tales.moment)

    def courier_said_thanks(self) -> None:
        tale = self._post("living", self._ago(days=12), self._courier)
        claim = tale.claim(self._ago(days=11), self._volunteer, named=True)
        tale.deliver(claim, self._ago(days=9), words.note("living", self._random))
        tale.confirm(claim, self._ago(days=8, hours=12), "解决了大问题，谢谢您跑这一趟！")

    def keeper_is_asked(self) -> None:
        tale = self._post("company", self._ago(days=16), self._crowd.author_of_open())
        tale.wait(self._tales.moment)

    def keeper_reads_a_report(self) -> None:
        tale = self._post("living", self._ago(days=1), self._crowd.author_of_open())
        tale.report(self._ago(hours=9), self._volunteer.person_id, "not-a-wish")

    def keeper_hid_one(self) -> None:
        tale = self._post("goods", self._ago(days=15), self._courier)
        tale.hide(self._ago(days=14, hours=12), self._keeper, words.HIDINGS[0])

    def officer_was_thanked(self) -> None:
        tale = self._post("legal", self._ago(days=10), self._crowd.author())
        claim = tale.claim(self._ago(days=9), self._officer)
        tale.deliver(claim, self._ago(days=6), words.note("legal", self._random))
        tale.confirm(claim, self._ago(days=5), words.thanks(self._random))

    def _ago(self, *, days: int = 0, hours: int = 0) -> datetime:
        return self._tales.moment - timedelta(days=days, hours=hours)

    def _post(self, category: str, at: datetime, author_id: int) -> Tale:
        return Tale(
            within=self._tales,
            public_id=public_id(self._random),
            station_id=self._place.station_id,
            keeper_id=self._place.keeper_id,
            author_id=author_id,
            text=words.wish(category, self._random),
            category=category,
            posted_at=at,
        )
