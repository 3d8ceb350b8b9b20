"""The blueprint that the modules of this area hang their pages on."""

from flask import Blueprint

bp = Blueprint("what_if", __name__)
