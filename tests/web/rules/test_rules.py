"""A rule is drafted, looked at, approved by somebody else, and in force from its day."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading
from skillsmatrix.models import Requirement, RuleChange
from skillsmatrix.web.shared.formats import typed_day
from tests.web.conftest import CheckedClient
from tests.web.records.test_records import version_on

Browser = Callable[[str], CheckedClient]
TOMORROW = typed_day(clock.today() + timedelta(days=1))
CHANGE = {
    "level": "2",
    "cover": "each",
    "strength": "hard_stop",
    "reason": "Needed in every house",
    "takes_effect_on": TOMORROW,
    "why": "New order",
    "once": "a",
}


def drafted(browser: CheckedClient) -> str:
    """Draft a higher level for fire safety; the address of the change."""
    answer = browser.send("/rules/requirements/R-FIRE/change", **CHANGE)
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def state_of(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(RuleChange.state)).all())


def test_the_preview_names_whom_a_change_turns_red(browser_of: Browser) -> None:
    page = browser_of("hr").get(drafted(browser_of("hr"))).text

    assert "2 people need training" in page
    assert "Ada Qanaryada: Fire safety" in page
    assert "No course gives it" in page
    assert "Approve this change" not in page  # not by whoever drafted it


@pytest.mark.parametrize(
    "path",
    ["/rules/requirements/new", "/rules/requirements/R-FIRE/change", "/rules/competencies/fire/change"],
)
def test_what_is_hidden_in_a_form_stands_in_it_once_and_is_not_seen(browser_of: Browser, path: str) -> None:
    page = browser_of("hr").get(path).text

    assert re.findall(r'<input [^>]*name="once"[^>]*>', page) == re.findall(
        r'<input name="once" type="hidden" value="[^"]+">', page
    )
    assert page.count('name="once"') == 1


def test_a_second_person_approves_and_the_rows_are_dated(browser_of: Browser, world_engine: Engine) -> None:
    path = drafted(browser_of("hr"))
    second = browser_of("hcp")
    version = version_on(second.get(path).text)

    answer = second.send(f"{path}/approve", version=version)

    assert answer.status_code == 302
    assert state_of(world_engine) == ["in_force"]
    with reading(world_engine) as session:
        rows = session.execute(
            select(Requirement.code, Requirement.level, Requirement.in_force_to)
            .where(Requirement.code.like("R-FIRE%"))
            .order_by(Requirement.code)
        ).all()
    assert [tuple(row) for row in rows] == [("R-FIRE", 1, clock.today()), ("R-FIRE.2", 2, None)]


def test_whoever_drafted_it_is_refused_whatever_they_send(browser_of: Browser, world_engine: Engine) -> None:
    browser = browser_of("hr")
    path = drafted(browser)

    answer = browser.send(f"{path}/approve", version=version_on(browser.get(path).text))

    assert answer.status_code == 200
    assert "somebody else approves it" in answer.text
    assert state_of(world_engine) == ["draft"]


def test_an_approval_of_what_was_not_shown_is_too_late(browser_of: Browser, world_engine: Engine) -> None:
    browser, second = browser_of("hr"), browser_of("hcp")
    path = drafted(browser)
    seen = version_on(second.get(path).text)
    browser.send(
        f"{path}/day", takes_effect_on=TOMORROW, why="Newer order", version=version_on(browser.get(path).text)
    )

    answer = second.send(f"{path}/approve", version=seen)

    assert answer.status_code == 409
    assert "Newer order" in answer.text
    assert state_of(world_engine) == ["draft"]


def test_a_draft_is_dropped_by_either(browser_of: Browser, world_engine: Engine) -> None:
    browser = browser_of("hr")
    path = drafted(browser)

    browser.send(f"{path}/drop", version=version_on(browser.get(path).text))

    assert state_of(world_engine) == ["dropped"]
    assert "Dropped" in browser.get("/rules").text


def test_the_same_draft_sent_twice_is_one(browser_of: Browser, world_engine: Engine) -> None:
    browser = browser_of("hr")

    assert drafted(browser) == drafted(browser)

    assert state_of(world_engine) == ["draft"]


def test_a_change_of_nothing_is_told_so(browser_of: Browser, world_engine: Engine) -> None:
    page = browser_of("hr").send("/rules/requirements/R-FIRE/change", **{**CHANGE, "level": "1"})

    assert page.status_code == 200
    assert "It is so already" in page.text
    assert state_of(world_engine) == []


def test_a_shorter_length_says_what_it_can_and_cannot_do(browser_of: Browser) -> None:
    browser = browser_of("hr")
    fields = {
        "learning_months": "2",
        "whom": "new",
        "supervision_kind": "",
        "takes_effect_on": TOMORROW,
        "why": "New order",
        "once": "a",
    }

    page = browser.get(browser.send("/rules/competencies/fire/change", **fields).headers["Location"]).text

    assert "the shortest length stated anywhere counts" in page
    assert "Nobody turns red" in page
    assert "If existing completions were included" in page
    assert "Ada Qanaryada" in page


def test_a_new_requirement_is_drafted_for_one_service(browser_of: Browser, world_engine: Engine) -> None:
    fields = {**CHANGE, "level": "1", "competency": "fire", "service": "alder", "role": "", "once": "b"}

    answer = browser_of("hcp").send("/rules/requirements/new", **fields)

    assert answer.status_code == 302
    with reading(world_engine) as session:
        assert session.scalars(select(RuleChange.code)).all() == ["fire-alder"]


def test_a_draft_is_confirmed_and_says_that_nothing_changes_yet(browser_of: Browser) -> None:
    browser = browser_of("hr")

    page = browser.get(drafted(browser)).text

    assert "Drafted. Nothing changes until a second person has approved it." in page


def test_a_share_is_shown_in_per_cent_and_a_number_in_people(browser_of: Browser) -> None:
    browser = browser_of("hr")

    def shown(cover: str) -> str:
        fields = {**CHANGE, "cover": cover, "amount": "2", "once": cover}
        path = browser.send("/rules/requirements/R-FIRE/change", **fields).headers["Location"]
        return browser.get(path).text

    assert [("2%" in page, "2 people<" in page) for page in map(shown, ("percent", "count"))] == [
        (True, False),
        (False, True),
    ]
