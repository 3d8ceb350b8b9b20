"""This week, what is coming, what changed, on whom it hangs: the right order, nothing beyond one's reach."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import Engine, delete, select

from skillsmatrix.domain.explanation import in_words
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.models import Competency, Learning, Requirement, Service, Staff
from skillsmatrix.operations.conclusions import rebuild
from skillsmatrix.queries import known_then
from skillsmatrix.web.outlook import changes, hanging, trend
from tests.facts import add
from tests.web import world
from tests.web.conftest import CheckedClient
from tests.web.services.test_services import words

Browser = Callable[[str], CheckedClient]
PAGES = ["/week", "/outlook", "/changes", "/single-points"]


def days_ago(days: int) -> str:
    return (clock.today() - timedelta(days=days)).isoformat()


def table(client: CheckedClient, path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(client.get(path).data.decode("utf-8-sig"))))


@pytest.fixture
def one_first_aider(world_engine: Engine) -> None:
    """At alder one person has to hold fire safety, by count: ada alone does."""
    with writing(world_engine) as session:
        fire = session.scalars(select(Competency.id).where(Competency.code == "fire")).one()
        alder = session.scalars(select(Service.id).where(Service.code == "alder")).one()
        add(
            session,
            Requirement(
                code="R-ONE",
                competency_id=fire,
                service_id=alder,
                cover="count",
                amount=1,
                strength="hard_stop",
                in_force_from=world.LONG_AGO,
            ),
        )
        rebuild(session, by=world.BY, at=clock.now())


def test_the_week_says_who_why_by_when_and_where(browser_of: Browser) -> None:
    page = words(browser_of("svc").get("/week").text)

    assert "Do these in this order." in page
    assert "Ben Qanaryben: Medicines" in page
    assert "Alder is not safe to run this" in page
    assert "At once." in page
    assert "birch" not in page.lower()


def test_the_week_leads_to_the_page_where_it_is_done(browser_of: Browser) -> None:
    page = browser_of("svc").get("/week").text

    assert 'href="/training?course=' in page or 'href="/training"' in page
    assert 'href="/assessments/people/ben' in page or "/ben/" in page


def test_the_week_keeps_what_runs_out_after_what_is_not_safe(browser_of: Browser) -> None:
    rows = table(browser_of("hr"), "/week.csv?service=quay")

    assert rows[0][:4] == ["Order", "Who", "Service", "Competency"]
    assert [row[2] for row in rows[1:]] == ["Quay"] * len(rows[1:])
    assert all("not safe" in row[5] for row in rows[1:])


def test_no_more_than_ten_things_are_asked_of_a_week(browser_of: Browser) -> None:
    assert len(table(browser_of("hr"), "/week.csv")) - 1 == 10


def test_the_outlook_draws_what_its_table_says(browser_of: Browser) -> None:
    client = browser_of("hr")
    page = client.get("/outlook").text
    rows = table(client, "/outlook/months.csv")

    assert len(rows) - 1 == 37
    assert [row[1] for row in rows[1:]].count("forecast") == 12
    assert page.count('class="picture__chart"') == 2
    assert 'class="picture__line picture__line--ahead"' in page
    assert "supervision goes on as it does today" in page
    met = re.search(r"<td[^>]*>\s*<span class=\"app-fraction\">([\d,]+ of [\d,]+)", page)
    assert met
    assert met[1] == f"{rows[1][3]} of {rows[1][2]}"


def test_a_lapse_of_supervision_that_comes_first_is_said_first(
    browser_of: Browser, world_engine: Engine
) -> None:
    """Hal, alone at the quay, holds all for months, was supervised 100 days ago, and 105 are allowed."""
    lapse = f"Quay is not safe after {in_words(clock.today() + timedelta(days=5))}."
    with writing(world_engine) as session:
        fire = session.scalars(select(Competency.id).where(Competency.code == "fire")).one()
        hal = session.scalars(select(Staff.id).where(Staff.code == "hal")).one()
        add(session, Learning(staff_id=hal, competency_id=fire, completed_on=clock.today()))
        rebuild(session, by=world.BY, at=clock.now())
    client = browser_of("hr")

    assert "Without another supervision session recorded" not in client.get("/outlook").text
    with writing(world_engine) as session:
        medicines = session.scalars(select(Competency).where(Competency.code == "med")).one()
        medicines.supervision_kind, medicines.supervision_lapse_days = "management", 105
        rebuild(session, by=world.BY, at=clock.now())

    page = words(client.get("/outlook").text)
    assert f"Without another supervision session recorded, {lapse}" in page
    assert lapse not in words(browser_of("svc").get("/outlook").text)


def test_services_are_ranked_by_the_first_hard_stop_they_miss(browser_of: Browser) -> None:
    rows = table(browser_of("hr"), "/outlook/falls.csv")

    assert [row[1] for row in rows[1:]] == ["today"] * 4
    assert {row[0] for row in rows[1:]} == {"Alder", "Birch", "Quay", "Ward"}
    assert table(browser_of("svc"), "/outlook/falls.csv")[1:] == [row for row in rows if row[0] == "Alder"]


def test_a_service_that_is_not_safe_today_says_who_stopped_counting_lately(
    browser_of: Browser, world_engine: Engine, one_first_aider: None
) -> None:
    before = table(browser_of("hr"), "/outlook/falls.csv")[1:]
    with writing(world_engine) as session:
        session.execute(delete(Requirement).where(Requirement.code != "R-ONE"))
        ada = session.scalars(select(Staff).where(Staff.code == "ada")).one()
        ada.employed_to = clock.today() - timedelta(days=3)
        rebuild(session, by=world.BY, at=clock.now())

    (alder,) = table(browser_of("hr"), "/outlook/falls.csv")[1:]

    assert {row[3] for row in before} == {"Nobody has stopped counting for it in the last 90 days."}
    assert alder[:2] == ["Alder", "today"]
    assert re.fullmatch(r"Ada\b.* left; .* was the last day here\.", alder[3])


def test_a_long_list_of_services_that_changed_is_shown_on_request(
    browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = browser_of("hr")
    address = f"/changes?from={days_ago(200)}"
    changed = [row[0] for row in table(browser, f"/changes/services.csv?from={days_ago(200)}")[1:]]
    monkeypatch.setattr(changes, "FIRST_SERVICES", 1)

    first, whole = (browser.get(path).text for path in (address, f"{address}&services=all"))

    assert len(changed) >= 2
    rows = [page.partition('id="people"')[0].partition('id="services"')[2] for page in (first, whole)]
    assert [sum(f">{name}</a>" in page for name in changed) for page in rows] == [1, len(changed)]
    assert f"Show all {len(changed)} services" in words(first)
    assert "Show all" not in words(whole)


def test_a_long_ranking_comes_in_pages(browser_of: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = browser_of("hr")
    ranked = [row[0] for row in table(browser, "/outlook/falls.csv")[1:]]
    monkeypatch.setattr(trend, "FALLS_PAGE", 1)

    pages = [words(browser.get(f"/outlook?page={number}").text) for number in range(1, len(ranked) + 1)]

    assert len(ranked) >= 2
    for number, (service, page) in enumerate(zip(ranked, pages, strict=True), 1):
        assert f"Page {number} of {len(ranked)}" in page
        assert f"Which Why First short of anything on {service} " in page


def test_what_runs_out_is_named_with_the_day_and_the_person(
    browser_of: Browser, one_first_aider: None
) -> None:
    """Ada's fire safety, four months from a hundred days ago, is the last there is."""
    page = words(browser_of("svc").get("/single-points").text)

    assert "Train a second person first: Fire safety, Alder (Ada Qanaryada)." in page
    leaver = words(browser_of("svc").get("/people/ada/leaving").text)
    assert "1 hard stop would not be met any more." in leaver
    assert "At least 1 person at Alder" in leaver


