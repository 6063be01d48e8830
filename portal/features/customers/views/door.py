"""The blueprint, and what all its pages share."""

from flask import Blueprint

bp = Blueprint("customers", __name__, template_folder="../templates")
LIST = "customers.index"
CLASSES = "customers.classes"
MOST_DOMAINS = 200  # in a choice of one
