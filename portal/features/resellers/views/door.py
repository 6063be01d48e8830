"""The blueprint, and what all its pages share."""

from flask import Blueprint

bp = Blueprint("resellers", __name__, template_folder="../templates")
