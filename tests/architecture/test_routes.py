"""What holds for every route: its address, its methods, its place in the permission table."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule, UnicodeConverter

from tests.support.client import Client

SEGMENT = re.compile(r"[a-z0-9]+([-.][a-z0-9]+)*|\.well-known")
UNASKED = {"HEAD", "OPTIONS"}  # HEAD follows GET, OPTIONS tells nothing


def test_parameters_in_addresses_have_a_type(app: Flask) -> None:
    untyped = [
        f"{rule.rule}: {name}"
        for rule in app.url_map.iter_rules()
        for name, converter in rule._converters.items()
        if type(converter) is UnicodeConverter
    ]
    assert not untyped, f"give these a converter of their own: {untyped}"


def test_addresses_are_in_kebab_case(app: Flask) -> None:
    odd = [
        rule.rule
        for rule in app.url_map.iter_rules()
        for segment in re.sub(r"<[^>]*>", "", rule.rule).split("/")
        if segment and not SEGMENT.fullmatch(segment)
    ]
    assert not odd


def test_every_route_stands_in_the_permission_table(app: Flask) -> None:
    from wishwall.permissions import ROUTES

    routes = set(_routes(app))
    assert routes - set(ROUTES) == set(), "routes that the table does not know are closed"
    assert set(ROUTES) - routes == set(), "the table names routes that are not there"


def test_every_route_has_an_action_of_the_table() -> None:
    from wishwall.permissions import ACTIONS, ROUTES

    assert set(ROUTES.values()) - set(ACTIONS) <= {"public"}


def test_things_change_by_post_only(app: Flask) -> None:
    others = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if (rule.methods or set()) - UNASKED - {"GET", "POST"}
    ]
    assert not others


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_are_refused(app: Flask, client: Client, method: str) -> None:
    for rule in app.url_map.iter_rules():
        if not rule.arguments:
            assert client.open(rule.rule, method=method).status_code == 405, rule.rule


def _routes(app: Flask) -> Iterator[tuple[str, str]]:
    rules: Iterator[Rule] = app.url_map.iter_rules()
    for rule in rules:
        for method in (rule.methods or set()) - UNASKED:
            yield rule.endpoint, method
