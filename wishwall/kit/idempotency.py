"""The second tap is harmless: a POST happens once per key, and its answer is kept with it.

`@once` opens the one writing transaction of the request, claims the key in it, runs the view
and stores the answer beside the effect. The same key again gets the stored answer; the same
key with other content is refused. An answer of 400 and above stores and changes nothing.
`@repeatable` is for the few deeds that are the same done twice and whose answer must not be
kept: signing in and out, and showing a telephone number.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from flask import Response, current_app, flash, make_response, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import String, Text, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from wishwall.kit.clock import now
from wishwall.kit.db import Base, db, insert, writing
from wishwall.kit.errors import KeyMissing, KeyReused

KEY_SHAPE = re.compile(r"[A-Za-z0-9_-]{8,64}")
KEPT_FOR = timedelta(days=3)
FIRST_REFUSAL = 400
NOT_CONTENT = {"csrf_token", "password"}  # a password is asked each time, and kept in no way


class Answer(Base):
    """What was answered to one key of one person or browser."""

    __tablename__ = "answer"

    actor: Mapped[str] = mapped_column(String(48), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(default=0)
    headers: Mapped[str] = mapped_column(Text, default="{}")
    body: Mapped[str] = mapped_column(Text, default="")
    said: Mapped[str] = mapped_column(Text, default="[]")
    answered_at: Mapped[datetime] = mapped_column(default=now, index=True)


View = Callable[..., ResponseReturnValue]


def once(view: View) -> Callable[..., Response]:
    """Run this POST at most once per key, effect and answer in one transaction."""

    @wraps(view)
    def run(**values: Any) -> Response:
        key = _key()
        actor, fingerprint = _actor(), _fingerprint()
        with writing():
            if not _claim(actor, key, fingerprint):
                return _earlier(actor, key, fingerprint)
            said_before = len(session.get("_flashes", []))
            response = make_response(view(**values))
            if response.status_code < FIRST_REFUSAL:
                _keep(actor, key, response, session.get("_flashes", [])[said_before:])
            else:
                db.session.rollback()
        return response

    return run


def repeatable(view: View) -> Callable[..., Response]:
    """Run this POST in one transaction each time it comes; its answer is not kept."""

    @wraps(view)
    def run(**values: Any) -> Response:
        _key()
        with writing():
            response = make_response(view(**values))
            if response.status_code >= FIRST_REFUSAL:
                db.session.rollback()
        return response

    return run


def keyed(view: View) -> View:
    """Refuse this POST without a key; the view, or what it calls, opens the transaction."""

    @wraps(view)
    def run(**values: Any) -> ResponseReturnValue:
        _key()
        return view(**values)

    return run


def forget_old_answers() -> int:
    """Drop answers that nobody will ask for again; returns how many."""
    old = delete(Answer).where(Answer.answered_at < now() - KEPT_FOR)
    return db.session.execute(old).rowcount  # type: ignore[attr-defined, no-any-return]


def _key() -> str:
    key = request.form.get("key", "")
    if not KEY_SHAPE.fullmatch(key):
        raise KeyMissing
    return key


def _actor() -> str:
    if current_user.is_authenticated:
        return f"person-{current_user.id}"
    token = str(session.get("csrf_token", ""))
    return "browser-" + hashlib.sha256(token.encode()).hexdigest()[:32]


def _fingerprint() -> str:
    digest = hmac.new(str(current_app.secret_key).encode(), request.path.encode(), "sha256")
    for name, value in sorted(request.form.items(multi=True)):
        if name not in NOT_CONTENT:
            digest.update(json.dumps([name, value]).encode())
    for name, file in sorted(request.files.items(multi=True)):
        file.stream.seek(0)
        digest.update(name.encode() + file.stream.read())
        file.stream.seek(0)
    return digest.hexdigest()


def _claim(actor: str, key: str, fingerprint: str) -> bool:
    """Insert the key; a parallel request with the same key waits here and then gets False."""
    claim = (
        insert(Answer)
        .values(actor=actor, key=key, fingerprint=fingerprint, answered_at=now())
        .on_conflict_do_nothing()
        .returning(Answer.key)
    )
    return db.session.execute(claim).scalar() is not None


def _keep(actor: str, key: str, response: Response, said: list[Any]) -> None:
    kept = {
        name: value
        for name, value in response.headers.items()
        if name in ("Location", "Content-Type") or name.startswith("HX-")
    }
    db.session.execute(
        update(Answer)
        .where(Answer.actor == actor, Answer.key == key)
        .values(
            status=response.status_code,
            headers=json.dumps(kept),
            body=response.get_data(as_text=True),
            said=json.dumps(said),
        )
    )


def _earlier(actor: str, key: str, fingerprint: str) -> Response:
    answer = db.session.execute(
        select(Answer).where(Answer.actor == actor, Answer.key == key)
    ).scalar_one()
    if answer.fingerprint != fingerprint:
        raise KeyReused
    for category, sentence in json.loads(answer.said):
        flash(sentence, category)
    response = make_response(answer.body, answer.status)
    response.headers.update(json.loads(answer.headers))
    return response
