"""Every setting: its name, its default, and why it exists.

`WISHWALL_<NAME>` in the environment stands over `instance/config.toml`, which stands over the
default here. A value takes the type of its default.
"""

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wishwall.kit.files import write_whole

ROOT = Path(__file__).parent.parent
Value = str | int | bool


@dataclass(frozen=True)
class Setting:
    """One setting and the reason for it."""

    name: str
    default: Value
    why: str


SETTINGS = (
    Setting("DATABASE_URL", "", "where the data is; empty means SQLite in the instance folder"),
    Setting(
        "REDIS_URL",
        "",
        "counts rate limits in Redis instead of the database, and wakes other machines through it",
    ),
    Setting("HOST", "127.0.0.1", "the address to listen on"),
    Setting("PORT", 8000, "the port to listen on"),
    Setting("WORKERS", 2, "web processes"),
    Setting("THREADS", 4, "threads of each web process"),
    Setting("TRUSTED_HOSTS", "", "host names the site answers to, by comma; local ones always"),
    Setting("PROXIES", 0, "how many trusted proxies stand in front; forged headers count at 0"),
    Setting("HTTPS", default=False, why="the site is reached by https: Secure cookies and HSTS"),
    Setting("SECRET_KEY", "", "signs cookies; empty means one made in the instance folder"),
    Setting("LIMIT_SIGN_IN", "10 per 15 minutes", "sign-ins tried for one phone"),
    Setting("LIMIT_SIGN_IN_ADDRESS", "60 per 15 minutes", "sign-ins tried from one address"),
    Setting(
        "LIMIT_SIGN_UP_ADDRESS", "30 per hour", "sign-ups from one address (a station's Wi-Fi)"
    ),
    Setting("LIMIT_POSTING", "10 per hour", "wishes posted by one person"),
    Setting("LIMIT_POSTING_ADDRESS", "60 per hour", "wishes posted from one address"),
    Setting("LIMIT_ACTIONS", "120 per hour", "other changes by one person"),
    Setting("LIMIT_CODES", "60 per 10 minutes", "codes tried at the counter of one shop"),
    Setting("VOUCHER_MINUTES", 60, "how long a voucher is good once it is taken"),
    Setting("LIVE_AT_MOST", 20_000, "pages that may listen at once, for each web process"),
    Setting("LIVE_PER_ADDRESS", 400, "of these from one address (a station's Wi-Fi)"),
    Setting("LIVE_PER_PERSON", 12, "of these by one person"),
    Setting("LIVE_CARRIED", 1, "of these that hold a thread, where the server shows no socket"),
    Setting("OPEN_WISHES", 2, "open wishes an author may have"),
    Setting("CLAIMS_PER_VOLUNTEER", 3, "live claims a volunteer may hold"),
    Setting("CLAIMS_PER_DEPARTMENT", 10, "live claims a department may hold"),
    Setting("REMINDER_HOURS", 48, "the claimant is reminded after so many hours"),
    Setting("CLAIM_DAYS", 5, "a claim is released by itself after so many days"),
    Setting("EXTENSION_DAYS", 3, "what the one extension adds"),
    Setting("WISH_DAYS", 30, "an open wish expires after so many days"),
    Setting("KEEPER_ASKED_DAYS", 14, "the keeper is asked about a wish open for so many days"),
    Setting("REOPENING_DAYS", 14, "how long after delivery the author may reopen"),
    Setting("CONFIRMATION_DAYS", "3,7", "days after delivery on which the author is asked again"),
    Setting("CONTACTS_PER_DAY", 10, "telephone numbers one person may reveal a day"),
    Setting("TICK_SECONDS", 60, "how often the served site does what is due; 0 never"),
)


def instance_folder(given: Path | None = None) -> Path:
    """The folder of this installation: given, `WISHWALL_INSTANCE`, or `instance/`."""
    folder = given or Path(os.environ.get("WISHWALL_INSTANCE") or ROOT / "instance")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it will hold telephone numbers
    return folder.resolve()


def load(instance: Path, environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The settings in force for this instance folder."""
    from_file: dict[str, Any] = {}
    if (instance / "config.toml").exists():
        from_file = tomllib.loads((instance / "config.toml").read_text("utf-8"))
    unknown = set(from_file) - {setting.name for setting in SETTINGS}
    if unknown:
        raise ValueError(f"config.toml names unknown settings: {', '.join(sorted(unknown))}")
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        raw = environment.get(f"WISHWALL_{setting.name}", from_file.get(setting.name))
        values[setting.name] = setting.default if raw is None else _typed(setting, raw)
    values["DATABASE_URL"] = _database_url(values["DATABASE_URL"], instance)
    values["SECRET_KEY"] = values["SECRET_KEY"] or _kept_secret(instance / "secret_key")
    return values


def _typed(setting: Setting, raw: object) -> Value:
    if isinstance(setting.default, bool):
        if str(raw).lower() in ("1", "true", "yes", "on"):
            return True
        if str(raw).lower() in ("0", "false", "no", "off", ""):
            return False
        raise ValueError(f"WISHWALL_{setting.name} must be true or false, not {raw!r}")
    if isinstance(setting.default, int):
        try:
            return int(str(raw))
        except ValueError:
            raise ValueError(f"WISHWALL_{setting.name} must be a number, not {raw!r}") from None
    return str(raw)


def _database_url(url: str, instance: Path) -> str:
    if not url:
        return f"sqlite:///{instance / 'wishwall.db'}"
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _kept_secret(file: Path) -> str:
    if not file.exists():
        write_whole(file, secrets.token_urlsafe(48).encode(), mode=0o600)
    return file.read_text("ascii")
