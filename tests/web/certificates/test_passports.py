"""The passport on the site: for a leaver by HR, for oneself, and for whoever is handed it later."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import Engine, select

from skillsmatrix.documents.passport import bundle_faults
from skillsmatrix.foundation.database import reading
from skillsmatrix.models import AuditEntry, Passport
from skillsmatrix.operations.passports import MOST_A_DAY
from tests.web.certificates.test_certificates import app, issue, upload
from tests.web.conftest import CheckedClient, signed_in_client

__all__ = ["app"]

Browser = Callable[[str], CheckedClient]


def numbers(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(Passport.number).order_by(Passport.id)))


def bundle(client: CheckedClient, path: str) -> zipfile.ZipFile:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert bundle_faults(answer.data) == []
    return zipfile.ZipFile(io.BytesIO(answer.data))


def test_hr_makes_one_for_a_leaver_and_anybody_can_check_it(
    app: Flask, browser_of: Browser, client: CheckedClient, world_engine: Engine
) -> None:
    certificate, pdf = issue(app, world_engine)
    hr = browser_of("hr")

    answers = [hr.send("/people/sid/passport", once="a") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    (number,) = numbers(world_engine)
    files = bundle(hr, f"/people/sid/passport/{number}.zip")
    assert files.read(f"certificates/{certificate}.pdf") == pdf
    record = json.loads(files.read("passport.json"))
    assert record["holder"].endswith("Qanarysid")
    assert [row["Number"] for row in record["sections"]["certificates"]] == [certificate]
    assert [row["Competency"] for row in record["sections"]["competencies"]] == ["Medicines"]
    assert "absences" not in record["sections"]
    by_file = upload(client, files.read("passport.pdf")).text
    by_number = client.get(f"/verify/{number}").text
    for page in (by_file, by_number):
        assert "A genuine passport" in page
        assert "Qanarysid" in page
    assert "Fingerprint" in by_file
    assert "Fingerprint" not in by_number
    with reading(world_engine) as session:
        kinds = list(session.scalars(select(AuditEntry.kind)))
    assert kinds.count("passport_made") == 1


def test_one_takes_ones_own_record_along_and_nobody_elses(
    app: Flask, browser_of: Browser, world_engine: Engine
) -> None:
    staff, hr = browser_of("staff"), browser_of("hr")
    hr.send("/people/ada/passport", once="hers")

    made = staff.send("/me/passport", once="mine")

    hers, own = numbers(world_engine)
    assert made.status_code == 302
    assert bundle(staff, f"/me/passport/{own}.zip").namelist()
    assert staff.get(f"/me/passport/{hers}.zip").status_code == 404
    assert staff.get(f"/people/ada/passport/{hers}.zip").status_code == 404
    assert hr.get(f"/people/sid/passport/{hers}.zip").status_code == 404


def test_it_says_when_enough_were_made_in_a_day(
    app: Flask, browser_of: Browser, world_engine: Engine
) -> None:
    hr = browser_of("hr")
    for number in range(MOST_A_DAY):
        assert hr.send("/people/sid/passport", once=f"key {number}").status_code == 302

    refused = hr.send("/people/sid/passport", once="one more")

    assert refused.status_code == 200
    assert f"{MOST_A_DAY} were made in the last 24 hours" in refused.text
    assert len(numbers(world_engine)) == MOST_A_DAY


def test_without_keys_every_page_says_so_before_the_form_and_names_no_folder(
    make_app: Callable[..., Flask], world_engine: Engine
) -> None:
    hr: Any = signed_in_client(make_app(), world_engine, "hr")

    for path in ("/people/sid/passport", "/people/sid/certificates/new/med", "/certificates/runs/new"):
        page = hr.get(path)
        assert "python3 -m skillsmatrix certificates keys" in page.text
        assert "/keys" not in page.text
    for path in ("/people/sid/passport", "/people/sid/certificates/new/med"):
        assert '<form method="post"' not in hr.get(path).text.split("<main", 1)[1]
        assert hr.send(path, once="k").status_code == 200
    assert numbers(world_engine) == []
