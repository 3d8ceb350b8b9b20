"""The blueprint that the modules of this area put their views on."""

from flask import Blueprint

bp = Blueprint("records", __name__)
