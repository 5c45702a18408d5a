"""Named selects about the trail."""

from sqlalchemy import func, select

from wishwall.kit.prepared import read
from wishwall.trail.models import Trail

_newest = select(func.coalesce(func.max(Trail.id), 0))


def newest_happening() -> int:
    """The last row of the trail; a page that listens asks before it asks for anything else."""
    return int(read(_newest, {})[0][0])