def test_what_somebody_takes_along_is_the_same_for_everybody_and_for_one(
    browser_of: Browser, one_first_aider: None
) -> None:
    everybody = table(browser_of("hr"), "/single-points/leavers.csv")
    of_alder = table(browser_of("svc"), "/single-points/leavers.csv")

    assert ["Ada Qanaryada", "1", "1", "1"] in everybody
    assert of_alder[1:] == [["Ada Qanaryada", "1", "1", "1"]]


def test_nobody_can_sign_off_medicines(browser_of: Browser) -> None:
    """Ivy is trusted as an assessor and holds it; nobody else is."""
    rows = table(browser_of("hr"), "/single-points/assessors.csv")

    assert rows[1:] == [["Medicines", "1", "4", "Ivy Qanaryivy"]]


def test_what_changed_says_who_why_and_what_it_was_before(browser_of: Browser) -> None:
    client = browser_of("svc")
    rows = table(client, f"/changes/people.csv?from={days_ago(5)}&show=all")

    assert [
        "Ada Qanaryada",
        "Alder",
        "Medicines",
        "Valid",
        "Suspended",
        "Stopped, or no registration",
    ] in rows
    page = words(client.get(f"/changes?from={days_ago(5)}").text)
    assert "each as true on that day" in page
    assert "As known now." in page


