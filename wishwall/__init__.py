"""wishwall: the wish wall of a city's warm stations."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_compress import Compress
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from wishwall import answers, config, permissions
from wishwall.accounts import viewing
from wishwall.accounts.models import Visit
from wishwall.accounts.views import after_sign_in, after_sign_up
from wishwall.accounts.views import bp as accounts
from wishwall.desk import couriers, imports  # noqa: F401 - they fill the blueprint
from wishwall.desk import views as desk_views  # noqa: F401
from wishwall.desk.blueprint import bp as desk
from wishwall.desk.rosters import welcome
from wishwall.home.views import bp as home
from wishwall.kit import (  # noqa: F401
    assets,
    db,
    headers,
    i18n,
    kept_pages,
    lease,
    limits,
    origins,
    parts,
    tokens,
    urls,
)
from wishwall.kit import permissions as guard
from wishwall.kit.forms import new_key
from wishwall.kit.sessions import Sessions
from wishwall.live import channels, streams
from wishwall.merchants import (  # noqa: F401 - they fill the blueprint
    counter,
    days,
    deeds,
    editing,
    gifts,
    joining,
    lists,
    voiding,
)
from wishwall.merchants import notes as merchant_notes
from wishwall.merchants import refusals as merchant_refusals  # noqa: F401
from wishwall.merchants.blueprint import bp as merchants
from wishwall.merchants.words import NOTICES as MERCHANT_NOTICES
from wishwall.notices import words
from wishwall.notices.models import UNREAD
from wishwall.notices.views import bp as notices
from wishwall.stations.views import bp as stations
from wishwall.wishes import posting, refusals, verbs, views, walls  # noqa: F401 - they fill the blueprint
from wishwall.wishes.blueprint import bp as wishes
from wishwall.wishes.live import KINDS, also_tell_stations
from wishwall.wishes.live import bp as live
from wishwall.wishes.rules import from_settings
from wishwall.wishes.words import NOTICES

MIGRATIONS = str(Path(__file__).parent / "migrations")
MOST_BYTES = 10 * 1024 * 1024
LOCAL_HOSTS = ["127.0.0.1", "localhost", "[::1]"]


def create_app(overrides: Mapping[str, Any] | None = None, instance: Path | None = None) -> Flask:
    """The site, with its features in the order of their tiers."""
    instance = config.instance_folder(instance)
    app = Flask(
        __name__,
        instance_path=str(instance),
        template_folder=str(config.ROOT / "templates"),
        static_folder=str(config.ROOT / "static"),
    )
    app.config.from_mapping(config.load(instance))
    app.session_interface = Sessions()
    app.ensure_sync = lambda view: view  # type: ignore[method-assign, assignment] # none is a coroutine
    app.config.from_mapping(overrides or {})
    names = _names(app)
    _configure(app, names)

    Compress(app)
    db.init_app(app)
    Migrate(app, db.db, directory=MIGRATIONS, render_as_batch=True)
    origins.init_app(app, names)
    CSRFProtect(app)
    tokens.init_app(app)
    urls.init_app(app)
    assets.init_app(app)
    i18n.init_app(app)
    parts.init_app(app)
    headers.init_app(app)
    limits.init_app(app)
    viewing.init_app(app, unread=UNREAD)
    guard.init_app(app, permissions.TABLE, viewing.viewer, viewing.sign_in_first)
    words.learn(NOTICES)
    words.learn(MERCHANT_NOTICES)
    answers.init_app(app)
    app.jinja_env.globals["new_key"] = new_key
    app.extensions["wish-rules"] = from_settings(app.config)
    viewing.keep_before_sign_in("wishes.post", posting.keep_draft)
    after_sign_up(welcome)
    after_sign_in(posting.post_draft)
    viewing.keep_before_sign_in("merchants.register", joining.keep_shop_draft)
    after_sign_in(joining.register_draft)
    for feature in (accounts, stations, notices, wishes, merchants, live, home, desk):
        app.register_blueprint(feature)
    also_tell_stations(merchant_notes.tell)
    walls.also_hang(merchant_notes.beside_wall)
    channels.init_app(app, KINDS)
    streams.init_app(app, Visit.ended)
    kept_pages.init_app(app, [walls.KIND], app.extensions["visitors"].frame_of)
    _stand_behind_proxies(app)
    return app


def _names(app: Flask) -> list[str]:
    """The names that the site goes by, besides the local ones."""
    names = str(app.config["TRUSTED_HOSTS"]).lower().split(",")
    return [name.strip() for name in names if name.strip()]


def _configure(app: Flask, names: list[str]) -> None:
    secure = app.config["HTTPS"]
    app.config.update(
        SQLALCHEMY_DATABASE_URI=app.config["DATABASE_URL"],
        SQLALCHEMY_ENGINE_OPTIONS=db.engine_options(app.config["DATABASE_URL"]),
        TRUSTED_HOSTS=[*LOCAL_HOSTS, *names],
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=200_000,
        MAX_FORM_PARTS=100,
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        SESSION_COOKIE_NAME="__Host-wishwall" if secure else "wishwall",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_I18N_ENABLED=False,  # every sentence of a form is ours
        COMPRESS_LEVEL=1,  # a quarter of the size at a fifth of the work of the last percent
        COMPRESS_BR_LEVEL=1,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_MIMETYPES=["text/html", "text/css", "text/javascript", "image/svg+xml"],
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}


def _stand_behind_proxies(app: Flask) -> None:
    """Outermost: what stands further in sees the client as the proxies do."""
    if app.config["PROXIES"]:
        hops = app.config["PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
