"""A thousand people get a certificate: the run of the site itself, from the database and back into it."""

import os
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, select

from skillsmatrix.documents.keys import make_keys
from skillsmatrix.documents.verifying import verify_pdf
from skillsmatrix.foundation import clock, migrations
from skillsmatrix.foundation.database import make_engine, reading, writing
from skillsmatrix.foundation.paths import TEMPLATES
from skillsmatrix.foundation.settings import Settings
from skillsmatrix.models import (
    Base,
    Certificate,
    Competency,
    Course,
    Learning,
    Organisation,
    Post,
    Role,
    Service,
    SignOff,
    Staff,
)
from skillsmatrix.operations.certificate_office import CertificateOffice
from skillsmatrix.operations.certificate_runs import ask_for_run, do_run
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.queries.certificate_awards import Award, awards

Row = TypeVar("Row", bound=Base)

BY = "benchmark"
LONG_AGO = date(2020, 1, 1)
MEDICINES: dict[str, Any] = {
    "code": "CS-MED",
    "title": "Administration of medicines in supported housing",
    "framework": "Medicines and physical health",
    "needs_learning": True,
    "needs_sign_off": True,
    "learning_months": 36,
    "sign_off_months": 12,
    "boundary": "Does not cover controlled drugs or injections. A registered nurse decides these.",
}
GIVEN = ("Siân", "Ọláwálé", "Małgorzata", "Thị Ánh", "Noor", "Harpreet", "Llŷr", "Grace", "Tomasz", "Amina")


@dataclass
class Bulk:
    """What a run took: wall and processor seconds, and what each child held at each tenth, in MB."""

    count: int
    children: int
    seconds: float = 0.0
    processor_seconds: float = 0.0
    genuine: int = 0
    sample: int = 0
    memory: list[list[int]] = field(default_factory=list)


