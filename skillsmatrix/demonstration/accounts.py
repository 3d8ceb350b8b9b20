"""Sign-ins of the demonstration: one for each thing an account may be trusted with."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from skillsmatrix.demonstration.people import build_people
from skillsmatrix.demonstration.seedfiles import read_seed
from skillsmatrix.demonstration.setting import Setting
from skillsmatrix.demonstration.supervision import Supervisors
from skillsmatrix.domain.access import AccessRole, Grant

HEAD_OF_PRACTICE, ASSESSOR, MANAGER, SUPERVISOR = "BH1001", "BH1002", "BH1003", "BH1004"
STAFF, HUMAN_RESOURCES, ADMINISTRATOR, TRAINER, HOST = "BH1005", "BH1006", "BH1007", "BH1008", "OV2002"
INSPECTED = ("LARCH", "WILLOW")
INSPECTION = timedelta(days=21)
SINCE = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class DemonstrationAccount:
    """One sign-in. Without a staff code it belongs to nobody on the staff: an inspector."""

    email: str
    staff_code: str | None
    display_name: str
    grants: tuple[Grant, ...]


def demonstration_accounts(seed_folder: Path, *, on: date, seed: int = 7) -> tuple[DemonstrationAccount, ...]:
    """An account for each access role that can sign in here, and a second where two people must act.

    Staff come with the role staff beside.
    """
    setting = Setting(on, seed, read_seed(seed_folder))
    people = {person.code: person for person in build_people(setting)}
    since = on - SINCE

    def account(code: str, *grants: Grant) -> DemonstrationAccount:
        person = people[code]
        name = f"{person.given_name} {person.family_name}".strip()
        own = Grant(AccessRole.STAFF, since)
        return DemonstrationAccount(person.work_email, code, name, (own, *grants))

    def colleague(code: str) -> str:
        """Whoever else does the work of this person today: what two people must do needs a second."""
        roles = {post.role for post in people[code].posts_on(on)}
        return next(
            other
            for other in sorted(people)
            if other != code and roles & {post.role for post in people[other].posts_on(on)}
        )

    inspection = Grant(AccessRole.INSPECTOR, on - timedelta(days=2), on + INSPECTION, services=INSPECTED)
    return (
        account(HEAD_OF_PRACTICE, Grant(AccessRole.HEAD_OF_PRACTICE, since)),
        account(
            MANAGER,
            Grant(AccessRole.SERVICE_MANAGER, since, services=("LARCH",)),
            Grant(AccessRole.SUPERVISOR, since),
        ),
        account(SUPERVISOR, Grant(AccessRole.SUPERVISOR, since), Grant(AccessRole.ASSESSOR, since)),
        account(STAFF),
        account(HUMAN_RESOURCES, Grant(AccessRole.HUMAN_RESOURCES, since)),
        account(ASSESSOR, Grant(AccessRole.ASSESSOR, since)),
        account(TRAINER, Grant(AccessRole.TRAINER, since)),
        account(HOST, Grant(AccessRole.HOST_PARTNER, since, organisation="OUV")),
        account(ADMINISTRATOR, Grant(AccessRole.ADMINISTRATOR, since)),
        account(colleague(HUMAN_RESOURCES), Grant(AccessRole.HUMAN_RESOURCES, since)),
        account(colleague(ADMINISTRATOR), Grant(AccessRole.ADMINISTRATOR, since)),
        DemonstrationAccount(
            "rosalind.quayle@carewatch.example", None, "Rosalind Quayle, inspector", (inspection,)
        ),
    )


def demonstration_supervisors(seed_folder: Path, *, on: date, seed: int = 7) -> dict[str, str]:
    """Staff code → staff code of the line supervisor, for everybody with a post in force on the day."""
    setting = Setting(on, seed, read_seed(seed_folder))
    people = build_people(setting)
    supervisors = Supervisors(setting, people)
    return {person.code: supervisors.line(person) for person in people if person.posts_on(on)}
