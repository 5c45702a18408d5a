"""Ids that stand in addresses: short, unguessable, readable aloud on the telephone."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 10


def public_id() -> str:
    """Ten random characters without look-alikes (about 49 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
