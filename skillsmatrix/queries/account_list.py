"""Accounts as those see them who look after them: names, addresses, roles and states; nothing of training."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from skillsmatrix.domain.access import AccessRole
from skillsmatrix.domain.sign_in import fold_email, mailbox
from skillsmatrix.domain.trust import WIDE_ROLES, AccountState, account_state
from skillsmatrix.models import (
    Account,
    AccountGrant,
    AccountLink,
    Organisation,
    RoleRequest,
    Service,
    Staff,
)
from skillsmatrix.queries.holder_names import HOLDER_NAME
from skillsmatrix.queries.people import folded


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account, named by the staff record where it has one.

    `last_day`: of employment, or of somebody from outside; None: no end.
    """

    account_id: int
    email: str
    display_name: str
    staff: str | None
    state: AccountState
    last_day: date | None
    created_at: datetime
    disabled_at: datetime | None

    @property
    def usable(self) -> bool:
        return self.state in (AccountState.ACTIVE, AccountState.NOT_ACTIVATED)

    @property
    def activated(self) -> bool:
        return self.state is AccountState.ACTIVE


@dataclass(frozen=True, slots=True)
class GivenRole:
    """A role of an account, in force or not, and what it is limited to."""

    number: int
    account_id: int
    role: AccessRole
    service: str | None
    service_name: str | None
    organisation: str | None
    organisation_name: str | None
    from_on: date
    to_on: date | None
    by: str

    def covers(self, on: date) -> bool:
        """True from the first to the last day, both counted."""
        return self.from_on <= on and (self.to_on is None or on <= self.to_on)

    def over(self, on: date) -> bool:
        """True from the day after the last one."""
        return self.to_on is not None and self.to_on < on


@dataclass(frozen=True, slots=True)
class WaitingRole:
    """A role that was asked for; it gives nothing until a second administrator confirms it."""

    terms: GivenRole
    account_name: str
    account_email: str
    staff: str | None
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A one-time link that still works."""

    made_at: datetime
    expires_at: datetime
    by_mail: bool
    made_by: str


def account_lines(session: Session, *, on: date) -> list[AccountLine]:
    """Every account, by name."""
    found = [_line(row, on) for row in session.execute(_accounts())]
    return sorted(found, key=lambda line: (folded(line.display_name), line.email))


def account_line(session: Session, account_id: int, *, on: date) -> AccountLine | None:
    """One account; None when there is none such."""
    row = session.execute(_accounts().where(Account.id == account_id)).one_or_none()
    return None if row is None else _line(row, on)


def account_with_mailbox(session: Session, email: str) -> int | None:
    """The account whose mail goes where this address's mail goes, however it is spelt; None without one."""
    folded, plain = fold_email(email), mailbox(email)
    local, _at, domain = plain.rpartition("@")
    alike = Account.email.startswith(f"{local}+", autoescape=True) & Account.email.endswith(
        f"@{domain}", autoescape=True
    )
    rows = session.execute(
        select(Account.id, Account.email).where(or_(Account.email.in_({folded, plain}), alike))
    ).all()
    same = sorted((address != folded, number) for number, address in rows if mailbox(address) == plain)
    return same[0][1] if same else None


def account_of_staff(session: Session, staff_id: int) -> int | None:
    """The account of a member of staff; None when there is none yet."""
    return session.scalar(
        select(Account.id).where(Account.staff_id == staff_id).order_by(Account.id).limit(1)
    )


def roles_of(session: Session, account_ids: Collection[int]) -> dict[int, list[GivenRole]]:
    """Account → every role it was ever given, the first day first; accounts without one are absent."""
    rows = session.execute(
        select(AccountGrant, Service, Organisation)
        .outerjoin(Service, Service.id == AccountGrant.service_id)
        .outerjoin(Organisation, Organisation.id == AccountGrant.organisation_id)
        .where(AccountGrant.account_id.in_(list(account_ids)))
        .order_by(AccountGrant.from_on, AccountGrant.id)
    )
    found: defaultdict[int, list[GivenRole]] = defaultdict(list)
    for grant, service, organisation in rows:
        found[grant.account_id].append(_given(grant, service, organisation, by=grant.granted_by))
    return dict(found)


def holds_wide_role(given: Iterable[GivenRole], *, on: date) -> bool:
    """True when one of the roles reaches everybody, on the day or later."""
    return any(each.role in WIDE_ROLES and not each.over(on) for each in given)


def waiting_roles(session: Session, *, account_id: int | None = None) -> list[WaitingRole]:
    """What waits for a second administrator, the oldest first; of one account, or of all."""
    statement = _asked_for().where(RoleRequest.outcome.is_(None))
    if account_id is not None:
        statement = statement.where(RoleRequest.account_id == account_id)
    return [_waiting(row) for row in session.execute(statement)]


def role_asked_for(session: Session, request_id: int) -> WaitingRole | None:
    """One request for a role, answered or not; None when there is none such."""
    row = session.execute(_asked_for().where(RoleRequest.id == request_id)).one_or_none()
    return None if row is None else _waiting(row)


def _asked_for() -> Select[RoleRequest, Service, Organisation, Account, str, str]:
    return (
        select(RoleRequest, Service, Organisation, Account, Staff.code, HOLDER_NAME)
        .join(Account, Account.id == RoleRequest.account_id)
        .outerjoin(Staff, Staff.id == Account.staff_id)
        .outerjoin(Service, Service.id == RoleRequest.service_id)
        .outerjoin(Organisation, Organisation.id == RoleRequest.organisation_id)
        .order_by(RoleRequest.id)
    )


