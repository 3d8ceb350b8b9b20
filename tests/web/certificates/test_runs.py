"""Many certificates on the site: asked for on a page, made by the worker beside it, fetched in one file."""

import io
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
from flask import Flask
from sqlalchemy import Engine, func, select

from skillsmatrix.cli import _working_beside
from skillsmatrix.documents.keys import open_keys
from skillsmatrix.documents.verifying import verify_pdf
from skillsmatrix.domain.access import AccessRole
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import reading, writing
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.models import Account, Certificate, CertificateRun
from skillsmatrix.operations.accounts import grant_role
from tests.web import world
from tests.web.certificates.test_certificates import app
from tests.web.conftest import CheckedClient

__all__ = ["app"]

Browser = Callable[[str], CheckedClient]
ASK = "/certificates/runs/new?competency=med"
PATIENCE = 120.0


def run_of(hr: CheckedClient, *, once: str = "a", query: str = "") -> str:
    answer = hr.send(f"{ASK}{query}", once=once)
    assert re.fullmatch(r"/certificates/runs/\d+", answer.location or ""), answer.text
    return str(answer.location)


def wait_for(hr: CheckedClient, path: str, words: str) -> str:
    until = time.monotonic() + PATIENCE
    while words not in (page := hr.get(f"{path}/progress").text):
        assert time.monotonic() < until, page
        time.sleep(0.1)
    return page


def test_the_worker_beside_the_server_takes_a_run_up_and_the_files_are_good(
    app: Flask, browser_of: Browser, world_engine: Engine, tmp_path: Path
) -> None:
    hr = browser_of("hr")
    shown = hr.get(ASK).text
    people = re.search(r"(\d+) (?:person holds|people hold) it today", shown)
    assert people is not None
    settings = Settings(
        secret_key="k" * 64,
        database_url=world_engine.url.render_as_string(hide_password=False),
        uploads_dir=tmp_path / "uploads",
        keys_dir=tmp_path / "keys",
    )

    with _working_beside(settings):
        path = run_of(hr)
        assert run_of(hr) == path  # the same request, once more
        finished = wait_for(hr, path, "Finished")

    issued = int(people[1])
    assert issued >= 1
    assert f"{issued} of {issued} issued" in finished
    assert "hx-get" not in finished
    packed = zipfile.ZipFile(io.BytesIO(hr.get(f"{path}/certificates.zip").data))
    trusted = open_keys(settings.keys_dir).certificates
    files = [packed.read(name) for name in packed.namelist()]
    assert len(files) == issued
    assert all(
        verify_pdf(content, trusted_certificates=trusted, at=clock.now()).is_genuine for content in files
    )
    with pikepdf.open(io.BytesIO(hr.get(f"{path}/print.pdf").data)) as printed:
        assert len(printed.pages) == issued
    with reading(world_engine) as session:
        assert set(session.scalars(select(Certificate.pdf))) == set(files)
    assert path in hr.get("/certificates/runs").text


def test_a_run_that_nobody_works_on_waits_and_can_be_cancelled(
    app: Flask, browser_of: Browser, world_engine: Engine
) -> None:
    hr = browser_of("hr")
    path = run_of(hr, query="&services=alder")
    assert "Waiting to begin" in hr.get(path).text
    assert 'http-equiv="refresh"' in hr.get(path).text  # without JavaScript the page asks again by itself
    assert hr.get(f"{path}/certificates.zip").status_code == 404

    hr.send(f"{path}/cancel")

    assert "Cancelled" in hr.get(path).text
    assert hr.send(f"{path}/cancel").status_code == 302
    with reading(world_engine) as session:
        assert session.scalars(select(CertificateRun.state)).one() == "cancelled"
        assert session.scalar(select(func.count()).select_from(Certificate)) == 0


def test_a_run_is_hidden_from_others_and_asks_for_somebody(app: Flask, browser_of: Browser) -> None:
    hr = browser_of("hr")
    path = run_of(hr)

    assert browser_of("svc").get(path).status_code == 403
    assert browser_of("staff").get(f"{path}/print.pdf").status_code == 403
    nobody = hr.send("/certificates/runs/new?competency=med&services=nowhere", once="b")
    assert nobody.status_code == 200
    assert "Nobody there holds it today" in nobody.text


def test_nobody_issues_to_themself_in_a_run(app: Flask, browser_of: Browser, world_engine: Engine) -> None:
    everybody = browser_of("hr").get(ASK).text

    own = own_page(browser_of, world_engine)

    assert "Qanarysid" in everybody
    assert "Qanarysid" not in own.partition("<main")[2]


def own_page(browser_of: Browser, engine: Engine) -> str:
    """The page as Sid sees it, who is given human resources for the day."""
    with writing(engine) as session:
        account = session.scalars(select(Account).where(Account.email == world.email_of("staff"))).one()
        grant_role(
            session,
            account_id=account.id,
            role=AccessRole.HUMAN_RESOURCES,
            from_on=clock.today(),
            to_on=None,
            service_id=None,
            organisation_id=None,
            by="account:99",
            at=clock.now(),
        )
    return browser_of("staff").get(ASK).text
