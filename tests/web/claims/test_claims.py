"""Learning done elsewhere, from the photo of a certificate to the record, through the pages."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.models import Claim, Competency, Equivalence, Learning, Staff, Upload
from skillsmatrix.web.shared.formats import typed_day
from tests.domain.test_file_kinds import pdf, png
from tests.facts import add
from tests.web import world
from tests.web.conftest import CheckedClient
from tests.web.policy import ROUTES
from tests.web.test_every_route import Site, walk

Browsers = Callable[[str], CheckedClient]
DONE = clock.today() - timedelta(days=30)
CLAIM = {
    "competency": "med",
    "title": "Medicines 2",
    "provider": "Fenland Trust",
    "completed_on": typed_day(DONE),
    "reference": "F-17",
}


def hand_in(
    client: CheckedClient, staff: str, content: bytes | None = None, name: str = "c.pdf", **changes: str
) -> str:
    """Where the browser is led to; the page itself when the form is shown again."""
    fields: dict[str, object] = {**CLAIM, "once": "key-1", **changes}
    if content is not None:
        fields["evidence"] = (io.BytesIO(content), name)
    response = client.send(f"/people/{staff}/claims/new", **fields)
    return response.headers.get("Location") or response.text


def latest(engine: Engine) -> Claim:
    with reading(engine) as session:
        found = session.scalars(select(Claim).order_by(Claim.id.desc()).limit(1)).one()
        session.expunge(found)
        return found


def learnt(engine: Engine, reference: str = "F-17") -> list[Learning]:
    with reading(engine) as session:
        found = list(session.scalars(select(Learning).where(Learning.reference == reference)))
        session.expunge_all()
        return found


def agreed(engine: Engine, **changes: object) -> None:
    with writing(engine) as session:
        medicines = session.scalars(select(Competency.id).where(Competency.code == "med")).one()
        values = {
            "provider": "FENLAND trust",
            "title": "medicines 2",
            "competency_id": medicines,
            "level": 1,
            "valid_months": 18,
            "in_force_from": DONE,
            **changes,
        }
        add(session, Equivalence(**values))


def test_a_claim_waits_until_a_named_person_accepts_it(browser_of: Browsers, world_engine: Engine) -> None:
    assert hand_in(browser_of("staff"), "sid", pdf()) == "/people/sid/claims/2"
    accept = {"decision": "accept", "recent_enough": "y", "equal_standard": "y", "reason": "Seen"}

    response = browser_of("svc").send("/people/sid/claims/2/decide", **accept)

    assert response.status_code == 302
    (learning,) = learnt(world_engine)
    claim = latest(world_engine)
    assert (learning.completed_on, learning.provider) == (DONE, "Fenland Trust")
    assert (claim.state, claim.learning_id) == ("accepted", learning.id)
    assert "Decided by Account svc" in browser_of("staff").get("/people/sid/claims/2").text


def test_a_refusal_says_why(browser_of: Browsers, world_engine: Engine) -> None:
    manager = browser_of("svc")

    silent = manager.send("/people/sid/claims/1/decide", decision="refuse")
    manager.send("/people/sid/claims/1/decide", decision="refuse", reason="No practical part")

    assert "Say why it is refused" in silent.text
    refused = browser_of("staff").get("/people/sid/claims/1").text
    assert "No practical part" in refused
    assert 'href="/people/sid/claims/new">Hand in another certificate' in refused
    assert "Somebody has decided this already" in manager.get("/people/sid/claims/1/decide").text


@pytest.mark.parametrize("answers", [{}, {"recent_enough": "y"}, {"equal_standard": "y"}])
def test_both_questions_are_answered_before_anything_is_accepted(
    browser_of: Browsers, world_engine: Engine, answers: dict[str, str]
) -> None:
    response = browser_of("svc").send("/people/sid/claims/1/decide", decision="accept", **answers)

    assert "Answer both questions with yes" in response.text
    with reading(world_engine) as session:
        assert set(session.scalars(select(Claim.state))) == {"waiting"}


def test_nobody_decides_about_themself_or_about_what_they_entered(browser_of: Browsers) -> None:
    accept = {"decision": "accept", "recent_enough": "y", "equal_standard": "y"}

    own = browser_of("svc").send("/people/mia/claims/1/decide", **accept)
    entered = browser_of("hr").send("/people/sid/claims/1/decide", **accept)

    assert own.status_code == 403
    assert entered.status_code == 200
    assert "somebody else must decide" in entered.text


def test_an_agreed_rule_accepts_by_itself_and_is_shown_as_a_rule(
    browser_of: Browsers, world_engine: Engine
) -> None:
    agreed(world_engine)

    hand_in(browser_of("staff"), "sid", pdf(), valid_months="36")

    claim, (learning,) = latest(world_engine), learnt(world_engine)
    assert (claim.state, claim.decided_by) == ("accepted", "rule:equivalence:1")
    assert (learning.level, learning.valid_months, learning.completed_on) == (1, 18, DONE)
    page = browser_of("staff").get("/people/sid/claims/2").text
    assert "Accepted by the agreed rule" in page
    assert "Our shorter length governs" in page


@pytest.mark.parametrize(
    ("rule", "content"), [({"needs_observation": True}, pdf()), ({}, None), ({"valid_months": 1}, None)]
)
def test_a_rule_leaves_what_is_doubtful_or_must_be_seen_to_a_person(
    browser_of: Browsers, world_engine: Engine, rule: dict[str, object], content: bytes | None
) -> None:
    agreed(world_engine, **rule)

    hand_in(browser_of("staff"), "sid", content)

    assert latest(world_engine).state == "waiting"
    assert learnt(world_engine) == []


def test_an_observation_that_is_asked_for_must_be_on_record(
    browser_of: Browsers, world_engine: Engine
) -> None:
    agreed(world_engine, needs_observation=True)
    completed_on = typed_day(clock.today())
    hand_in(browser_of("staff"), "sid", pdf(), completed_on=completed_on)

    response = browser_of("svc").send(
        "/people/sid/claims/2/decide", decision="accept", recent_enough="y", equal_standard="y"
    )

    assert "asks for an observation here first" in response.text
    assert latest(world_engine).state == "waiting"


def test_the_same_file_or_number_for_two_people_is_said(browser_of: Browsers) -> None:
    hr = browser_of("hr")
    hand_in(hr, "sid", pdf(), once="a")
    hand_in(hr, "ada", pdf(), once="b")

    page = browser_of("svc").get("/people/ada/claims/2/decide").text

    assert "The very same file was handed in for somebody else" in page
    assert "the same certificate number" in page
    assert world.STAFF["sid"] not in page


def test_a_request_that_arrives_twice_makes_one_claim(browser_of: Browsers, world_engine: Engine) -> None:
    client = browser_of("staff")

    for _ in range(2):
        assert hand_in(client, "sid", pdf()) == "/people/sid/claims/2"

    with reading(world_engine) as session:
        assert len(session.scalars(select(Upload)).all()) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<html>not a certificate</html>", "Choose a PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Choose a PDF"),
        (png(60_000, 60_000), "opens to something too large"),
        (b"%PDF-1.7 no end", "damaged"),
    ],
)
def test_a_file_is_judged_by_what_is_in_it_and_what_was_typed_is_kept(
    browser_of: Browsers, world_engine: Engine, tmp_path: Path, content: bytes, says: str
) -> None:
    page = hand_in(browser_of("staff"), "sid", content)

    assert says in page
    assert 'value="Medicines 2"' in page
    assert list((tmp_path / "uploads").glob("*")) == []
    assert latest(world_engine).reference != "F-17"


@pytest.mark.parametrize(
    ("command", "says"),
    [(("false",), "something harmful"), (("/nowhere/scanner",), "could not be scanned")],
)
def test_a_scanner_that_objects_or_fails_keeps_the_file_out(
    make_app: Callable[..., Flask], world_engine: Engine, tmp_path: Path, command: tuple[str], says: str
) -> None:
    from tests.web.conftest import signed_in_client

    client = signed_in_client(make_app(scan_command=command), world_engine, "staff")

    assert says in hand_in(client, "sid", pdf())
    assert list((tmp_path / "uploads").glob("*")) == []


@pytest.mark.parametrize("name", ["../../wsgi.py", "..\\x.pdf", "C:\\a.pdf", "%2e%2e/x", "😀.pdf"])
def test_a_file_lies_under_our_own_name_whatever_it_was_called(
    browser_of: Browsers, world_engine: Engine, tmp_path: Path, name: str
) -> None:
    hand_in(browser_of("staff"), "sid", pdf(), name)

    (path,) = (tmp_path / "uploads").iterdir()
    assert len(path.name) == 36
    assert path.suffix == ".pdf"
    assert path.stat().st_mode & 0o777 == 0o600


def test_evidence_comes_as_an_attachment_that_no_browser_runs(
    browser_of: Browsers, world_engine: Engine
) -> None:
    hand_in(browser_of("staff"), "sid", pdf(), "my certificate.pdf")

    response = browser_of("svc").get("/people/sid/claims/2/file")

    assert response.data == pdf()
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "my certificate.pdf" in response.headers["Content-Disposition"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    assert response.mimetype == "application/pdf"


def test_who_may_open_evidence_is_what_the_matrix_says(
    app: Flask, world_engine: Engine, tmp_path: Path
) -> None:
    folder = tmp_path / "uploads"
    folder.mkdir()
    with writing(world_engine) as session:
        for claim, code in session.execute(select(Claim, Staff.code).join(Staff, Staff.id == Claim.staff_id)):
            (folder / f"{code}.pdf").write_bytes(pdf())
            upload = Upload(
                name=f"{code}.pdf",
                given_name="c.pdf",
                media_type="application/pdf",
                size=1,
                sha256=code,
                staff_id=claim.staff_id,
            )
            claim.upload_id = add(session, upload).id

    assert walk(Site(app, world_engine), "claims.evidence", ROUTES["claims.evidence"]) == []


def test_head_of_practice_agrees_and_ends_an_agreement(browser_of: Browsers, world_engine: Engine) -> None:
    client = browser_of("hcp")
    fields = {
        "provider": "Fenland Trust",
        "title": "Medicines 2",
        "competency": "med",
        "level": "2",
        "valid_months": "18",
        "needs_observation": "y",
        "in_force_from": "1/1/2025",
    }

    client.send("/claims/agreements/new", **fields)
    listed = client.get("/claims/agreements").text
    client.send("/claims/agreements/1/end")

    assert "level 2, for 18 months, after one observation here" in listed
    with reading(world_engine) as session:
        ended = session.scalars(select(Equivalence.in_force_to)).one()
    assert ended == clock.today() - timedelta(days=1)


def test_whoever_entered_a_claim_for_somebody_is_not_offered_to_decide_it(browser_of: Browsers) -> None:
    hand_in(browser_of("svc"), "sid")
    decide = 'href="/people/sid/claims/2/decide"'

    own, other = browser_of("svc").get("/claims").text, browser_of("hr").get("/claims").text

    assert "You entered it: somebody else decides" in own
    assert decide not in own
    assert decide in other
