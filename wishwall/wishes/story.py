"""A wish's story for one reader: what happened and when, in words; details for those involved."""

from dataclasses import dataclass
from datetime import datetime

from wishwall.accounts.privacy import mask
from wishwall.trail.models import Trail
from wishwall.wishes.words import FOR_EVERYONE, STORY


@dataclass(frozen=True)
class Step:
    """One line of the story."""

    at: datetime
    sentence: str
    detail: str


def tell(trail: list[Trail], *, involved: bool) -> list[Step]:
    """The steps that this reader may know; words said between people only for those involved."""
    return [
        Step(row.at, str(STORY[row.deed]), _detail(row) if involved else "")
        for row in trail
        if involved or row.deed in FOR_EVERYONE
    ]


def _detail(row: Trail) -> str:
    if row.deed == "reported":  # who reports, and why, is the keeper's to know
        return ""
    before = row.detail.get("before")
    said = before["text"] if before else row.detail.get("reason") or row.detail.get("note") or ""
    return mask(said)  # an earlier version, or a note to somebody else, may hold a number
