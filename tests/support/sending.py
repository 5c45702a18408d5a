"""Sending a form without opening its page first: with the browser's own token and a fresh key."""

import secrets
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

ANOTHER_SITE = "https://evil.example"


def sealed(client: FlaskClient, **fields: Any) -> dict[str, Any]:
    """The fields with what every form of the site carries besides."""
    return {"csrf_token": token_of(client), "key": secrets.token_urlsafe(16), **fields}


def token_of(client: FlaskClient) -> str:
    """The token that the forms of this browser carry."""
    app: Flask = client.application
    with client.session_transaction() as session:
        raw = session.setdefault("csrf_token", secrets.token_hex(20))
    serializer = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token")
    return str(serializer.dumps(raw))
