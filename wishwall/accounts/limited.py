"""Rate limits of views: counted before anything else happens, by address and by person."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask.typing import ResponseReturnValue
from flask_login import current_user

from wishwall.kit.limits import address, allow

View = Callable[..., ResponseReturnValue]


def limited(rule: str, address_rule: str | None = None) -> Callable[[View], View]:
    """Count this view against `rule` for the person, and `address_rule` for the address."""

    def decorate(view: View) -> View:
        @wraps(view)
        def run(**values: Any) -> ResponseReturnValue:
            if address_rule:
                allow(address_rule, address())
            if current_user.is_authenticated:
                allow(rule, str(current_user.id))
            return view(**values)

        return run

    return decorate
