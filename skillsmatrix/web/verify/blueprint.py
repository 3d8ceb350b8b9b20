"""The area's name, and what every answer of it carries."""

from flask import Blueprint, Response

bp = Blueprint("verify", __name__)


@bp.after_request
def keep_out_of_sight(response: Response) -> Response:
    """Nothing here is kept (but lists that name nobody), indexed, or told to the next site: a number in an
    address is a secret."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    return response
