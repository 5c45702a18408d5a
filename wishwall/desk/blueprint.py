"""The one blueprint of the desk: `views` is its front and roles, the rest verifies and imports."""

from flask import Blueprint

bp = Blueprint("desk", __name__, url_prefix="/desk")