def _waiting(row: Row[RoleRequest, Service, Organisation, Account, str, str]) -> WaitingRole:
    asked, service, organisation, account, staff, name = row
    return WaitingRole(
        _given(asked, service, organisation, by=asked.asked_by),
        name,
        account.email,
        staff,
        asked.asked_at,
    )


def administrators(session: Session, *, on: date) -> list[AccountLine]:
    """The accounts that may be used on the day and hold the technical administrator's role; by name."""
    holding = select(AccountGrant.account_id).where(
        AccountGrant.role == AccessRole.ADMINISTRATOR.value,
        AccountGrant.organisation_id.is_(None),
        AccountGrant.from_on <= on,
        or_(AccountGrant.to_on.is_(None), AccountGrant.to_on >= on),
    )
    found = [_line(row, on) for row in session.execute(_accounts().where(Account.id.in_(holding)))]
    return sorted((line for line in found if line.usable), key=lambda line: folded(line.display_name))


def open_link(session: Session, account_id: int, *, at: datetime) -> OpenLink | None:
    """The link with which the account's password can be set now; None when there is none."""
    row = session.scalars(
        select(AccountLink)
        .where(
            AccountLink.account_id == account_id,
            AccountLink.ended_at.is_(None),
            AccountLink.expires_at > at,
        )
        .order_by(AccountLink.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else OpenLink(row.made_at, row.expires_at, row.by_mail, row.made_by)


def last_link_used(session: Session, account_id: int) -> tuple[datetime, str] | None:
    """When the password was last set through a link, and who made that link; None when it never was."""
    row = session.execute(
        select(AccountLink.ended_at, AccountLink.made_by)
        .where(AccountLink.account_id == account_id, AccountLink.ended_because == "used")
        .order_by(AccountLink.ended_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None or row[0] is None else (row[0], row[1])


def names_of(session: Session, signatures: Collection[str]) -> dict[str, str]:
    """How a writer signs (`account:12`) → the account's name; others, such as commands, are absent."""
    numbers = [int(each.removeprefix("account:")) for each in signatures if each.startswith("account:")]
    rows = session.execute(select(Account.id, Account.display_name).where(Account.id.in_(numbers)))
    return {f"account:{number}": name for number, name in rows}


@dataclass(frozen=True, slots=True)
class StaffToInvite:
    """A member of staff, and the account they have, if any."""

    staff: str
    name: str
    employer: str
    account_id: int | None


def staff_to_invite(session: Session, search: str, *, on: date) -> list[StaffToInvite]:
    """Staff who have not left and whose name, code or work e-mail holds the search; by name."""
    wanted = folded(search.strip())
    if not wanted:
        return []
    rows = session.execute(
        select(
            Staff.code, Staff.given_name, Staff.family_name, Staff.work_email, Organisation.name, Account.id
        )
        .join(Organisation, Organisation.id == Staff.employer_id)
        .outerjoin(Account, Account.staff_id == Staff.id)
        .where(or_(Staff.employed_to.is_(None), Staff.employed_to >= on))
        .order_by(Staff.family_name, Staff.given_name, Staff.code, Account.id)
    )
    found: dict[str, StaffToInvite] = {}
    for code, given, family, work_email, employer, account_id in rows:
        name = f"{given} {family}" if given else family
        if any(wanted in folded(text) for text in (name, code, work_email or "")):
            found.setdefault(code, StaffToInvite(code, name, employer, account_id))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class StaffDetails:
    """What a new account takes over from a staff record."""

    staff_id: int
    name: str
    work_email: str | None


def staff_details(session: Session, code: str) -> StaffDetails | None:
    """The member of staff with this code; None when there is none."""
    row = session.scalars(select(Staff).where(Staff.code == code)).one_or_none()
    return None if row is None else StaffDetails(row.id, row.name, row.work_email)


def places(session: Session) -> tuple[list[tuple[int, str, str]], list[tuple[int, str, str]]]:
    """Services and organisations to which a role can be limited: id, code, name; each by name."""
    services = session.execute(select(Service.id, Service.code, Service.name).order_by(Service.name))
    organisations = session.execute(
        select(Organisation.id, Organisation.code, Organisation.name).order_by(Organisation.name)
    )
    return (
        [(number, code, name) for number, code, name in services],
        [(number, code, name) for number, code, name in organisations],
    )


def _accounts() -> Select[Account, str, date | None, str]:
    return select(Account, Staff.code, Staff.employed_to, HOLDER_NAME).outerjoin(
        Staff, Staff.id == Account.staff_id
    )


def _line(row: Row[Account, str, date | None, str], on: date) -> AccountLine:
    account, staff, employed_to, name = row
    last_day = account.ends_on if account.staff_id is None else employed_to
    return AccountLine(
        account_id=account.id,
        email=account.email,
        display_name=name,
        staff=staff,
        state=account_state(
            disabled=account.disabled_at is not None,
            activated=account.password_hash is not None,
            last_day=last_day,
            on=on,
        ),
        last_day=last_day,
        created_at=account.created_at,
        disabled_at=account.disabled_at,
    )


def _given(
    row: AccountGrant | RoleRequest, service: Service | None, organisation: Organisation | None, *, by: str
) -> GivenRole:
    return GivenRole(
        number=row.id,
        account_id=row.account_id,
        role=AccessRole(row.role),
        service=service.code if service else None,
        service_name=service.name if service else None,
        organisation=organisation.code if organisation else None,
        organisation_name=organisation.name if organisation else None,
        from_on=row.from_on,
        to_on=row.to_on,
        by=by,
    )