def issue_in_bulk(count: int, *, children: int = 2) -> Bulk:
    """Issue so many certificates in one run on SQLite; the first pages of each child are not counted."""
    measured = Bulk(count, children)
    with (
        _practice(count) as (engine, settings, people, competency_id),
        CertificateOffice(settings, TEMPLATES, workers=children) as office,
    ):
        _warm(engine, office, people[: 2 * children], competency_id)
        with writing(engine) as session:
            run_id = ask_for_run(
                session,
                staff_ids=people,
                competency_id=competency_id,
                wanted={"competency": "CS-MED"},
                request_key="benchmark",
                by=BY,
                at=clock.now(),
            )
        every, asked = max(1, count // 100), 0

        def go_on() -> bool:  # asked after every ten certificates
            nonlocal asked
            asked += 1
            if asked % every == 0:
                measured.memory.append([_megabytes(one) for one in office.process_ids])
            return True

        started, spent = time.monotonic(), _processor_seconds(office.process_ids)
        do_run(engine, office, run_id, go_on=go_on, now=clock.now)
        measured.seconds = time.monotonic() - started
        measured.processor_seconds = _processor_seconds(office.process_ids) - spent
        _look_again(engine, office, measured)
    return measured


@contextmanager
def _practice(count: int) -> Iterator[tuple[Engine, Settings, list[int], int]]:
    """A database with so many people who hold one competency, and keys to sign with."""
    with tempfile.TemporaryDirectory(prefix="skillsmatrix-bench-") as folder:
        root = Path(folder)
        settings = Settings(
            secret_key="k" * 64,
            database_url=f"sqlite:///{root}/bench.db",
            uploads_dir=root / "uploads",
            keys_dir=root / "keys",
            public_url="https://skills.example.org",
            organisation_name="Brightwater Supported Housing",
            signatory="Nguyễn Thị Ánh",
            signatory_title="Head of Clinical Practice",
        )
        make_keys(settings.keys_dir, issuer=settings.organisation_name, at=datetime.now(UTC))
        migrations.migrate(settings.database_url)
        engine = make_engine(settings.database_url)
        yield engine, settings, *_fill(engine, count)
        engine.dispose()


def _fill(engine: Engine, count: int) -> tuple[list[int], int]:
    """Ids of the people who hold the competency, and of the competency."""
    at = clock.now()
    stamp: dict[str, Any] = {"recorded_at": at, "version_from": at, "recorded_by": BY}
    with writing(engine) as session:

        def add(row: Row) -> Row:
            session.add(row)
            session.flush()
            return row

        home = add(Organisation(code="HOME", name="Brightwater", **stamp))
        run_by = {"organisation_id": home.id, "opens_on": LONG_AGO}
        place = add(Service(code="ALDER", name="Alder House", **run_by, **stamp))
        role = add(Role(code="SW", name="Support worker", **stamp))
        competency = add(Competency(**MEDICINES, **stamp))
        course = add(Course(code="MED", title="Safe handling of medicines", hours=6, **stamp))
        people = [_person(number, home.id, stamp) for number in range(count + 1)]
        session.add_all(people)
        session.flush()
        assessor, *holders = [person.id for person in people]
        for holder in holders:
            session.add_all(_facts_of(holder, place.id, role.id, competency.id, course.id, assessor, stamp))
        refresh(session, staff_ids=None, by=BY, at=at)
        return holders, competency.id


def _person(number: int, employer: int, stamp: dict[str, Any]) -> Staff:
    return Staff(
        code=f"P{number:05}",
        given_name=GIVEN[number % len(GIVEN)],
        family_name=f"Okafor-{number}",
        employer_id=employer,
        employed_from=LONG_AGO,
        **stamp,
    )


def _facts_of(
    holder: int, place: int, role: int, competency: int, course: int, assessor: int, stamp: dict[str, Any]
) -> Iterator[Base]:
    """A post, a completed course and a sign-off."""
    done, seen = date(clock.today().year - 1, 12, 1), date(clock.today().year, 1, 5)
    skill = {"staff_id": holder, "competency_id": competency}
    yield Post(
        staff_id=holder,
        service_id=place,
        role_id=role,
        basis="permanent",
        starts_on=LONG_AGO,
        **stamp,
    )
    yield Learning(**skill, completed_on=done, course_id=course, reference="", **stamp)
    yield SignOff(**skill, level=2, assessed_on=seen, outcome="competent", assessor_id=assessor, **stamp)


def _warm(engine: Engine, office: CertificateOffice, people: list[int], competency_id: int) -> None:
    with reading(engine) as session:
        found = awards(session, staff_ids=people, competency_id=competency_id, on=clock.today())
    possible = [each for each in found.values() if isinstance(each, Award)]
    if len(possible) != len(people):
        raise SystemExit("the people of this benchmark do not hold what they are to be certified in")
    list(office.draw_many(possible, on=clock.today(), at=clock.now(), taken=()))


def _look_again(engine: Engine, office: CertificateOffice, measured: Bulk) -> None:
    """Every certificate is there, and a sample of them is genuine."""
    with reading(engine) as session:
        ids = list(session.scalars(select(Certificate.id).order_by(Certificate.id)))
        if len(ids) != measured.count:
            raise SystemExit(f"{len(ids)} of {measured.count} certificates were issued")
        for number in ids[:: max(1, len(ids) // 20)]:
            pdf = session.scalars(select(Certificate.pdf).where(Certificate.id == number)).one()
            found = verify_pdf(pdf, trusted_certificates=office.ring.certificates, at=clock.now())
            measured.sample += 1
            measured.genuine += found.is_genuine


def _processor_seconds(children: list[int]) -> float:
    """What this process and its children have used, those that were replaced included."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    ticks = 0
    for process in children:
        after_name = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += int(after_name[11]) + int(after_name[12])
    return time.process_time() + ended.ru_utime + ended.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def _megabytes(process: int) -> int:
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 // 1_000_000
