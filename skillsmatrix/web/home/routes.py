"""The first page leads straight to somebody's work; with several kinds of work it offers them."""

from typing import Any

from flask import Blueprint, redirect, render_template

from skillsmatrix.web.shared.guards import any_account
from skillsmatrix.web.shared.navigation import navigation

bp = Blueprint("home", __name__)


@bp.get("/")
@any_account(why="offers what one may do, and shows nothing else")
def index() -> Any:
    links = navigation()
    if len(links) == 1:
        return redirect(links[0].href)
    return render_template("home/index.html", links=links)
