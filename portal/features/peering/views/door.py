"""The blueprint, and what all its pages share."""

from flask import Blueprint

bp = Blueprint("peering", __name__, template_folder="../templates")
LIST = "peering.peers"
