"""Filling an empty database with the invented organisation, through the same doors as anybody's data."""

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from skillsmatrix.demonstration import (
    DemonstrationAccount,
    demonstration_accounts,
    demonstration_corrections,
    demonstration_package,
    demonstration_regions,
    demonstration_supervisors,
    demonstration_week,
)
from skillsmatrix.domain.access import AccessRole
from skillsmatrix.domain.sign_in import fold_email
from skillsmatrix.interchange.package import read_package
from skillsmatrix.interchange.writing import write_folder
from skillsmatrix.models import Account, Organisation, Service, Staff, SupervisionAgreement
from skillsmatrix.operations.accounts import create_account, grant_role
from skillsmatrix.operations.conclusions import refresh
from skillsmatrix.operations.demonstration_week import store_working_week
from skillsmatrix.operations.imports import import_package
from skillsmatrix.operations.versions import correct, record

PASSWORD = "three quiet herons"  # noqa: S105 printed at every start: it opens the demonstration only
SUPERVISION_EVERY_DAYS = 42  # the default of rule SUP-02 in the supervision rules of the catalogue


@dataclass(frozen=True, slots=True)
class SignIn:
    """One way into the demonstration."""

    email: str
    display_name: str
    roles: tuple[str, ...]


def is_empty(session: Session) -> bool:
    """Nothing has ever been recorded here: no organisation, no staff, no account."""
    return not any(
        session.scalar(select(func.count()).select_from(model)) for model in (Organisation, Staff, Account)
    )


def load_demonstration(
    session: Session, seed_folder: Path, *, on: date, by: str, at: datetime
) -> list[SignIn]:
    """Import the invented organisation as of the day `on`, make its sign-ins, and store what is under way.

    Returns the sign-ins.
    """
    _import(session, demonstration_package(seed_folder, on=on), by=by, at=at)
    _import(
        session,
        demonstration_corrections(seed_folder, on=on),
        by=by,
        at=at,
        reason="Corrected from the staff file",
    )
    say_regions(session, demonstration_regions(seed_folder), by=by, at=at)
    _agree_supervision(session, demonstration_supervisors(seed_folder, on=on), on=on, by=by, at=at)
    accounts = demonstration_accounts(seed_folder, on=on)
    for account in accounts:
        _open(session, account, by=by, at=at)
    store_working_week(session, demonstration_week(seed_folder, on=on), on=on, by=by, at=at)
    return [_sign_in(account) for account in accounts]


def say_regions(session: Session, regions: Mapping[str, str], *, by: str, at: datetime) -> bool:
    """Say where services lie, by their codes; False when it is said already. It changes nobody's standing."""
    services = session.scalars(select(Service).where(Service.code.in_(regions)).order_by(Service.code)).all()
    changed = [
        correct(
            session,
            service,
            {"region": regions[service.code]},
            "service_corrected",
            by=by,
            at=at,
            reason="A data package does not say where a service lies",
        )
        for service in services
    ]
    if any(changed):
        refresh(session, staff_ids=(), by=by, at=at)
    return any(changed)


def sign_ins_present(session: Session, seed_folder: Path, *, on: date) -> list[SignIn]:
    """The ways into a demonstration that is there already; none in a database of anybody else's."""
    taken = set(session.scalars(select(Account.email)))
    found = [_sign_in(account) for account in demonstration_accounts(seed_folder, on=on)]
    return [each for each in found if fold_email(each.email) in taken]


def _sign_in(account: DemonstrationAccount) -> SignIn:
    return SignIn(
        account.email,
        account.display_name,
        tuple(grant.role.name.lower().replace("_", " ") for grant in account.grants),
    )


def _import(
    session: Session,
    tables: Mapping[str, Iterable[Mapping[str, str]]],
    *,
    by: str,
    at: datetime,
    reason: str | None = None,
) -> None:
    with tempfile.TemporaryDirectory(prefix="skillsmatrix-") as scratch:
        folder = Path(scratch) / "package"
        write_folder(tables, folder)
        import_package(session, read_package(folder), by=by, at=at, reason=reason)


def _agree_supervision(
    session: Session, supervisors: Mapping[str, str], *, on: date, by: str, at: datetime
) -> None:
    ids = {row.code: row.id for row in session.execute(select(Staff.code, Staff.id))}
    for supervisee, supervisor in sorted(supervisors.items()):
        if supervisee != supervisor:
            agreement = SupervisionAgreement(
                supervisee_id=ids[supervisee],
                supervisor_id=ids[supervisor],
                kind="clinical",
                every_days=SUPERVISION_EVERY_DAYS,
                starts_on=on.replace(month=1, day=1),
            )
            record(session, agreement, "supervision_agreed", by=by, at=at, staff_id=ids[supervisee])


def _open(session: Session, account: DemonstrationAccount, *, by: str, at: datetime) -> None:
    staff = select(Staff.id).where(Staff.code == account.staff_code)
    account_id = create_account(
        session,
        email=account.email,
        display_name=account.display_name,
        staff_id=session.scalar(staff) if account.staff_code else None,
        password=PASSWORD,
        by=by,
        at=at,
    )
    for grant in account.grants:
        organisation = select(Organisation.id).where(Organisation.code == grant.organisation)
        organisation_id = session.scalar(organisation) if grant.organisation else None
        for service in grant.services or (None,):
            if grant.role is not AccessRole.STAFF:  # it follows from the staff record
                grant_role(
                    session,
                    account_id=account_id,
                    role=grant.role,
                    from_on=grant.from_on,
                    to_on=grant.to_on,
                    service_id=session.scalar(select(Service.id).where(Service.code == service)),
                    organisation_id=organisation_id,
                    by=by,
                    at=at,
                )
