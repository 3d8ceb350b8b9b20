"""Revoking many on the site: one person asks, another says yes or no, whoever checks is told."""

import re
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, func, select

from skillsmatrix.foundation.database import reading
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.models import Certificate, CertificateRun
from skillsmatrix.operations.certificate_revocations import REVOKE_JOB
from skillsmatrix.worker import Worker, handlers
from tests.web.certificates.test_certificates import app, issue, told
from tests.web.conftest import CheckedClient

__all__ = ["app"]

Browser = Callable[[str], CheckedClient]
ASK = "/certificates/revocations/new?competency=med"
WHY = {"kind": "key_lost", "reason": "A laptop with the key was lost", "once": "a"}


def path_of(answer: object) -> str:
    location = getattr(answer, "location", "")
    assert re.fullmatch(r"/certificates/revocations/\d+", location), location
    return str(location)


def work(engine: Engine, tmp_path: Path) -> bool:
    settings = Settings(
        secret_key="k" * 64,
        database_url=str(engine.url),
        uploads_dir=tmp_path / "uploads",
        keys_dir=tmp_path / "keys",
    )
    kinds = handlers(engine, settings)
    return Worker(engine, {REVOKE_JOB: kinds[REVOKE_JOB]}).work_once()


def test_one_asks_another_confirms_and_whoever_checks_is_told(
    app: Flask, browser_of: Browser, client: CheckedClient, world_engine: Engine, tmp_path: Path
) -> None:
    number, _pdf = issue(app, world_engine)
    hr, second = browser_of("hr"), browser_of("hr_adm")
    shown = hr.get(ASK).text
    assert "1 certificate would be revoked" in shown
    assert "Qanarysid" in shown

    path = path_of(hr.send(ASK, **WHY))
    assert path_of(hr.send(ASK, **WHY)) == path
    assert "Confirm" not in hr.get(path).text
    hr.send(f"{path}/confirm")
    assert not work(world_engine, tmp_path)
    assert told(client, number) == "Genuine and current"

    assert "waits for a second person" in second.get("/certificates").text
    assert "waits for a second person" not in hr.get("/certificates").text
    page = second.get(path).text
    assert "A laptop with the key was lost" in page
    assert "Waits for a second person" in page
    assert second.send(f"{path}/confirm").status_code == 302
    assert "Waiting to begin" in second.get(f"{path}/progress").text
    assert "waits for a second person" not in second.get("/certificates").text
    assert work(world_engine, tmp_path)

    assert told(client, number).startswith("Revoked on")
    assert "laptop" not in client.get(f"/verify/{number}").text
    assert "1 of 1 revoked" in hr.get(path).text
    assert path in hr.get("/certificates/revocations").text


def test_refused_is_refused(app: Flask, browser_of: Browser, world_engine: Engine, tmp_path: Path) -> None:
    issue(app, world_engine)
    hr, second = browser_of("hr"), browser_of("hr_adm")
    path = path_of(hr.send(ASK, **WHY))

    second.send(f"{path}/refuse")
    late = second.post(f"{path}/confirm", data={"csrf_token": second.token()}, follow_redirects=True)

    assert "confirmed or refused already" in late.text
    assert not work(world_engine, tmp_path)
    with reading(world_engine) as session:
        assert session.scalars(select(CertificateRun.state)).one() == "cancelled"
        revoked = select(func.count()).where(Certificate.revoked_at.is_not(None))
        assert session.scalar(revoked) == 0


def test_it_is_not_for_others_and_never_a_run_of_certificates(
    app: Flask, browser_of: Browser, world_engine: Engine
) -> None:
    issue(app, world_engine)
    path = path_of(browser_of("hr").send(ASK, **WHY))
    run = path.replace("revocations", "runs")

    head = browser_of("hcp")  # may issue and revoke one, not many
    assert head.get(path).status_code == 403
    assert head.send(f"{path}/confirm").status_code == 403
    assert head.get(run).status_code == 404
    assert head.send(f"{run}/cancel").status_code == 404


def test_a_filter_is_needed_and_so_is_a_reason(app: Flask, browser_of: Browser, world_engine: Engine) -> None:
    issue(app, world_engine)
    hr = browser_of("hr")

    everything = hr.send("/certificates/revocations/new", **WHY)
    without_reason = hr.send(ASK, **{**WHY, "reason": ""})

    assert (everything.status_code, without_reason.status_code) == (200, 200)
    assert "No certificate was found" in everything.text
    assert "Say why it is revoked" in without_reason.text
    with reading(world_engine) as session:
        assert session.scalar(select(func.count()).select_from(CertificateRun)) == 0
