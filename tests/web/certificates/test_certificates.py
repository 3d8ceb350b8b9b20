"""Certificates on the site: issued once, downloaded by their holder, checked by anybody, true about today."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update

from skillsmatrix.documents.keys import make_keys, open_keys
from skillsmatrix.documents.signing import PdfSeal
from skillsmatrix.domain.calendar import add_months
from skillsmatrix.domain.certificate import RevocationKind
from skillsmatrix.domain.explanation import in_words
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.foundation.paths import TEMPLATES
from skillsmatrix.models import Certificate, CertificateCheck, Competency, Learning, Staff, Suspension
from skillsmatrix.operations.certificate_office import CertificateOffice
from skillsmatrix.operations.certificates import issue_certificate, revoke_certificate
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.queries.certificate_awards import Award, award
from skillsmatrix.web.verify.limits import ALTOGETHER, FROM_ONE_ADDRESS
from tests.facts import add
from tests.web.conftest import CheckedClient

BROWSER = Callable[[str], CheckedClient]
PUBLIC_URL = "https://certificates.example.org"


@pytest.fixture
def app(make_app: Callable[..., Flask], tmp_path: Path) -> Iterator[Flask]:
    """The application with keys of its own; the children that render end with the test."""
    make_keys(tmp_path / "keys", issuer="Harbour Homes", at=clock.now())
    made = make_app(public_url=PUBLIC_URL)
    yield made
    office = made.extensions["skillsmatrix.certificate_office"]
    if isinstance(office, CertificateOffice):
        office.close()
    reader = made.extensions.get("skillsmatrix.file_reader")
    if reader is not None:
        reader.close()


def issue(app: Flask, engine: Engine, staff: str = "sid", key: str = "test") -> tuple[str, bytes]:
    """Issue a certificate in Medicines as the pages do; its number and bytes."""
    with app.app_context(), reading(engine) as session:
        wanted = award(session, on=clock.today(), **_ids(session, staff))
    assert isinstance(wanted, Award)
    settings = app.extensions["skillsmatrix.certificate_office"]
    with CertificateOffice(settings, TEMPLATES) as office:
        page = office.draw(wanted, on=clock.today(), at=clock.now(), taken=set())
    with writing(engine) as session:
        issue_certificate(session, page, request_key=key, by="account:1", at=clock.now())
    return page.facts.number, page.pdf


def _ids(session: Any, staff: str) -> dict[str, int]:
    return {
        "staff_id": session.scalars(select(Staff.id).where(Staff.code == staff)).one(),
        "competency_id": session.scalars(select(Competency.id).where(Competency.code == "med")).one(),
    }


def told(client: CheckedClient, number: str) -> str:
    answer = client.get(f"/verify/{number}")
    assert answer.status_code == 200
    found = re.search(r"<h1[^>]*>(.*?)</h1>", answer.text, re.DOTALL)
    assert found is not None
    return unescape(found[1].strip())


def upload(client: CheckedClient, content: bytes) -> Any:
    return client.post(
        "/verify", data={"csrf_token": client.token(), "document": (io.BytesIO(content), "certificate.pdf")}
    )


def test_hr_issues_a_certificate_once_and_its_holder_downloads_it(
    browser_of: BROWSER, world_engine: Engine
) -> None:
    hr = browser_of("hr")
    page = hr.get("/people/sid/certificates/new/med")
    once = re.search(r'name="once"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="once"', page.text)
    assert once is not None
    assert "Medicines" in page.text
    sent = {"once": once[1] or once[2]}

    answers = [hr.send("/people/sid/certificates/new/med", **sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    with reading(world_engine) as session:
        number, pdf = session.execute(select(Certificate.number, Certificate.pdf)).one()
    own = browser_of("staff").get(f"/people/sid/certificates/{number}/certificate.pdf")
    assert own.data == pdf
    assert own.headers["Content-Disposition"].startswith("attachment")
    assert browser_of("svc_birch").get(own.request.path).status_code == 404
    again = hr.get("/people/sid/certificates/new/med").text
    assert "There is a certificate that says the same" in again


@pytest.mark.parametrize(("person", "why"), [("ada", "It is suspended"), ("ben", "nobody has signed it off")])
def test_the_page_says_why_there_can_be_none(browser_of: BROWSER, person: str, why: str) -> None:
    answer = browser_of("hr").get(f"/people/{person}/certificates/new/med")

    assert why in answer.text
    assert "Issue it" not in answer.text


def test_whoever_checks_is_told_what_it_is_worth_today(
    app: Flask, client: CheckedClient, world_engine: Engine
) -> None:
    number, pdf = issue(app, world_engine)
    answers = [told(client, number)]
    assert "Qanarysid" in client.get(f"/verify/{number.lower().replace('-', ' ')}").text
    assert "Genuine and current" in upload(client, pdf).text
    for place in (20, len(pdf) // 2, len(pdf) - 20):
        changed = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
        assert "Not genuine" in upload(client, changed).text
    assert "Not genuine" in upload(client, pdf + b"\n%more\n").text
    assert "not a PDF" in upload(client, b"hello").text

    with writing(world_engine) as session:
        found = _ids(session, "sid")
        add(session, Suspension(**found, starts_on=clock.today(), reason="Hidden words"))
    answers.append(told(client, number))
    with writing(world_engine) as session:
        kept = session.scalars(select(Certificate)).one()
        revoke_certificate(
            session,
            certificate_id=kept.id,
            kind=RevocationKind.ISSUED_IN_ERROR,
            reason="Secret reason",
            by="account:1",
            at=clock.now(),
        )
    answers.append(told(client, number))
    last = client.get(f"/verify/{number}").text

    assert answers[:2] == ["Genuine and current", "Genuine, but suspended today"]
    assert answers[2].startswith("Revoked on")
    assert "It was issued in error" in last
    assert "Secret reason" not in last
    assert "Hidden words" not in last
    assert PUBLIC_URL in last
    with reading(world_engine) as session:
        ways = list(session.scalars(select(CertificateCheck.way)))
    assert ways == ["number", "number", "file", "number", "number", "number"]


def test_a_stranger_is_not_told_the_number_of_the_certificate_that_took_its_place(
    app: Flask, client: CheckedClient, browser_of: BROWSER, world_engine: Engine
) -> None:
    first, pdf = issue(app, world_engine)
    with writing(world_engine) as session:
        session.execute(update(Staff).where(Staff.code == "sid").values(given_name="Sidney"))
    second, _pdf = issue(app, world_engine, key="newer")

    shown = [client.get(f"/verify/{first}"), upload(client, pdf)]
    published = ["/badges/status/revocation", "/badges/status/suspension", "/.well-known/did.json"]
    own = browser_of("staff").get(f"/people/sid/certificates/{first}").text

    for page in shown:
        assert "Genuine, but replaced on" in page.text
        assert "ask its holder for the newer one" in page.text
    for answer in [*shown, *(client.get(path) for path in published)]:
        assert answer.status_code == 200
        assert second not in answer.text
        assert second.replace("-", "") not in answer.text
    assert f"/people/sid/certificates/{second}" in own


def test_whoever_checks_is_told_of_an_end_that_was_made_earlier_than_printed(
    app: Flask, client: CheckedClient, browser_of: BROWSER, world_engine: Engine
) -> None:
    _change_learning(world_engine, completed_on=clock.today() - timedelta(days=100), valid_months=12)
    number, _pdf = issue(app, world_engine)
    before = told(client, number)

    _change_learning(world_engine, valid_months=6)
    shorter = add_months(clock.today() - timedelta(days=100), 6)
    page = client.get(f"/verify/{number}").text
    own = browser_of("staff").get(f"/people/sid/certificates/{number}").text
    answers = [before, told(client, number)]
    _change_learning(world_engine, valid_months=1)
    over = add_months(clock.today() - timedelta(days=100), 1)
    answers.append(told(client, number))

    assert answers == [
        "Genuine and current",
        f"Genuine, and by today's record valid to {in_words(shorter)}",
        f"Genuine, but not current: by today's record it ended on {in_words(over)}",
    ]
    assert f"it ends on {in_words(shorter)}, earlier than the certificate says" in page
    assert f"to {in_words(add_months(clock.today() - timedelta(days=100), 12))}" in page
    assert f"Current, by today&#39;s record to {in_words(shorter)}" in own


def _change_learning(engine: Engine, **values: Any) -> None:
    """Write the completions of Medicines by Sid anew."""
    with writing(engine) as session:
        found = _ids(session, "sid")
        where = (Learning.staff_id == found["staff_id"], Learning.competency_id == found["competency_id"])
        session.execute(update(Learning).where(*where).values(**values))
        refresh(session, staff_ids=[found["staff_id"]], by="account:1", at=clock.now())


def test_the_signature_of_another_file_is_told_from_a_changed_one(
    app: Flask, client: CheckedClient, world_engine: Engine, tmp_path: Path
) -> None:
    _number, pdf = issue(app, world_engine)
    seal = PdfSeal(open_keys(tmp_path / "keys").newest)
    unsigned = pdf[: pdf.index(b"%%EOF\n") + 6]
    other = seal.signed(unsigned, issuer="Harbour Homes", reason="Another", at=clock.now())

    def gap(content: bytes) -> tuple[int, int]:
        start = content.index(b"/Contents <") + len(b"/Contents <")
        return start, content.index(b">", start)

    start, end = gap(pdf)
    lifted = other[slice(*gap(other))]
    swapped = pdf[:start] + lifted + pdf[end:]

    assert len(swapped) == len(pdf)
    assert "Its signature belongs to another file" in upload(client, swapped).text
    changed = swapped[:9000] + bytes([swapped[9000] ^ 1]) + swapped[9001:]
    assert "It was changed after it was signed" in upload(client, changed).text


def test_unknown_and_malformed_numbers_look_the_same(client: CheckedClient) -> None:
    asked = ["0000-0000-0000-0000-0000-0000-0000", "x", "a/b", "%F0%9F%98%80", "1" * 300]

    answers = [client.get(f"/verify/{each}") for each in asked] + [client.get("/verify?number=nothing")]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1


def test_answers_are_kept_and_indexed_nowhere_and_tell_no_other_site(client: CheckedClient) -> None:
    headers = client.get("/verify/x").headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in headers["X-Robots-Tag"]


def test_one_address_may_ask_thirty_times_a_minute(client: CheckedClient) -> None:
    codes = [client.get("/verify/x").status_code for _ in range(31)]
    elsewhere = client.get("/verify/x", environ_base={"REMOTE_ADDR": "192.0.2.9"})

    assert codes == [404] * 30 + [429]
    assert elsewhere.status_code == 404


def test_what_is_published_lets_others_check(app: Flask, client: CheckedClient) -> None:
    pem = client.get("/verify/issuer.pem").text
    listed = client.get("/badges/status/revocation").json
    did = client.get("/.well-known/did.json").json

    assert pem.startswith("-----BEGIN CERTIFICATE-----")
    assert listed
    assert did
    assert listed["credentialSubject"]["statusPurpose"] == "revocation"
    assert did["id"] == "did:web:certificates.example.org"
    assert client.get("/badges/status/other").status_code == 404
    assert client.get("/log/checkpoint").status_code == 404
    assert "PRIVATE" not in pem + client.get("/log/keys.pem").text


def test_hr_revokes_and_the_reason_is_needed(app: Flask, browser_of: BROWSER, world_engine: Engine) -> None:
    number, _pdf = issue(app, world_engine)
    hr = browser_of("hr")
    path = f"/people/sid/certificates/{number}/revoke"

    without = hr.send(path, kind="other", reason="")
    with_reason = hr.send(path, kind="other", reason="Wrong person")

    assert (without.status_code, with_reason.status_code) == (200, 302)
    assert "Wrong person" in hr.get(f"/people/sid/certificates/{number}").text
    assert "Wrong person" not in browser_of("staff").get(f"/people/sid/certificates/{number}").text
    assert hr.get(f"/people/ada/certificates/{number}").status_code == 404


def test_a_status_list_is_made_anew_only_when_something_changed(
    app: Flask, client: CheckedClient, world_engine: Engine
) -> None:
    issue(app, world_engine)
    lists = [client.get("/badges/status/suspension") for _ in range(2)]
    tag = lists[0].headers["ETag"]

    same = client.get("/badges/status/suspension", headers={"If-None-Match": tag})
    with writing(world_engine) as session:
        found = _ids(session, "sid")
        add(session, Suspension(**found, starts_on=clock.today(), reason="Stopped"))
        refresh(session, staff_ids=[found["staff_id"]], by="account:1", at=clock.now())
    changed = client.get("/badges/status/suspension", headers={"If-None-Match": tag})

    assert lists[0].data == lists[1].data
    assert lists[0].headers["Cache-Control"] == "no-cache"
    assert (same.status_code, same.data) == (304, b"")
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag
    before, after = lists[0].json, changed.json
    assert before is not None
    assert after is not None
    assert before["credentialSubject"]["encodedList"] != after["credentialSubject"]["encodedList"]


def test_the_ways_to_ask_share_one_limit_and_all_askers_another(
    app: Flask, client: CheckedClient, world_engine: Engine
) -> None:
    paths = [
        "/verify/x",
        "/verify?number=x",
        "/verify/issuer.pem",
        "/badges/status/revocation",
        "/log/keys.pem",
    ]
    codes = [client.get(paths[number % len(paths)]).status_code for number in range(FROM_ONE_ADDRESS + 1)]
    dropped = upload(client, b"hello")

    def from_elsewhere(number: int) -> int:
        address = {"REMOTE_ADDR": f"198.51.{number // 200}.{number % 200}"}
        return client.get("/verify/x", environ_base=address).status_code

    rest = [from_elsewhere(number) for number in range(ALTOGETHER - FROM_ONE_ADDRESS + 1)]

    assert 429 not in codes[:-1]
    assert (codes[-1], dropped.status_code) == (429, 429)
    assert set(rest[:-1]) == {404}
    assert rest[-1] == 429
    assert dropped.headers["Retry-After"] == "60"
