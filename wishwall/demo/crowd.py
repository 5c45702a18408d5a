"""The invented people: couriers, volunteers, officers of departments, some keepers.

A courier is an author at most twice among the open wishes, a volunteer the claimant of at most
three live claims: the crowd deals out such turns and never more. Nobody is both, so nobody can
claim their own wish.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import NamedTuple

from wishwall.accounts.models import COURIER_GROUPS
from wishwall.accounts.roles import (
    COURIER,
    GRID_WORKER,
    KEEPER,
    MERCHANT,
    OFFICER,
    ORGANISER,
    VOLUNTEER,
)
from wishwall.kit.ids import ALPHABET, LENGTH
from wishwall.wishes.rules import Rules

PREFIX = "+8619900"
ACCOUNTS = (COURIER, VOLUNTEER, OFFICER, KEEPER, GRID_WORKER, ORGANISER, MERCHANT)
ACCOUNT_NAMES = (
    "演示骑手", "演示志愿者", "演示部门", "演示站长", "演示网格员", "演示市级", "演示店主",
)  # fmt: skip
FEWEST = len(ACCOUNTS) + 5
DEPARTMENTS = (
    "市总工会", "市司法局", "市人力资源和社会保障局", "市妇女联合会", "共青团市委", "市民政局",
    "市交通警察支队", "市图书馆",
)  # fmt: skip
GROUP_SHARES = (30, 42, 12, 8, 5, 3)
GROUP_NAMES = ("快递", "骑手", "网约车", "货运", "保洁", "小哥")
REASON = "演示数据"


class Claimant(NamedTuple):
    """Who claims, and the department they act for."""

    person_id: int
    department_id: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """A person with one role; `place` is the station or department of the role."""

    id: int
    public_id: str
    phone: str
    nickname: str
    group: str | None
    joined_at: datetime
    role: str
    place: int | None = None


class Crowd:
    """Everybody, and whose turn it is."""

    def __init__(
        self,
        size: int,
        *,
        first_id: int,
        departments: list[int],
        stations: list[int],
        rules: Rules,
        moment: datetime,
        random: Random,
    ) -> None:
        self.random, self._moment = random, moment
        self.departments, self._ids = departments, count(first_id)
        size = max(size, FEWEST)
        self.people: list[PlannedPerson] = []
        self._invite_accounts(stations[0])
        self.accounts = dict(zip(ACCOUNTS, (one.id for one in self.people), strict=True))
        officers = min(size // 40, 24)
        keepers = min(size // 20, len(stations) - 1)
        volunteers = max(2, (size - len(ACCOUNTS) - officers - keepers) // 4)
        couriers = size - len(ACCOUNTS) - officers - keepers - volunteers
        self._couriers = [self._invite_courier(nth) for nth in range(couriers)]
        self._volunteers = [
            Claimant(self._invite(VOLUNTEER, f"志愿者{nth % 90 + 10}")) for nth in range(volunteers)
        ]
        self._officers = [self._invite_officer(nth) for nth in range(officers)]
        for station_id in stations[1 : keepers + 1]:
            self._invite(KEEPER, f"值班员{random.randint(10, 99)}", place=station_id)
        self._deal(rules)

    @property
    def open_turns(self) -> int:
        """How many more wishes can be open."""
        return len(self._open_turns)

    @property
    def live_turns(self) -> int:
        """How many more claims can be live."""
        return len(self._live_turns)

    def author_of_open(self) -> int:
        """Who wrote a wish that is open now."""
        return self._open_turns.pop()

    def holder(self) -> Claimant:
        """Who holds a claim that is live now."""
        return self._live_turns.pop()

    def author(self) -> int:
        """Who wrote a wish that is no longer open."""
        return self.random.choice(self._couriers)

    def helper(self) -> Claimant:
        """Who held a claim that has ended."""
        if self._officers and self.random.random() < 0.15:
            return self.random.choice(self._officers)
        return self.random.choice(self._volunteers)

    def _deal(self, rules: Rules) -> None:
        """Deal the turns: authors of open wishes, claimants of live claims."""
        self._open_turns = self._couriers * rules.open_wishes
        turns = self._volunteers * rules.claims_per_volunteer
        for department_id in sorted({one.department_id or 0 for one in self._officers}):
            ours = [one for one in self._officers if one.department_id == department_id]
            free = rules.claims_per_department - 2  # two are for the officer among the accounts
            turns += [self.random.choice(ours) for _ in range(free)]
        self._live_turns = turns
        self.random.shuffle(self._open_turns)
        self.random.shuffle(self._live_turns)

    def _invite_accounts(self, station_id: int) -> None:
        places = {OFFICER: self.departments[0], KEEPER: station_id}
        for role, nickname in zip(ACCOUNTS, ACCOUNT_NAMES, strict=True):
            group = "food" if role == COURIER else None
            self._invite(role, nickname, group=group, place=places.get(role))

    def _invite_courier(self, nth: int) -> int:
        group, word = self.random.choices(
            tuple(zip(COURIER_GROUPS, GROUP_NAMES, strict=True)), GROUP_SHARES
        )[0]
        return self._invite(COURIER, f"{word}{nth % 90 + 10}", group=group)

    def _invite_officer(self, nth: int) -> Claimant:
        department_id = self.departments[nth % len(self.departments)]
        person_id = self._invite(OFFICER, f"办事员{nth + 10}", place=department_id)
        return Claimant(person_id, department_id)

    def _invite(
        self, role: str, nickname: str, *, group: str | None = None, place: int | None = None
    ) -> int:
        person = PlannedPerson(
            id=next(self._ids),
            public_id=public_id(self.random),
            phone=f"{PREFIX}{len(self.people) + 1:06}",
            nickname=nickname,
            group=group,
            joined_at=self._moment - timedelta(days=self.random.uniform(45, 240)),
            role=role,
            place=place,
        )
        self.people.append(person)
        return person.id


def public_id(random: Random) -> str:
    """Like `kit.ids.public_id`, but the same for the same seed."""
    return "".join(random.choices(ALPHABET, k=LENGTH))
