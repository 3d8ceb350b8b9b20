"""The blueprint of the area, by itself so that its pages can stand in several files."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
