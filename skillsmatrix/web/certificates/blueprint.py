"""The area's name, shared by its modules."""

from flask import Blueprint

bp = Blueprint("certificates", __name__)
