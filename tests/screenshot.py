"""`python3 -m skillsmatrix screenshot`: the picture in README.md, from the demonstration as it is today."""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page

from config import settings_from_environment
from skillsmatrix.app import create_app
from skillsmatrix.foundation import clock, migrations
from skillsmatrix.foundation.database import make_engine, writing
from skillsmatrix.foundation.paths import PROJECT, SEED
from skillsmatrix.operations.demonstration import PASSWORD, SignIn, load_demonstration
from skillsmatrix.web.shared.database import db
from tests.browser import running_browser, served, watched_page

PICTURE = PROJECT / "docs" / "screenshot.png"
SEEN_BY = "head of practice"  # sees every service


def fill(url: str) -> list[SignIn]:
    """Make the database and load the demonstration as of today; its sign-ins."""
    migrations.migrate(url)
    engine = make_engine(url)
    with writing(engine) as session:
        found = load_demonstration(session, SEED, on=clock.today(), by="command:screenshot", at=clock.now())
    engine.dispose()
    return found


@contextmanager
def demonstration_site(folder: Path) -> Iterator[tuple[Flask, str, list[SignIn]]]:
    """The site over a demonstration of its own below `folder`: itself, its address, its sign-ins."""
    settings = settings_from_environment({}, instance=folder)
    sign_ins = fill(settings.database_url)
    app = create_app(settings)
    with served(app) as address:
        yield app, address, sign_ins
    with app.app_context():
        db.engine.dispose()


def sign_in(page: Page, address: str, email: str) -> None:
    """Through the form, as people do."""
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: not url.endswith("/sign-in"))


def take(path: Path, *, page_path: str, width: int, height: int) -> None:
    """Save a picture of one page at one size, as the head of clinical practice sees it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="skillsmatrix-") as folder,
        demonstration_site(Path(folder)) as (_, address, sign_ins),
        running_browser() as browser,
        watched_page(browser, viewport={"width": width, "height": height}) as page,
    ):
        sign_in(page, address, next(each.email for each in sign_ins if SEEN_BY in each.roles))
        answer = page.goto(f"{address}{page_path}")
        if answer is None or answer.status != 200:
            raise SystemExit(f"{page_path} answered {answer.status if answer else 'nothing'}")
        page.screenshot(path=path)


def main(arguments: Sequence[str]) -> int:
    """The exit status; writes docs/screenshot.png unless told otherwise."""
    parser = argparse.ArgumentParser(prog="python3 -m skillsmatrix screenshot", description=__doc__)
    parser.add_argument("path", nargs="?", type=Path, default=PICTURE, metavar="FILE")
    parser.add_argument("--page", default="/services", metavar="PATH", help="the page's address")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=2000)
    asked = parser.parse_args(list(arguments))
    take(asked.path.absolute(), page_path=asked.page, width=asked.width, height=asked.height)
    print(f"Wrote {asked.path}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
