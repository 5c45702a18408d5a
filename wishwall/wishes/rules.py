"""The figures of the wall, from the settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True)
class Rules:
    """How many, how long; see `config.SETTINGS` for the reasons."""

    open_wishes: int
    claims_per_volunteer: int
    claims_per_department: int
    reminder_after: timedelta
    claim_lasts: timedelta
    extension_adds: timedelta
    wish_lasts: timedelta
    keeper_asked_after: timedelta
    reopening_within: timedelta
    confirmation_asked_after: tuple[timedelta, ...]
    contacts_per_day: int


def from_settings(config: Mapping[str, Any]) -> Rules:
    """The rules that these settings make."""
    asked = str(config["CONFIRMATION_DAYS"]).split(",")
    return Rules(
        open_wishes=config["OPEN_WISHES"],
        claims_per_volunteer=config["CLAIMS_PER_VOLUNTEER"],
        claims_per_department=config["CLAIMS_PER_DEPARTMENT"],
        reminder_after=timedelta(hours=config["REMINDER_HOURS"]),
        claim_lasts=timedelta(days=config["CLAIM_DAYS"]),
        extension_adds=timedelta(days=config["EXTENSION_DAYS"]),
        wish_lasts=timedelta(days=config["WISH_DAYS"]),
        keeper_asked_after=timedelta(days=config["KEEPER_ASKED_DAYS"]),
        reopening_within=timedelta(days=config["REOPENING_DAYS"]),
        confirmation_asked_after=tuple(timedelta(days=int(days)) for days in asked if days.strip()),
        contacts_per_day=config["CONTACTS_PER_DAY"],
    )
