"""The house on both databases, the site over it, and a clock that the story sets."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from skillsmatrix.app import create_app
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import make_engine, reading, writing
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.models import Account, Certificate, Competency
from skillsmatrix.operations.accounts import sign_in
from skillsmatrix.queries.conclusions import current
from skillsmatrix.web.shared.database import db
from tests.databases import Databases, migrate
from tests.stories import house
from tests.web.conftest import CheckedClient
from tests.web.services.test_services import words


@dataclass(frozen=True)
class Told:
    """What every part of the product says about Ada and one competency on one day; None: it knows her not.

    `matrix`, `image`: her standing on the page and in what is kept for speed. `cover`: how many of the house
    hold it, by the line that asks for one. `put_right`: her own digest. `unsafe`: that of the manager.
    """

    matrix: str | None
    image: str | None
    cover: str
    safe: bool
    card: str | None
    own_record: str | None
    certificate: str
    put_right: bool
    unsafe: bool


class Story:
    """The site over the house, on whatever day the story has come to."""

    def __init__(self, app: Flask, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app, self.engine, self._monkeypatch = app, engine, monkeypatch

    def comes_to(self, day: date) -> None:
        """It is noon of this day, everywhere in the product."""
        noon = datetime.combine(day, time(12), UTC)
        self._monkeypatch.setattr(clock, "now", lambda: noon)

    def browser_of(self, name: str) -> CheckedClient:
        """A browser signed in now: yesterday's sign-in has ended meanwhile."""
        with writing(self.engine) as session:
            account = session.scalars(select(Account).where(Account.email == house.email_of(name))).one()
            token = sign_in(
                session,
                account_id=account.id,
                checked_hash=str(account.password_hash),
                by="command:test",
                at=clock.now(),
            )
        client: CheckedClient = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        return client

    def told(self, skill: str) -> Told:
        """Ask everything that answers, on the day to which the story has come."""
        manager, ada = self.browser_of("manager"), self.browser_of("ada")
        title = {"med": "Medicines", "nurse": "Nursing"}[skill]
        today = clock.today()
        digests = [words(browser.get("/digest").text) for browser in (ada, manager)]
        return Told(
            matrix=_standing_in(manager.get("/services/alder/matrix.csv?view=list").text, title),
            image=self._standing_in_image(skill),
            cover=_cover_of(manager.get("/services/alder/cover.csv").text, title),
            safe="Every hard stop is met" in manager.get("/services/alder").text,
            card=_part_of_card(words(self.browser_of("hr").get(f"/people/ada/card?on={today}").text), title),
            own_record=_part_of_record(words(ada.get("/me").text), title),
            certificate=self._certificate(skill),
            put_right=f"Put right: {title}" in digests[0],
            unsafe=f"Alder is not safe to run this: {title}" in digests[1],
        )

    def _standing_in_image(self, skill: str) -> str | None:
        with reading(self.engine) as session:
            rows = current(session).standings(on=clock.today())
        return next((str(r.standing) for r in rows if (r.person, r.competency) == ("ada", skill)), None)

    def _certificate(self, skill: str) -> str:
        """The first word that anybody is told who checks it."""
        with reading(self.engine) as session:
            number = session.scalars(
                select(Certificate.number)
                .join(Competency, Competency.id == Certificate.competency_id)
                .where(Competency.code == skill)
            ).one()
        page = words(self.app.test_client().get(f"/verify/{number}").text)
        states = ("Genuine and current", "Genuine, but suspended today", "Revoked on")
        return next(state for state in states if state in page)


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def _standing_in(text: str, title: str) -> str | None:
    found = ((row["Person"], row["Competency"], row["Standing"]) for row in _rows(text))
    return next((word for person, what, word in found if (person, what) == ("Ada Quince", title)), None)


def _cover_of(text: str, title: str) -> str:
    """Held of required, on the line of the competency that requires most."""
    rows = [row for row in _rows(text) if row["Competency"] == title]
    line = max(rows, key=lambda row: int(row["Required"]))
    return f"{line['Held']} of {line['Required']}"


def _part_of_card(page: str, title: str) -> str | None:
    """Under which heading of the card the competency stands."""
    if "so there is no card" in page:
        return None
    heads = ("Must not do now", "May do alone", "May do under supervision", "Knows about")
    places = sorted((page.index(head), head) for head in heads)
    return [head for place, head in places if place < page.index(title, places[0][0])][-1]


def _part_of_record(page: str, title: str) -> str | None:
    """Under which heading of one's own record it stands; None for whoever is shut out."""
    if "My record" not in page:
        return None
    heads = ("What you must not do now (", "Running out soon (", "In order (")
    places = sorted((page.index(head), head) for head in heads if head in page)
    return [head for place, head in places if place < page.index(title, places[0][0])][-1].rstrip(" (")


def _fill(url: str) -> None:
    migrate(url)
    engine = make_engine(url)
    with writing(engine) as session:
        house.build(session)
    engine.dispose()


@pytest.fixture
def story(databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Story]:
    """The house on each kind of database in turn."""
    with databases.copy(databases.template("stories", _fill)) as url:
        engine = make_engine(url)
        app = create_app(
            Settings(
                secret_key="k" * 64,
                database_url=url,
                uploads_dir=tmp_path / "uploads",
                keys_dir=tmp_path / "keys",
                organisation_name="Harbour Homes",
            )
        )
        app.test_client_class = CheckedClient
        yield Story(app, engine, monkeypatch)
        with app.app_context():
            db.engine.dispose()
        engine.dispose()
