"""Static files are kept for ever under the address of their content, and only there."""

from flask import Flask

from tests.support.client import Client
from wishwall.kit.assets import asset


def kept(client: Client, path: str) -> str:
    answer = client.get(path, buffered=True)
    assert answer.status_code == 200
    return answer.headers["Cache-Control"]


def test_a_file_is_kept_for_ever_under_its_own_address(app: Flask, client: Client) -> None:
    with app.app_context():
        path = asset("css/base.css")
    assert kept(client, path) == "public, max-age=31536000, immutable"


def test_under_the_address_of_another_build_it_is_asked_for_again(client: Client) -> None:
    """While servers are updated one by one, the page of one may ask the other."""
    assert "no-cache" in kept(client, "/static/css/base.css?v=0123456789ab")
    assert "no-cache" in kept(client, "/static/css/base.css")


def test_a_file_that_is_not_there_is_not_kept(client: Client) -> None:
    answer = client.get("/static/css/gone.css?v=0123456789ab")
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("Cache-Control", "")
