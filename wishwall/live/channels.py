"""What there is to listen to. A feature adds its channels; `watching` serves them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import Select

from wishwall.live.frames import Message
from wishwall.trail.models import Happening


class Channel(NamedTuple):
    """One station's wall, one person's matters: `kind` says which kind, `key` which of them."""

    kind: str
    key: int


class Kind(NamedTuple):
    """Channels of one kind.

    `keys` says which of them some happenings concern, and with which of these; `since` selects the
    happenings that one of them has missed, with `key` and `after` to be bound, oldest first; `tell`
    tells them in the language that is spoken, one message at most for each thing that they are
    about, as it is now.
    """

    keys: Callable[[Sequence[Happening]], Mapping[int, Sequence[Happening]]]
    since: Select[*tuple[Any, ...]]
    tell: Callable[[int, Sequence[Happening]], Iterable[Message]]


def init_app(app: Flask, kinds: Mapping[str, Kind]) -> None:
    """Let the application's pages listen to these kinds of channels."""
    app.extensions["live-kinds"] = dict(kinds)
