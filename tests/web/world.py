"""A small invented world for the tests of access: who is who, and, stated by hand, whom each reach covers.

Every person's family name is a canary: a page that shows the name of somebody out of reach gives itself away.
The tables below say what is true in words of the matrix of permissions; nothing here asks the product.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from skillsmatrix.domain.access import AccessRole
from skillsmatrix.foundation import clock
from skillsmatrix.models import (
    Account,
    AssessmentRequest,
    Competency,
    Organisation,
    Post,
    Requirement,
    Role,
    Service,
    Staff,
    SupervisionAgreement,
)
from skillsmatrix.operations.accounts import create_account, disable_account, grant_role
from skillsmatrix.operations.passwords import hash_password
from tests.facts import add
from tests.web.facts_of_world import store_facts
from tests.web.training_of_world import store_trainer, store_training

PASSWORD = "river stone lamp"
BY = "command:test"
LONG_AGO = date(2020, 1, 6)

ORGANISATIONS = {"HOME": "Harbour Homes", "TRUST": "Fenland Trust", "SMALL": "Small Steps"}
SERVICES = {"alder": "HOME", "birch": "HOME", "ward": "TRUST", "quay": "SMALL"}

# staff code → canary family name
STAFF = {
    "sid": "Qanarysid",  # the account `staff`
    "sam": "Qanarysam",  # the account `sup`
    "mia": "Qanarymia",  # the account `svc`, manager of alder, once of birch
    "nia": "Qanarynia",  # the account `svc_birch`
    "ada": "Qanaryada",  # at alder, supervised by sam
    "ben": "Qanaryben",  # at alder, supervised by sam until yesterday
    "cyn": "Qanarycyn",  # at birch
    "dot": "Qanarydot",  # of SMALL, seconded to birch
    "eve": "Qanaryeve",  # of HOME, seconded to the ward until today
    "fay": "Qanaryfay",  # of HOME, seconded to the ward until yesterday
    "gus": "Qanarygus",  # left yesterday
    "hal": "Qanaryhal",  # of SMALL, at the quay
    "ivy": "Qanaryivy",  # the account `ass`, asked to assess ada until today, and cyn until yesterday
    "jon": "Qanaryjon",  # of HOME, with a bank post at the ward: not a secondment
}
# (staff, service, basis, days from today to the last one or None)
POSTS = [
    ("sid", "alder", "permanent", None),
    ("sam", "birch", "permanent", None),
    ("mia", "alder", "permanent", None),
    ("nia", "birch", "permanent", None),
    ("ada", "alder", "permanent", None),
    ("ben", "alder", "bank", None),
    ("cyn", "birch", "permanent", None),
    ("dot", "birch", "secondment", None),
    ("eve", "ward", "secondment", 0),
    ("fay", "ward", "secondment", -1),
    ("gus", "alder", "permanent", None),
    ("hal", "quay", "permanent", None),
    ("ivy", "birch", "permanent", None),
    ("jon", "ward", "bank", None),
]
EMPLOYERS = {"dot": "SMALL", "hal": "SMALL"}


@dataclass(frozen=True)
class Persona:
    """An account of the world: its staff record, its roles, and what each reach covers for it today."""

    roles: frozenset[str]
    staff: str | None = None
    people: dict[str, frozenset[str]] = field(default_factory=dict)
    services: dict[str, frozenset[str]] = field(default_factory=dict)
    shut_out: bool = False


EVERYBODY = frozenset(STAFF)
EVERYWHERE = frozenset(SERVICES)
AT_ALDER = frozenset({"sid", "mia", "ada", "ben"})
AT_BIRCH = frozenset({"sam", "nia", "cyn", "dot", "ivy"})
WHOLE = {"org": EVERYBODY, "any": EVERYBODY}
ALL_PLACES = {"org": EVERYWHERE, "any": EVERYWHERE}


def _persona(*roles: str, staff: str | None = None, **reach: frozenset[str]) -> Persona:
    people = {name: codes for name, codes in reach.items() if not name.endswith("_services")}
    places = {name.removesuffix("_services"): codes for name, codes in reach.items() if name not in people}
    own = {"self": frozenset({staff})} if staff else {}
    columns = frozenset({*roles, *(["staff"] if staff else [])})
    return Persona(columns, staff, {**WHOLE, **own, **people}, {**ALL_PLACES, **places})


# `svc` reaches people through its services; former and ended grants reach nobody.
PERSONAS = {
    "staff": _persona(staff="sid"),
    "sup": _persona("sup", staff="sam", team=frozenset({"ada"}), team_services=frozenset({"alder"})),
    "svc": _persona("svc", staff="mia", svc=AT_ALDER, svc_services=frozenset({"alder"})),
    "svc_birch": _persona("svc", staff="nia", svc=AT_BIRCH, svc_services=frozenset({"birch"})),
    "ass": _persona("ass", staff="ivy", asg=frozenset({"ada"})),
    "trn": _persona("trn", staff="tom", ses=frozenset({"ada", "cyn"})),
    "hcp": _persona("hcp"),
    "hr": _persona("hr"),
    "aud": _persona("aud", eng=AT_BIRCH, eng_services=frozenset({"birch"})),
    "insp": _persona("insp", eng=AT_ALDER, eng_services=frozenset({"alder"})),
    "insp_over": _persona(),
    "host": _persona("host", sec=frozenset({"eve"}), sec_services=frozenset({"ward"})),
    "host_small": _persona("host", sec_services=frozenset({"quay"})),
    "dpo": _persona("dpo"),
    "adm": _persona("adm"),
    "hr_adm": _persona("hr", "adm"),
    "nobody": _persona(),
    "leaver": Persona(frozenset(), "gus", shut_out=True),
    "disabled": Persona(frozenset(), shut_out=True),
}

# account → [(role, service, organisation, days from today to the last one or None)]
GRANTS: dict[str, list[tuple[str, str | None, str | None, int | None]]] = {
    "sup": [("sup", None, None, None)],
    "svc": [("svc", "alder", None, None), ("svc", "birch", None, -1)],
    "svc_birch": [("svc", "birch", None, 0)],
    "ass": [("ass", None, None, None)],
    "trn": [("trn", None, None, None)],
    "hcp": [("hcp", None, None, None)],
    "hr": [("hr", None, None, None)],
    "aud": [("aud", "birch", None, 5)],
    "insp": [("insp", "alder", None, 0)],
    "insp_over": [("insp", "alder", None, -1)],
    "host": [("host", None, "TRUST", None)],
    "host_small": [("host", None, "SMALL", None)],
    "dpo": [("dpo", None, None, None)],
    "adm": [("adm", None, None, None)],
    "hr_adm": [("hr", None, None, None), ("adm", None, None, None)],
    "leaver": [("hr", None, None, None)],
    "disabled": [("hr", None, None, None)],
}


def email_of(persona: str) -> str:
    """The address the account signs in with."""
    return f"{persona.replace('_', '.')}@example.org"


def build(session: Session) -> None:
    """Store the world. The password hash is made once and shared: it is slow on purpose."""
    today, at = clock.today(), datetime(2025, 1, 6, 9, 0, tzinfo=UTC)
    ids = _places(session)
    staff = _people(session, ids, today)
    trainer = store_trainer(session)
    sign_ins = {**staff, "tom": trainer}
    shared = hash_password(PASSWORD)
    for name, persona in PERSONAS.items():
        account_id = create_account(
            session,
            email=email_of(name),
            display_name=f"Account {name}",
            staff_id=sign_ins[persona.staff] if persona.staff else None,
            by=BY,
            at=at,
        )
        session.get_one(Account, account_id).password_hash = shared
        for role, service, organisation, last in GRANTS.get(name, []):
            grant_role(
                session,
                account_id=account_id,
                role=AccessRole(role),
                from_on=LONG_AGO,
                to_on=None if last is None else today + timedelta(days=last),
                service_id=ids[service] if service else None,
                organisation_id=ids[organisation] if organisation else None,
                by=BY,
                at=at,
            )
        if name == "disabled":
            disable_account(session, account_id=account_id, by=BY, at=at)
    store_facts(session, staff, by=BY)
    store_training(session, staff, trainer=trainer)


def _places(session: Session) -> dict[str, int]:
    ids: dict[str, int] = {}
    for code, name in ORGANISATIONS.items():
        ids[code] = add(session, Organisation(code=code, name=name)).id
    for code, run_by in SERVICES.items():
        service = Service(code=code, name=code.title(), organisation_id=ids[run_by], opens_on=LONG_AGO)
        ids[code] = add(session, service).id
    ids["role"] = add(session, Role(code="sw", name="Support worker")).id
    return ids


def _people(session: Session, ids: dict[str, int], today: date) -> dict[str, int]:
    staff: dict[str, int] = {}
    for code, name in STAFF.items():
        person = Staff(
            code=code,
            given_name=code.title(),
            family_name=name,
            employer_id=ids[EMPLOYERS.get(code, "HOME")],
            employed_from=LONG_AGO,
            employed_to=today - timedelta(days=1) if code == "gus" else None,
        )
        staff[code] = add(session, person).id
    for code, service, basis, last in POSTS:
        post = Post(
            staff_id=staff[code],
            service_id=ids[service],
            role_id=ids["role"],
            basis=basis,
            starts_on=LONG_AGO,
            ends_on=None if last is None else today + timedelta(days=last),
        )
        add(session, post)
    for supervisee, last_day in (("ada", None), ("ben", today - timedelta(days=1)), ("gus", None)):
        agreement = SupervisionAgreement(
            supervisee_id=staff[supervisee],
            supervisor_id=staff["sam"],
            kind="management",
            starts_on=LONG_AGO,
            ends_on=last_day,
        )
        add(session, agreement)
    _needs(session, staff, today)
    return staff


def _needs(session: Session, staff: dict[str, int], today: date) -> None:
    """Medicines, asked of everybody everywhere; ivy is asked to assess."""
    skill = Competency(code="med", title="Medicines", needs_learning=True, needs_sign_off=True)
    skill_id = add(session, skill).id
    requirement = Requirement(
        code="r-med", competency_id=skill_id, cover="each", strength="hard_stop", in_force_from=LONG_AGO
    )
    add(session, requirement)
    for candidate, last_day in (("ada", today), ("cyn", today - timedelta(days=1))):
        request = AssessmentRequest(
            staff_id=staff[candidate],
            competency_id=skill_id,
            level=1,
            assessor_id=staff["ivy"],
            starts_on=LONG_AGO,
            ends_on=last_day,
        )
        add(session, request)
