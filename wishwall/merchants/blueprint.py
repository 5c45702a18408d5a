"""The one blueprint of shops: `lists` reads, `joining` registers, `deeds` and `counter` do."""

from flask import Blueprint

bp = Blueprint("merchants", __name__)
