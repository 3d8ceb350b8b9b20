"""The first page leads straight to somebody's work; with several kinds of work it offers them.

Before all of it stands what is not safe today, for whoever may see it.
"""

from typing import Any, Final

from flask import Blueprint, redirect, render_template

from skillsmatrix.web.shared.guards import any_account
from skillsmatrix.web.shared.navigation import navigation
from skillsmatrix.web.shared.whole_services import unsafe_today

MOST_NAMED: Final = 6  # services, before "and … more"

bp = Blueprint("home", __name__)


@bp.get("/")
@any_account(why="offers what one may do, and asks before it names a service")
def index() -> Any:
    links = navigation()
    if len(links) == 1:
        return redirect(links[0].href)
    return render_template("home/index.html", links=links, unsafe=unsafe_today(), most_named=MOST_NAMED)
