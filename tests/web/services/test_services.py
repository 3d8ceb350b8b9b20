"""Services and one service: what to do first, the same in every form, and nothing beyond one's reach."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import Engine, select

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.models import Competency, Exemption, Service, Staff
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.web.services import routes
from tests.facts import add
from tests.web import world
from tests.web.conftest import CheckedClient

Browser = Callable[[str], CheckedClient]


def words(html: str) -> str:
    """The text of a page on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


def links(html: str, pattern: str) -> list[str]:
    return re.findall(rf'href="({pattern})"', html)


def test_the_page_begins_with_the_hard_stops_that_are_not_met(browser_of: Browser) -> None:
    page = browser_of("hr").get("/services").text

    first = page.index("Make these safe first")
    assert first < page.index("Alder is not safe to run") < page.index("<table")
    assert "Fire safety : 1 of 4 needed, 3 short" in words(page)


def test_the_day_on_which_it_closes_is_a_sentence_of_its_own(
    browser_of: Browser, world_engine: Engine
) -> None:
    with writing(world_engine) as session:
        alder = session.scalars(select(Service).where(Service.code == "alder")).one()
        alder.closes_on = clock.today() + timedelta(days=90)

    page = re.sub(r"</?a\b[^>]*>", "", browser_of("hr").get("/services/alder").text)

    assert re.search(r"Contact, region, opening, closing\.\s+Closes on", page)


def test_a_long_list_comes_in_pages_and_names_the_worst_services_only_on_the_first(
    browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "SERVICES_PAGE", 2)
    monkeypatch.setattr(routes, "NAMED_FIRST", 1)
    browser = browser_of("hr")

    first, second, beyond = (browser.get(f"/services?page={number}").text for number in (1, 2, 9))

    assert first.count("is not safe to run") == 1
    assert "more services with something unsafe" in words(first)
    assert links(first, r"/services\?unsafe=y")
    assert "Page 1 of 2" in words(first)
    assert "is not safe to run" not in second
    rows = [set(links(page[page.index("<tbody") :], r"/services/\w+")) for page in (first, second)]
    assert rows[0].isdisjoint(rows[1])
    assert len(rows[0] | rows[1]) == 4
    assert words(beyond) == words(second)


def test_a_percentage_never_stands_without_its_count(browser_of: Browser) -> None:
    page = words(browser_of("hr").get("/services").text)

    found = re.findall(r"(\S+ of \S+)? \( ?[\d.]+% ?\)", page)
    assert found
    assert all(found)


def test_filters_are_in_the_address(browser_of: Browser) -> None:
    page = browser_of("hr").get("/services?q=birch").text

    assert links(page, "/services/birch")
    assert not links(page, "/services/alder")


def test_only_services_with_a_hard_stop_not_met_can_be_asked_for(browser_of: Browser) -> None:
    tomorrow_of_nothing = world.LONG_AGO - timedelta(days=1)
    page = browser_of("hr").get(f"/services?unsafe=y&on={tomorrow_of_nothing.isoformat()}").text

    assert "No service matches" in page


def test_a_day_that_is_none_is_refused_and_not_answered_for_today(browser_of: Browser) -> None:
    assert browser_of("hr").get("/services?on=31/2/2026").status_code == 400


def test_a_page_about_a_day_to_come_says_what_it_assumes(browser_of: Browser) -> None:
    ahead = (clock.today() + timedelta(days=10)).isoformat()

    for path in ("/services", "/services/alder", "/people/ada"):
        assert "supervision is taken to go on" in browser_of("hr").get(f"{path}?on={ahead}").text
        assert "supervision is taken to go on" not in browser_of("hr").get(path).text


def test_a_host_learns_nothing_about_people_who_are_not_lent_to_them(browser_of: Browser) -> None:
    page = words(browser_of("host").get("/services").text)
    matrix = words(browser_of("host").get("/services/ward").text)

    assert "open it to see your people there" in page  # one person: no figure
    assert "%" not in page
    assert "Figures about fewer than 5 people are not shown" in matrix
    assert "not safe" not in matrix
    assert "1 person and" in matrix


def test_a_supervisor_sees_the_people_supervised_and_not_the_cover(browser_of: Browser) -> None:
    page = browser_of("sup").get("/services/alder").text

    assert "Qanaryada" in page
    assert "Qanarymia" not in page
    assert 'id="cover"' not in page
    assert "not safe to run" not in page


def test_the_gap_says_who_could_close_it_and_how(browser_of: Browser) -> None:
    page = words(browser_of("svc").get("/services/alder").text)

    assert "Alder is not safe to run these activities" in page
    assert "Sid Qanarysid Not held Complete the learning." in page
    assert "Medicines: 2 of 4 needed, 2 short" in page.replace(" :", ":")
    assert "Ada Qanaryada Suspended" in page


def test_what_is_short_leads_to_who_could_close_it(browser_of: Browser) -> None:
    page = browser_of("svc").get("/services/alder").text

    assert page.count('href="/services/alder/needs/fire"') == 2  # in the red box and in the table of cover


