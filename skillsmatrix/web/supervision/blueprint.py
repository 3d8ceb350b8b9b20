"""What the routes of this area hang on."""

from flask import Blueprint

bp = Blueprint("supervision", __name__)
