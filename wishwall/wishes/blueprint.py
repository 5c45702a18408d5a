"""The one blueprint of the wall: `views` reads, `posting` hangs, `verbs` does the rest."""

from flask import Blueprint

bp = Blueprint("wishes", __name__)
