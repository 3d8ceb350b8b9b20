"""What stands first on My record, and on the page about a person: what to do, or that nothing needs doing."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.calendar import add_months
from skillsmatrix.domain.explanation import in_words
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.models import (
    Competency,
    Exemption,
    Learning,
    Requirement,
    Staff,
    SupervisionAgreement,
    SupervisionSession,
)
from skillsmatrix.operations.conclusions import refresh
from tests.facts import add
from tests.web.conftest import CheckedClient

Browser = Callable[[str], CheckedClient]
Change = Callable[[Session], None]

EVERY_DAYS = 28
NOTHING_TO_DO = ["Nothing needs doing: everything asked of you is in order."]


def ago(days: int) -> date:
    """So many days before today."""
    return clock.today() - timedelta(days=days)


def person(session: Session, code: str) -> int:
    return session.scalars(select(Staff.id).where(Staff.code == code)).one()


def skill(session: Session, code: str) -> Competency:
    return session.scalars(select(Competency).where(Competency.code == code)).one()


def learned(days_ago: int = 9, months: int | None = None) -> Change:
    """Sid has done the one thing that was missing: fire safety. Medicines have been in order all along."""

    def change(session: Session) -> None:
        sid, fire = person(session, "sid"), skill(session, "fire").id
        add(
            session,
            Learning(staff_id=sid, competency_id=fire, completed_on=ago(days_ago), valid_months=months),
        )

    return change


def supervised(days_ago: int, kind: str = "clinical") -> Change:
    """Sam is agreed to supervise sid every four weeks, and did so many days ago."""

    def change(session: Session) -> None:
        between = {
            "supervisee_id": person(session, "sid"),
            "supervisor_id": person(session, "sam"),
            "kind": kind,
        }
        add(session, SupervisionAgreement(**between, every_days=EVERY_DAYS, starts_on=ago(300)))
        add(session, SupervisionSession(**between, held_on=ago(days_ago)))

    return change


def never_supervised_and_exempt(session: Session) -> None:
    """Medicines hang on supervision that nobody gives; nobody asks them of sid for now."""
    medicines = skill(session, "med")
    medicines.supervision_kind, medicines.supervision_lapse_days = "clinical", 30
    about = {"staff_id": person(session, "sid"), "competency_id": medicines.id}
    add(session, Exemption(**about, starts_on=ago(5), ends_on=clock.today(), approved_by="Head of practice"))


def first_words(client: CheckedClient, path: str) -> list[str]:
    """What stands before all else on a page, a sentence or two for each thing."""
    found = re.findall(r'<p class="pages-next">(.*?)</p>', client.get(path).text, re.DOTALL)
    return [" ".join(re.sub("<[^>]+>", "", each).split()) for each in found]


@pytest.fixture
def after(browser_of: Browser, world_engine: Engine) -> Callable[..., list[str]]:
    """Call it with changes: what My record of sid says first once they are made."""

    def say(*changes: Change, persona: str = "staff", path: str = "/me") -> list[str]:
        with writing(world_engine) as session:
            for change in changes:
                change(session)
            refresh(session, staff_ids=None, by="test", at=clock.now())
        return first_words(browser_of(persona), path)

    return say


def overdue(days_ago: int, kind: str = "Clinical") -> str:
    was_due = in_words(ago(days_ago - EVERY_DAYS))
    return (
        f"{kind} supervision is overdue: it was due by {was_due}. "
        "Agree a day for a session with Sam Qanarysam now."
    )


@pytest.mark.parametrize("changes", [(learned(),), (learned(), supervised(3))])
def test_when_everything_is_in_order_it_says_so(
    after: Callable[..., list[str]], changes: tuple[Change, ...]
) -> None:
    assert after(*changes) == NOTHING_TO_DO


def test_overdue_supervision_comes_first_where_everything_else_is_in_order(
    after: Callable[..., list[str]],
) -> None:
    assert after(learned(), supervised(40)) == [overdue(40)]


def test_every_kind_that_is_overdue_is_said(after: Callable[..., list[str]]) -> None:
    said = after(learned(), supervised(40), supervised(60, kind="line"))

    assert said == [overdue(60, "Line"), overdue(40)]


def test_the_list_of_supervision_says_overdue_of_what_is_overdue_today(
    after: Callable[..., list[str]], browser_of: Browser
) -> None:
    after(learned(), supervised(3))
    page = browser_of("staff").get(f"/me?on={ago(-90).isoformat()}").text
    assert f"Next session by {in_words(ago(3 - EVERY_DAYS))}" in page
    assert "Overdue" not in page

    after(supervised(40, kind="line"))
    assert f"Overdue: it was due by {in_words(ago(40 - EVERY_DAYS))}" in browser_of("staff").get("/me").text


@pytest.mark.parametrize(("days_ago", "said"), [(3, NOTHING_TO_DO), (40, [overdue(40)])])
def test_on_a_day_to_come_supervision_goes_on_as_it_stands_today(
    after: Callable[..., list[str]], days_ago: int, said: list[str]
) -> None:
    assert after(learned(), supervised(days_ago), path=f"/me?on={ago(-90).isoformat()}") == said


def test_the_last_day_in_time_is_not_overdue(after: Callable[..., list[str]]) -> None:
    (said,) = after(learned(), supervised(EVERY_DAYS))

    assert said.startswith(f"Clinical supervision is due by {in_words(clock.today())}. Agree a day")


def test_what_must_not_be_done_is_said_before_overdue_supervision(after: Callable[..., list[str]]) -> None:
    assert after(supervised(40)) == [
        "Do not do the things in the first list until they are put right. Start with Fire safety.",
        overdue(40),
    ]


def test_supervision_that_lapsed_is_said_though_nobody_asks_for_what_it_stops(
    after: Callable[..., list[str]],
) -> None:
    (said,) = after(learned(), never_supervised_and_exempt)

    assert said.startswith("Clinical supervision lapsed on ")
    assert said.endswith("Nobody is agreed to give it: have a supervisor named first.")


def test_what_runs_out_soon_is_something_to_do(after: Callable[..., list[str]]) -> None:
    ends_on = in_words(add_months(ago(100), 4))

    assert after(learned(100, months=4)) == [f"Renew Fire safety next: it runs out on {ends_on}."]


def test_the_page_about_a_person_says_the_same_of_supervision(after: Callable[..., list[str]]) -> None:
    assert after(learned(), supervised(40), persona="svc", path="/people/sid") == [overdue(40)]


def test_the_page_about_a_person_passes_over_no_renewal_for_a_hard_stop_in_order(
    after: Callable[..., list[str]],
) -> None:
    def make_it_a_target(session: Session) -> None:
        asked = session.scalars(select(Requirement).where(Requirement.code == "R-FIRE")).one()
        asked.strength = "target"

    (said,) = after(learned(100, months=4), make_it_a_target, persona="svc", path="/people/sid")

    assert said.startswith("Fire safety: Renew the learning by ")
