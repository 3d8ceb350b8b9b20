"""The worker: takes up background work until it is stopped. Any number of them, on any number of machines."""

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from urllib.parse import urlsplit

from sqlalchemy import Engine

from skillsmatrix.documents.digest_mail import DIGEST_PATH
from skillsmatrix.documents.keys import open_keys
from skillsmatrix.foundation import clock
from skillsmatrix.foundation.database import writing
from skillsmatrix.foundation.paths import TEMPLATES
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.foundation.smtp import MailServer
from skillsmatrix.operations.account_links import LINK_JOB, Sender, answer_request, with_links
from skillsmatrix.operations.certificate_office import CertificateOffice
from skillsmatrix.operations.certificate_revocations import REVOKE_JOB, do_revocations
from skillsmatrix.operations.certificate_runs import RUN_JOB, do_run
from skillsmatrix.operations.certificates import CHECKPOINT_JOB, make_checkpoint
from skillsmatrix.operations.digests import DIGEST_JOB, write_digests
from skillsmatrix.operations.jobs import HeldJob, end_job, fail_job, keep_job, take_job
from skillsmatrix.operations.mails import PostOffice, send_mail
from skillsmatrix.operations.regular import REGULAR_JOBS, STRAYS_JOB, want_regular_work
from skillsmatrix.operations.rules import RULES_JOB, put_in_force
from skillsmatrix.operations.seats import OFFER_JOB, settle_offers
from skillsmatrix.operations.uploads import clear_strays
from skillsmatrix.queries.unsent_mails import SEND_JOB

RENDERERS = 2  # children that draw pages; signing keeps about one processor busy besides

log = logging.getLogger(__name__)

# What a kind of job does: it gets the job and a question, "may I go on?"; what it returns is kept.
Handler = Callable[[HeldJob, Callable[[], bool]], Mapping[str, object]]


def handlers(engine: Engine, settings: Settings) -> dict[str, Handler]:
    """Every kind of job there is, and what does it. Without a mail server, mail waits for one."""
    found: dict[str, Handler] = {
        OFFER_JOB: lambda _job, _go_on: _pass_on_offers(engine),
        RUN_JOB: lambda job, go_on: _issue_many(engine, settings, int(job.key), go_on),
        REVOKE_JOB: lambda job, go_on: do_revocations(engine, int(job.key), go_on=go_on, now=clock.now),
        RULES_JOB: lambda _job, _go_on: _put_rules_in_force(engine),
        CHECKPOINT_JOB: lambda _job, _go_on: _close_the_day(engine, settings),
        DIGEST_JOB: lambda job, go_on: _write_digests(engine, settings, job, go_on),
        STRAYS_JOB: lambda _job, _go_on: _clear_strays(engine, settings),
    }
    office = _post_office(settings)
    if office is not None:
        found[SEND_JOB] = lambda job, go_on: send_mail(
            engine, office, int(job.key), go_on=go_on, now=clock.now
        )
        found[LINK_JOB] = lambda job, _go_on: _answer_who_forgot(engine, settings, job)
    return found


def _answer_who_forgot(engine: Engine, settings: Settings, job: HeldJob) -> Mapping[str, object]:
    sender = Sender(settings.secret_key, settings.public_url, _host(settings), settings.organisation_name)
    with writing(engine) as session:
        return answer_request(session, sender, job.key, by="worker", at=clock.now())


def _issue_many(
    engine: Engine, settings: Settings, run_id: int, go_on: Callable[[], bool]
) -> Mapping[str, object]:
    with CertificateOffice(settings, TEMPLATES, workers=RENDERERS) as office:
        return do_run(engine, office, run_id, go_on=go_on, now=clock.now)


def _close_the_day(engine: Engine, settings: Settings) -> Mapping[str, object]:
    keys = open_keys(settings.keys_dir).newest
    with writing(engine) as session:
        return {"checkpoint": make_checkpoint(session, keys, by="worker", at=clock.now())}


def _write_digests(
    engine: Engine, settings: Settings, job: HeldJob, go_on: Callable[[], bool]
) -> Mapping[str, object]:
    if settings.smtp_url is None:
        return {"mails": 0, "why": "no mail server is set up"}
    return write_digests(
        engine,
        date.fromisoformat(job.key),
        public_url=settings.public_url,
        host=_host(settings),
        go_on=go_on,
        now=clock.now,
    )


def _clear_strays(engine: Engine, settings: Settings) -> Mapping[str, object]:
    with writing(engine) as session:
        return {"files": clear_strays(session, settings.uploads_dir, by="worker", at=clock.now())}


def _post_office(settings: Settings) -> PostOffice | None:
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    server = MailServer(settings.smtp_url, here=_host(settings))
    page = settings.public_url + DIGEST_PATH
    return PostOffice(
        server,
        settings.mail_from,
        settings.organisation_name,
        page,
        completed=lambda body: with_links(
            body, secret_key=settings.secret_key, public_url=settings.public_url
        ),
    )


def _host(settings: Settings) -> str:
    return urlsplit(settings.public_url).hostname or "localhost"


def _put_rules_in_force(engine: Engine) -> Mapping[str, object]:
    with writing(engine) as session:
        return {"changes": put_in_force(session, on=clock.today(), by="worker", at=clock.now())}


def _pass_on_offers(engine: Engine) -> Mapping[str, object]:
    with writing(engine) as session:
        return {"dates": settle_offers(session, by="worker", at=clock.now())}


class Worker:
    """Does jobs one after another. `stop` lets it finish what it holds.

    One that can do the work that comes round by itself asks for it, on each day on which it runs.
    """

    def __init__(self, engine: Engine, handlers: Mapping[str, Handler], *, idle_seconds: float = 2.0) -> None:
        self.engine = engine
        self.handlers = handlers
        self.idle_seconds = idle_seconds
        self._regular = set(REGULAR_JOBS) <= set(handlers)
        self._asked_on: date | None = None
        self.name = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
        self._stopping = threading.Event()

    def stop(self, *_signal: object) -> None:
        self._stopping.set()

    def run(self) -> None:
        """Work until stopped; signals of the main thread stop it too."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self.stop)
        while not self._stopping.is_set():
            self.ask_for_regular_work()
            if not self.work_once():
                self._stopping.wait(self.idle_seconds)

    def ask_for_regular_work(self) -> None:
        """Once on each day, the first one included."""
        today = clock.today()
        if self._regular and self._asked_on != today:
            with writing(self.engine) as session:
                want_regular_work(session, by="worker", at=clock.now())
            self._asked_on = today

    def work_once(self, *, ahead: timedelta = timedelta(0)) -> bool:
        """Do the next job that is due; False when there is none. `ahead`: as if it were so much later."""
        with writing(self.engine) as session:
            job = take_job(session, kinds=tuple(self.handlers), by=self.name, at=clock.now() + ahead)
        if job is None:
            return False
        try:
            outcome = self.handlers[job.kind](job, lambda: self._keep(job))
        except Exception as error:
            log.exception("job %s of kind %s failed", job.id, job.kind)
            with writing(self.engine) as session:
                fail_job(
                    session,
                    job.id,
                    by=self.name,
                    at=clock.now() + ahead,
                    why=f"{type(error).__name__}: {error}",
                )
        else:
            with writing(self.engine) as session:
                end_job(session, job.id, by=self.name, at=clock.now() + ahead, outcome=outcome)
        return True

    def _keep(self, job: HeldJob) -> bool:
        with writing(self.engine) as session:
            return keep_job(session, job.id, by=self.name, at=clock.now()) and not self._stopping.is_set()
