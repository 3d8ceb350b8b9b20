"""The blueprint that the pages of this area hang on."""

from flask import Blueprint

bp = Blueprint("services", __name__)
