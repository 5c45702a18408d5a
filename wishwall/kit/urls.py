"""Typed parts of addresses."""

from flask import Flask, abort, request
from werkzeug.routing import BaseConverter

from wishwall.kit.ids import ALPHABET, LENGTH

LARGEST_ID = 2**31 - 1  # an INTEGER of PostgreSQL


class PublicId(BaseConverter):
    """A public id; anything else is not an address of ours."""

    regex = f"[{ALPHABET}]{{{LENGTH}}}"


class StationCode(BaseConverter):
    """What is printed on a station's door, in either case."""

    regex = r"[A-Za-z]{2}[0-9]{6}"

    def to_python(self, value: str) -> str:
        return value.upper()


def init_app(app: Flask) -> None:
    """Teach the router our kinds of parts; refuse a query that no database would take."""
    app.url_map.converters["id"] = PublicId
    app.url_map.converters["code"] = StationCode

    @app.before_request
    def refuse_nul() -> None:
        if any("\0" in value for _, value in request.args.items(multi=True)):
            abort(400)


def asked_number(name: str) -> int | None:
    """The number of a row that a query or a form names, if there can be such a row."""
    number = request.values.get(name, type=int)
    return number if number is not None and 0 < number <= LARGEST_ID else None