def test_whoever_is_exempt_is_told_apart_from_who_lacks_it(browser_of: Browser, world_engine: Engine) -> None:
    with writing(world_engine) as session:
        who = session.scalars(select(Staff.id).where(Staff.code == "sid")).one()
        fire = session.scalars(select(Competency.id).where(Competency.code == "fire")).one()
        about = {"staff_id": who, "competency_id": fire}
        year = {"starts_on": clock.today(), "ends_on": clock.today() + timedelta(days=200)}
        add(session, Exemption(**about, **year, approved_by="Head of practice"))
        refresh(session, staff_ids=[who], by="test", at=clock.now())

    page = words(browser_of("svc").get("/services/alder/needs/fire").text)

    assert "1 of 3 needed, 2 short" in page
    assert "1 person is exempt and not counted." in page


def test_every_cell_opens_its_reasons_and_the_page_of_a_cell_stands_alone(browser_of: Browser) -> None:
    client = browser_of("svc")
    cells = links(client.get("/services/alder").text, '/services/alder/people/[^"]+')

    assert len(cells) == 8  # four people and two competencies
    for address in cells:
        page = client.get(address)
        assert page.status_code == 200
        assert "Why it is asked" in page.text
        assert "Evidence up to this day" in page.text


def test_a_cell_opened_by_htmx_is_a_part_of_a_page(browser_of: Browser) -> None:
    part = browser_of("svc").get("/services/alder/people/ada/med", headers={"HX-Request": "true"}).text

    assert "<html" not in part
    assert "Everybody in every service" in words(part)
    assert "Signed off, level 1" in part
    assert "Pat Plain" in part


def test_reasons_name_the_need_the_evidence_and_what_would_change_it(browser_of: Browser) -> None:
    page = words(browser_of("svc").get("/services/alder/people/ada/fire").text)

    assert page.index("What would change it: Renew the learning") < page.index("Expiring")
    assert page.index("Needed in every house") < page.index("Learning, level 1")


def test_somebody_who_does_not_work_there_has_no_cell_there(browser_of: Browser) -> None:
    client = browser_of("hr")

    assert client.get("/services/alder/people/cyn/med").status_code == 404
    assert client.get("/services/alder/people/ada/magic").status_code == 404


def test_the_list_says_the_same_as_the_matrix(browser_of: Browser) -> None:
    client = browser_of("svc")
    for filters in ("", "&gaps=y", "&standing=valid", "&q=fire"):
        matrix = client.get(f"/services/alder?x=1{filters}").text
        listed = client.get(f"/services/alder?view=list{filters}").text

        cell = r"/services/alder/people/[^\"]+"
        assert sorted(links(matrix, cell)) == sorted(links(listed, cell))
        assert links(matrix, cell)


def test_only_gaps_leaves_out_what_is_in_order(browser_of: Browser) -> None:
    page = browser_of("svc").get("/services/alder?gaps=y").text

    assert "app-standing--valid" not in page.partition('class="app-matrix"')[2]
    assert "app-standing--not_held" in page


def test_a_filter_that_nothing_meets_says_so(browser_of: Browser) -> None:
    assert "Nothing matches" in browser_of("svc").get("/services/alder?q=zzz").text


@pytest.mark.parametrize("view", ["", "?view=list"])
def test_the_csv_holds_what_is_shown_and_runs_nothing(browser_of: Browser, view: str) -> None:
    client = browser_of("svc")
    response = client.get(f"/services/alder/matrix.csv{view}")

    rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))
    shown = len(links(client.get(f"/services/alder{view}").text, '/services/alder/people/[^"]+'))
    if view:
        assert len(rows) - 1 == shown
    else:
        assert sum(bool(cell) for row in rows[1:] for cell in row[2:]) == shown
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert "attachment" in response.headers["Content-Disposition"]


def test_the_workbook_holds_matrix_and_cover_as_text(browser_of: Browser) -> None:
    body = browser_of("svc").get("/services/alder/matrix.xlsx").data

    book = openpyxl.load_workbook(io.BytesIO(body))
    assert book.sheetnames == ["Matrix", "Cover"]
    assert "Made by Mia Qanarymia" in str(book["Matrix"]["A1"].value)
    assert all(
        cell.data_type == "s" for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    )
    names = [row[0].value for row in book["Matrix"].iter_rows(min_row=4)]
    assert "Ada Qanaryada" in names


def test_a_supervisors_workbook_has_no_cover(browser_of: Browser) -> None:
    body = browser_of("sup").get("/services/alder/matrix.xlsx").data

    assert openpyxl.load_workbook(io.BytesIO(body)).sheetnames == ["Matrix"]


def test_an_inspector_sees_no_figure_about_fewer_than_five(browser_of: Browser) -> None:
    page = words(browser_of("insp").get("/services/alder").text)

    assert "Fewer than 5 people: figures not shown" in page
    assert "of 4 needed" not in page
    assert "Fire safety" in page.partition("not safe to run")[2]


def test_what_was_known_then_goes_on_to_every_cell(browser_of: Browser) -> None:
    client = browser_of("svc")
    page = client.get("/services/alder?known_at=1/2/2025").text

    cells = links(page, '/services/alder/people/[^"]+')
    assert "As known on 1 February 2025" in page
    assert cells
    assert all(address.endswith("?known_at=1%2F2%2F2025") for address in cells)
    assert "As known on 1 February 2025" in client.get(cells[0]).text
    assert "As known now." not in client.get("/services/alder").text
    assert "As known now." in client.get("/services/alder?on=1/2/2025").text
