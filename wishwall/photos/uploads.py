"""Photos that come with a form: decoded before the transaction, owned by a row within it."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any

from flask import current_app, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, select

from wishwall.kit.clock import now
from wishwall.kit.db import Base, db
from wishwall.photos import storing
from wishwall.photos.models import Photo
from wishwall.photos.storing import UnusablePhoto

UNOWNED_FOR = timedelta(days=2)
View = Callable[..., ResponseReturnValue]


def photo_folder() -> Path:
    """Where pictures lie."""
    return Path(current_app.instance_path) / "photos"


def photographed(view: View) -> View:
    """Store the form's photo before the view runs; the view takes it with `photo_taken`."""

    @wraps(view)
    def run(**values: Any) -> ResponseReturnValue:
        prepare_photo()
        return view(**values)

    return run


def prepare_photo() -> None:
    """Decode and store what was uploaded, or remember why it cannot be used."""
    g.photo = None
    upload = request.files.get("photo")
    if upload is None or not upload.filename:
        return
    try:
        g.photo = storing.store(upload.stream.read(storing.MOST_BYTES + 1), photo_folder())
    except UnusablePhoto as unusable:
        g.photo = unusable
    finally:
        upload.stream.seek(0)


def photo_taken(by_id: int | None) -> Photo | None:
    """The row that owns the form's photo, if there is one; raises `UnusablePhoto`."""
    if g.photo is None:
        return None
    if isinstance(g.photo, UnusablePhoto):
        raise g.photo
    stored = g.photo
    photo = Photo(
        public_id=stored.public_id,
        width=stored.width,
        height=stored.height,
        bytes=stored.bytes,
        sha256=stored.sha256,
        taken_by_id=by_id,
    )
    db.session.add(photo)
    db.session.flush()
    return photo


def photo_file(photo: Photo, *, small: bool) -> Path:
    """The file of a photo in one of its two sizes."""
    return storing.path_of(photo_folder(), photo.public_id, "small" if small else "full")


def forget_unowned() -> int:
    """Drop photos that came with a draft or a form and that no row points to; returns how many."""
    owned = [
        ~select(key.parent).where(key.parent == Photo.id).exists()
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column is Photo.__table__.c.id
    ]
    gone = delete(Photo).where(Photo.created_at < now() - UNOWNED_FOR, *owned)
    result = db.session.execute(gone.execution_options(synchronize_session=False))
    return result.rowcount  # type: ignore[attr-defined, no-any-return]


def forget_orphans() -> int:
    """Erase files that no row owns; returns how many."""
    known = set(db.session.scalars(select(Photo.public_id)))
    db.session.rollback()
    return storing.forget_orphans(photo_folder(), known, UNOWNED_FOR)
