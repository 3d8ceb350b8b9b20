"""Figures about fewer than five people, and names of people not lent: the same on pages and in files."""

import csv
import io
import re
from collections.abc import Callable, Iterator

import openpyxl
from sqlalchemy import Engine

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.models import Assessment, Exemption
from tests.facts import add
from tests.web.conftest import CheckedClient
from tests.web.practice_world import medicines, staff_id
from tests.web.services.test_services import words

Browser = Callable[[str], CheckedClient]
OF = re.compile(r"\d+ of \d+")


def rows_of(client: CheckedClient, path: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(client.get(path).data.decode("utf-8-sig"))))


def cells_of(client: CheckedClient, path: str) -> Iterator[str]:
    book = openpyxl.load_workbook(io.BytesIO(client.get(path).data))
    return (str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)


def figures(page: str, label: str) -> list[str]:
    return re.findall(rf'data-label="{label}">([^<]*)<', page)


def test_the_cover_of_a_small_team_has_no_figures_for_an_inspector(browser_of: Browser) -> None:
    client = browser_of("insp")

    rows = rows_of(client, "/services/alder/cover.csv")
    sheet = list(cells_of(client, "/services/alder/matrix.xlsx"))

    assert [row[0] for row in rows[1:]] == ["Fire safety", "Medicines", "Medicines"]
    assert all(set(row[4:10]) == {"fewer than 5 people"} and row[10] == "" for row in rows[1:])
    assert sheet.count("fewer than 5 people") == 18
    assert not figures(client.get("/services/alder").text, "Held")


def test_whoever_answers_for_it_reads_the_same_figures(browser_of: Browser) -> None:
    client = browser_of("svc")

    assert rows_of(client, "/services/alder/cover.csv")[1][4:7] == ["4", "1", "3"]
    assert figures(client.get("/services/alder").text, "Held") == ["1", "2", "2"]


def test_the_matrix_of_services_says_the_word_and_not_the_number(browser_of: Browser) -> None:
    client = browser_of("insp")

    rows = rows_of(client, "/matrix.csv")

    assert rows[1] == ["Alder", "Not safe", "Not safe"]
    assert not OF.search(words(client.get("/matrix").text))
    assert not any(OF.search(cell) for cell in cells_of(client, "/matrix.xlsx"))


def test_a_sum_leaves_out_what_is_about_few(browser_of: Browser) -> None:
    whole, few = (browser_of(persona).get("/services?q=alder").text for persona in ("svc", "insp"))

    assert figures(whole, "Run out in 30 days") == ["1"]  # ada, in Fire safety
    assert figures(few, "Run out in 30 days") == ["0"]
    assert "requirements about fewer are left out" in few
    assert "requirements about fewer are left out" not in whole


def test_a_host_is_told_no_name_of_anybody_else_on_any_page_or_file(
    browser_of: Browser, world_engine: Engine
) -> None:
    with writing(world_engine) as session:
        eve, med = staff_id(session, "eve"), medicines(session)
        add(
            session,
            Assessment(
                staff_id=eve,
                competency_id=med,
                level=1,
                assessor_id=staff_id(session, "pat"),
                assessed_on=clock.today(),
                criteria_seen='{"version": null, "seen": [], "not_seen": []}',
                outcome="not_yet",
                next_steps="Practise",
            ),
        )
        exempt = {"staff_id": eve, "competency_id": med, "starts_on": clock.today()}
        add(session, Exemption(**exempt, ends_on=clock.today(), approved_by="Pat Plain"))
    client = browser_of("host")

    pages = ["/people/eve", "/people/eve/competencies/med", "/people/eve/assessments", "/services/ward"]
    read = [client.get(path).text for path in pages]
    read += [client.get(f"/services/ward/matrix.csv{view}").text for view in ("", "?view=list")]
    read += cells_of(client, "/services/ward/matrix.xlsx")

    assert any("a colleague at their employer" in text for text in read)
    assert not [text for text in read if "Pat" in text]