def test_a_leaver_counts_and_is_not_named_to_a_manager(browser_of: Browser) -> None:
    """Gus left yesterday: the manager of alder sees the figure, the head of practice the name."""
    path = f"/changes?from={days_ago(3)}&show=all"

    page = words(browser_of("svc").get(path).text)
    assert "1 person who changed is not in your sight and is not listed." in page
    assert "Gus Qanarygus" in words(browser_of("hcp").get(path).text)


@pytest.mark.parametrize("of", ["", "service=alder&"])
def test_as_known_then_is_answered(browser_of: Browser, of: str) -> None:
    client = browser_of("hr")

    page = words(client.get(f"/changes?{of}from={days_ago(5)}&known_at={days_ago(-1)}").text)
    assert "As known on" in page
    now = words(client.get(f"/changes?{of}from={days_ago(5)}").text)
    assert page[page.index("Person by person") :] == now[now.index("Person by person") :]


def test_where_too_many_are_to_be_worked_out_anew_one_service_is_asked_instead(
    browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_then, "MOST_PEOPLE", 1)
    client = browser_of("hr")

    refused = client.get("/changes?known_at=1/2/2024")

    assert refused.status_code == 400
    assert "This page cannot be shown as asked" in words(refused.text)
    assert "choose one service and ask there" in words(refused.text)
    assert client.get("/changes?service=alder&known_at=1/2/2024").status_code == 200


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/changes?from=1/12/2026&to=1/11/2026", "The first day is after the second"),
        ("/changes?from=31/2/2026", "is not a date"),
    ],
)
def test_days_that_make_no_sense_are_refused(browser_of: Browser, address: str, said: str) -> None:
    answer = browser_of("hr").get(address)

    assert answer.status_code == 400
    assert said in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_a_manager_reads_of_no_other_service(browser_of: Browser, path: str) -> None:
    page = browser_of("svc").get(path).text

    assert "Birch" not in page
    assert browser_of("svc").get(f"{path}?service=birch").status_code in {200, 404}
    assert "Birch" not in browser_of("svc").get(f"{path}?service=birch").text


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("role", ["sup", "host", "staff"])
def test_those_who_answer_for_no_service_are_refused(browser_of: Browser, path: str, role: str) -> None:
    assert browser_of(role).get(path).status_code == 403


def test_an_inspector_reads_no_figure_about_fewer_than_five(browser_of: Browser) -> None:
    client = browser_of("insp")

    outlook = words(client.get("/outlook").text)
    assert "Figures about fewer than 5 people are not shown" in outlook
    assert table(client, "/outlook/months.csv")[1:] == []
    assert "people are missing" not in client.get("/week").text
    changed = words(client.get(f"/changes?from={days_ago(5)}").text)
    assert "fewer than 5 people: not shown" in changed
    assert "Figures about fewer than 5 people" in words(client.get("/single-points").text)
    assert table(client, "/single-points/leavers.csv")[1:] == []


@pytest.mark.parametrize(
    "path",
    [
        "/week.{}",
        "/outlook/months.{}",
        "/outlook/falls.{}",
        "/changes/people.{}?show=all",
        "/changes/services.{}",
        "/single-points/holders.{}",
        "/single-points/assessors.{}",
        "/single-points/leavers.{}",
        "/people/ada/leaving.{}",
    ],
)
def test_the_workbook_says_what_the_csv_says(browser_of: Browser, one_first_aider: None, path: str) -> None:
    client = browser_of("hr")
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(path.format("xlsx")).data)).active
    cells = [list(row) for row in sheet.iter_rows(min_row=3)]

    assert [[cell.value or "" for cell in row] for row in cells] == table(client, path.format("csv"))
    assert {cell.data_type for row in cells for cell in row if cell.value} == {"s"}
    assert "as on" in sheet["A1"].value


def test_the_worst_are_shown_and_the_rest_are_one_link_away(
    browser_of: Browser, one_first_aider: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hanging, "FIRST_ROWS", 0)
    browser = browser_of("hr")
    competencies = len(table(browser, "/single-points/assessors.csv")) - 1

    short = browser.get("/single-points").text
    whole = browser.get("/single-points?whole=assessors").text

    assert competencies
    assert f"Show all {competencies}" in words(short)
    assert [page.count('href="/competencies/') for page in (short, whole)] == [0, competencies]
    assert "Show the first 0 only" in words(whole)
