"""What opens a voucher: the token in its QR code, and the six characters for the counter."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

from flask import current_app

from wishwall.kit.ids import ALPHABET

CODE_LENGTH = 6


def new_code() -> str:
    """Six characters, none of which looks like another."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def token_of(name: str) -> str:
    """128 bits that only the site can make of a voucher's public id."""
    secret = str(current_app.secret_key).encode()
    mark = hmac.new(secret, b"voucher:" + name.encode(), "sha256").digest()[:16]
    return urlsafe_b64encode(mark).decode().rstrip("=")


def hashed(token: str) -> str:
    """A token as it is kept."""
    return hashlib.sha256(token.encode()).hexdigest()
