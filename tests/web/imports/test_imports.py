"""Importing on a page: looked at first, then all of it or nothing, once, and only one's own file."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from skillsmatrix.models import AuditEntry, EarlierVersion, Organisation
from tests.web.conftest import CheckedClient
from tests.web.services.test_services import words

Browser = Callable[[str], CheckedClient]

ORGANISATIONS = "organisation,name,kind\nHOME,Harbour Homes and Gardens,charity\nNEW,New Friends,charity\n"


def package(**tables: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in tables.items():
            archive.writestr(f"{name}.csv", text)
    return out.getvalue()


def hand_in(client: CheckedClient, body: bytes, name: str = "package.zip") -> TestResponse:
    return client.post(
        "/imports",
        data={"csrf_token": client.token(), "file": (io.BytesIO(body), name)},
        content_type="multipart/form-data",
    )


def seen(client: CheckedClient, address: str) -> str:
    """What the form under the preview says of it; nothing where there is no form."""
    found = re.search(r'name="seen"[^>]*value="(\w+)"', client.get(address).text)
    return found[1] if found else ""


def commit(client: CheckedClient, address: str, **fields: str) -> TestResponse:
    """Look at the preview and import what it shows."""
    return client.send(f"{address}/commit", **{"seen": seen(client, address), **fields})


def names(engine: Engine) -> dict[str, str]:
    with Session(engine) as session:
        return {row.code: row.name for row in session.scalars(select(Organisation))}


def waiting(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "uploads").rglob("*") if path.is_file()]


def test_a_file_that_is_no_package_is_called_by_its_own_name(browser_of: Browser) -> None:
    client = browser_of("hr")

    address = hand_in(client, b"Dear colleague, please find", "letter to all.docx").location
    page = words(client.get(address).text)

    assert "letter to all.docx is not a data package: that is a folder of CSV files" in page
    assert address.rsplit("/", 1)[1] not in page


def test_large_counts_have_their_thousands_marked(browser_of: Browser) -> None:
    client = browser_of("hr")
    rows = "".join(f"O{number},Organisation {number},charity\n" for number in range(1200))

    address = hand_in(client, package(organisations="organisation,name,kind\n" + rows)).location
    commit(client, address)

    assert "1,200 rows added, 0 corrected, 0 unchanged." in words(client.get("/imports").text)


def test_the_preview_says_what_would_change_and_stores_nothing(
    browser_of: Browser, world_engine: Engine
) -> None:
    client = browser_of("hr")
    before = names(world_engine)

    address = hand_in(client, package(organisations=ORGANISATIONS)).location
    page = words(client.get(address).text)

    assert "Organisations 1 1 0" in page
    assert "Name: is Harbour Homes, would be Harbour Homes and Gardens" in page
    assert "organisation NEW; name New Friends" in page
    assert names(world_engine) == before


def test_an_import_keeps_what_was_before_and_why(
    browser_of: Browser, world_engine: Engine, tmp_path: Path
) -> None:
    client = browser_of("hr")
    address = hand_in(client, package(organisations=ORGANISATIONS)).location

    answer = commit(client, address, reason="The charity was renamed")

    assert answer.status_code == 302
    assert names(world_engine)["HOME"] == "Harbour Homes and Gardens"
    assert names(world_engine)["NEW"] == "New Friends"
    with Session(world_engine) as session:
        assert session.scalars(select(EarlierVersion.reason)).all() == ["The charity was renamed"]
    assert "1 row added, 1 corrected, 0 unchanged" in words(client.get("/imports").text)
    assert waiting(tmp_path) == []


def test_sending_it_twice_imports_it_once(browser_of: Browser, world_engine: Engine) -> None:
    client = browser_of("hr")
    address = hand_in(client, package(organisations=ORGANISATIONS)).location
    commit(client, address)

    again = commit(client, address)

    assert again.status_code == 302
    with Session(world_engine) as session:
        imports = select(func.count()).where(AuditEntry.kind == "package_imported")
        assert session.scalar(imports) == 1


def test_what_is_recorded_already_is_said_to_be(browser_of: Browser) -> None:
    client = browser_of("hr")
    text = "organisation,name\nHOME,Harbour Homes\n"

    page = client.get(hand_in(client, package(organisations=text)).location).text

    assert "There is nothing to import" in page
    assert "Import all of it" not in page


def test_faults_are_listed_grouped_and_offered_as_a_file(browser_of: Browser, world_engine: Engine) -> None:
    client = browser_of("hr")
    rows = "".join(f"s{number},Person,nowhere,2026-13-01\n" for number in range(150))
    staff = f"staff,family_name,employer,employed_from\n{rows}"
    before = names(world_engine)

    address = hand_in(client, package(staff=staff, organisations=ORGANISATIONS)).location
    page = words(client.get(address).text)
    file = client.get(f"{address}/faults.csv").data.decode("utf-8-sig")

    assert "Mend the faults in the file" in page
    assert "300 faults" in page
    assert "staff employed_from a real day" in page
    assert "The first 100, one by one" in page
    assert len(file.splitlines()) == 301
    commit(client, address)
    assert names(world_engine) == before


@pytest.mark.parametrize("body", [b"not a package", b"PK\x03\x04 broken", b"", package(notes="a,b\n1,2\n")])
def test_what_is_no_package_is_refused_in_words(browser_of: Browser, body: bytes) -> None:
    client = browser_of("hr")

    page = client.get(hand_in(client, body).location).text

    assert "This file cannot be imported yet" in page


def test_a_form_without_a_file_says_so(browser_of: Browser) -> None:
    client = browser_of("hr")

    page = client.send("/imports").text

    assert "Choose a file" in page


def test_a_file_is_its_accounts_own(browser_of: Browser) -> None:
    address = hand_in(browser_of("hr"), package(organisations=ORGANISATIONS)).location
    other = browser_of("hr_adm")

    assert other.get(address).status_code == 404
    assert commit(other, address).status_code == 404
    assert other.get("/imports/..%2Fhr").status_code == 404
    assert other.get(f"/imports/{'0' * 32}").status_code == 404


def test_a_file_can_be_thrown_away(browser_of: Browser, tmp_path: Path) -> None:
    client = browser_of("hr")
    address = hand_in(client, package(organisations=ORGANISATIONS)).location
    assert waiting(tmp_path)

    client.send(f"{address}/discard")

    assert waiting(tmp_path) == []
    assert client.get(address).status_code == 404


def test_a_file_that_the_scanner_refuses_is_not_kept(
    make_app: Callable[..., Flask], world_engine: Engine, tmp_path: Path
) -> None:
    from tests.web.conftest import signed_in_client

    client = signed_in_client(make_app(scan_command=("/bin/false",)), world_engine, "hr")

    page = hand_in(client, package(organisations=ORGANISATIONS)).text

    assert "the scanner would not let it pass" in page
    assert waiting(tmp_path) == []


def test_a_missing_token_imports_nothing(browser_of: Browser, world_engine: Engine) -> None:
    client = browser_of("hr")
    address = hand_in(client, package(organisations=ORGANISATIONS)).location
    before = names(world_engine)

    assert client.post(f"{address}/commit").status_code == 400
    assert names(world_engine) == before
