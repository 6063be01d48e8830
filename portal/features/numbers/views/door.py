"""The blueprint, and what all its pages share."""

from flask import Blueprint

bp = Blueprint("numbers", __name__, template_folder="../templates")
