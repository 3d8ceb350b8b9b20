"""Rights: the table is the one that was agreed, reaches end by themselves, and some things no role may do."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from skillsmatrix.domain.access import (
    NEVER_FOR_ONESELF,
    AccessRole,
    Actor,
    Decision,
    Grant,
    Permit,
    Person,
    Scope,
    ServicePlace,
    UnknownAction,
    check_action,
    decide,
    decide_service,
    has_left,
    hides_figure,
    may,
    may_change,
    may_confirm,
    needs_second_person,
    open_to_everyone,
    pries,
    reaches,
    reaches_everybody,
)
from skillsmatrix.domain.permissions import PERMISSIONS

TODAY = date(2026, 11, 22)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
AGREED = Path(__file__).with_name("permissions.csv")
ADA = Person("ada", "HOME", services=frozenset({"alder"}), organisations=frozenset({"HOME"}))


def actor(*grants: Grant, staff: str | None = None) -> Actor:
    return Actor(7, staff, "Somebody", grants)


def grant(role: str, *, to_on: date | None = None, **bounds: object) -> Grant:
    return Grant(AccessRole(role), date(2026, 1, 1), to_on, **bounds)  # type: ignore[arg-type]


def test_the_table_of_permissions_is_the_one_that_was_agreed() -> None:
    with AGREED.open(newline="") as file:
        agreed = {row.pop("resource.action"): row for row in csv.DictReader(file)}

    assert {action: dict(cells) for action, cells in PERMISSIONS.items()} == agreed


def test_every_cell_of_the_table_is_a_reach_we_know() -> None:
    parts = {part for cells in PERMISSIONS.values() for cell in cells.values() for part in cell.split("+")}

    assert parts - {"-", "2"} == {scope.value for scope in Scope}


def test_an_action_without_a_line_in_the_table_cannot_be_declared() -> None:
    with pytest.raises(UnknownAction):
        check_action("matrix.veiw")


def test_roles_add_up() -> None:
    both = actor(grant("svc", services=("alder",)), grant("ass"))

    assert may(both, "training.read", on=TODAY) == {Scope.SERVICES, Scope.ASSIGNED}


def test_supervisors_read_notes_of_their_team_and_what_they_wrote() -> None:
    assert may(actor(grant("sup")), "supervision.read_F6", on=TODAY) == {Scope.TEAM, Scope.OWN}


@pytest.mark.parametrize(
    ("last", "held"), [(YESTERDAY, frozenset()), (TODAY, {Scope.ENGAGEMENT}), (TOMORROW, {Scope.ENGAGEMENT})]
)
def test_an_inspection_ends_by_itself_after_its_last_day(last: date, held: frozenset[Scope]) -> None:
    inspector = actor(grant("insp", to_on=last, services=("alder",)))

    assert may(inspector, "matrix.view", on=TODAY) == held


def test_a_grant_does_not_count_before_its_first_day() -> None:
    assert not Grant(AccessRole.HUMAN_RESOURCES, TOMORROW).covers(TODAY)


def test_a_second_person_is_asked_for_where_the_table_says_so() -> None:
    assert needs_second_person(actor(grant("hr")), "export.everything", on=TODAY)
    assert not needs_second_person(actor(grant("hr")), "import.commit", on=TODAY)
    assert not needs_second_person(actor(), "export.everything", on=TODAY)


def test_only_the_verification_of_a_certificate_needs_no_account() -> None:
    assert [action for action in PERMISSIONS if open_to_everyone(action)] == ["certificate.verify"]


@pytest.mark.parametrize(
    ("scope", "person", "reached"),
    [
        (Scope.SELF, Person("me", "HOME"), True),
        (Scope.SELF, ADA, False),
        (Scope.TEAM, Person("ada", "HOME", supervisors=frozenset({"me"})), True),
        (Scope.TEAM, Person("ada", "HOME", supervisors=frozenset({"sam"})), False),
        (Scope.SERVICES, ADA, True),
        (Scope.SERVICES, Person("cyn", "HOME", services=frozenset({"birch"})), False),
        (Scope.ENGAGEMENT, ADA, True),
        (Scope.ENGAGEMENT, Person("hal", "HOST", organisations=frozenset({"HOST"})), True),
        (Scope.ENGAGEMENT, Person("gus", "HOST"), False),
        (Scope.SECONDED, Person("eve", "HOME", hosts=frozenset({"HOST"})), True),
        (Scope.SECONDED, Person("hal", "HOST", organisations=frozenset({"HOST"})), False),
        (Scope.ORGANISATION, Person("hal", "HOST"), True),
        (Scope.ORGANISATION, Person("dot", "SMALL", organisations=frozenset({"HOST"})), True),
        (Scope.ORGANISATION, ADA, False),
        (Scope.ASSIGNED, Person("ada", "HOME", assessors=frozenset({"me"})), True),
        (Scope.ASSIGNED, ADA, False),
        (Scope.SESSIONS, Person("ada", "HOME", trainers=frozenset({"me"})), True),
        (Scope.SESSIONS, ADA, False),
        (Scope.NAMED, Person("ada", "HOME", named=frozenset({7})), True),
        (Scope.NAMED, ADA, False),
        (Scope.CASE, Person("ada", "HOME", cases=frozenset({7})), True),
        (Scope.CASE, ADA, False),
        (Scope.ANY, ADA, True),
        (Scope.TOKEN, ADA, False),
        (Scope.COMMAND, ADA, False),
    ],
)
def test_a_reach_covers_whom_it_says(scope: Scope, person: Person, reached: bool) -> None:
    permit = Permit(scope, grant("svc", services=("alder",), organisation="HOST"))

    assert reaches(permit, actor(staff="me"), person) is reached


def test_somebody_without_a_staff_record_is_nobodys_self_and_supervises_nobody() -> None:
    outsider = actor()

    for scope in (Scope.SELF, Scope.TEAM, Scope.ASSIGNED, Scope.SESSIONS):
        assert not reaches(Permit(scope, grant("sup")), outsider, ADA)


def test_what_one_wrote_is_ones_own_and_nothing_is_when_nobody_wrote_it() -> None:
    permit = Permit(Scope.OWN, grant("sup"))

    assert reaches(permit, actor(), ADA, made_by=7)
    assert not reaches(permit, actor(), ADA, made_by=8)
    assert not reaches(permit, actor(), ADA)


def test_a_former_manager_keeps_only_what_they_wrote() -> None:
    former = actor(grant("svc", to_on=YESTERDAY, services=("alder",)), grant("sup"), staff="me")

    assert decide(former, "training.read", ADA, on=TODAY) is Decision.HIDDEN
    assert decide(former, "supervision.addendum", ADA, on=TODAY, made_by=7) is Decision.ALLOWED


def test_a_person_out_of_sight_and_one_who_does_not_exist_look_alike() -> None:
    manager = actor(grant("svc", services=("birch",)))

    assert decide(manager, "matrix.view", ADA, on=TODAY) is Decision.HIDDEN
    assert decide(manager, "matrix.view", None, on=TODAY) is Decision.HIDDEN


def test_a_person_in_sight_and_an_action_out_of_reach_is_refused() -> None:
    manager = actor(grant("svc", services=("alder",)))

    assert decide(manager, "certificate.issue", ADA, on=TODAY) is Decision.REFUSED


@pytest.mark.parametrize("action", sorted(NEVER_FOR_ONESELF))
def test_nobody_is_the_second_pair_of_eyes_on_their_own_work(action: str) -> None:
    mine = Person(
        "me",
        "HOME",
        services=frozenset({"alder"}),
        supervisors=frozenset({"me"}),
        assessors=frozenset({"me"}),
    )
    powerful = actor(*(grant(role.value, services=("alder",)) for role in AccessRole), staff="me")

    assert decide(powerful, action, mine, on=TODAY) is Decision.REFUSED


def test_nobody_confirms_their_own_request() -> None:
    assert not may_confirm(actor(), asked_by=7)
    assert may_confirm(actor(), asked_by=8)


def test_auditors_and_inspectors_change_nothing_whatever_else_they_are() -> None:
    both = actor(grant("hr"), grant("aud", to_on=TOMORROW, services=("alder",)))

    assert not may_change(both, "import.commit", on=TODAY)
    assert not may_change(both, None, on=TODAY)
    assert may_change(both, "audit.verify", on=TODAY)
    assert may_change(both, "import.commit", on=TOMORROW + timedelta(days=1))


def test_administrators_read_nothing_personal_even_when_they_are_in_human_resources() -> None:
    both = actor(grant("hr"), grant("adm"), staff="me")

    assert decide(both, "person.read.F3", ADA, on=TODAY) is Decision.REFUSED
    assert not reaches_everybody(both, "person.read.F3", on=TODAY)
    assert decide(actor(grant("hr")), "person.read.F3", ADA, on=TODAY) is Decision.ALLOWED


def test_administrators_read_their_own_record() -> None:
    me = Person("me", "HOME")

    assert not pries(actor(grant("adm"), staff="me"), "person.read.F3", me, on=TODAY)


@pytest.mark.parametrize(("people", "hidden"), [(4, True), (5, False)])
@pytest.mark.parametrize("role", ["host", "insp"])
def test_partners_and_inspectors_see_no_figure_about_fewer_than_five(
    role: str, people: int, hidden: bool
) -> None:
    looker = actor(grant(role, organisation="HOST"))

    assert hides_figure(looker, people, on=TODAY) is hidden


def test_others_see_small_figures() -> None:
    assert not hides_figure(actor(grant("hcp")), 1, on=TODAY)


@pytest.mark.parametrize(("last", "left"), [(None, False), (TODAY, False), (YESTERDAY, True)])
def test_somebody_has_left_from_the_day_after_their_last(last: date | None, left: bool) -> None:
    assert has_left(last, on=TODAY) is left


def test_a_service_out_of_reach_is_hidden_and_a_right_nobody_gave_is_refused() -> None:
    alder, birch = ServicePlace("alder", "HOME"), ServicePlace("birch", "HOME")
    manager = actor(grant("svc", services=("alder",)))

    assert decide_service(manager, "matrix.view", alder, on=TODAY) is Decision.ALLOWED
    assert decide_service(manager, "matrix.view", birch, on=TODAY) is Decision.HIDDEN
    assert decide_service(manager, "matrix.view", None, on=TODAY) is Decision.HIDDEN
    assert decide_service(manager, "import.commit", birch, on=TODAY) is Decision.REFUSED


def test_a_supervisor_reaches_the_services_where_somebody_of_the_team_works() -> None:
    place = ServicePlace("alder", "HOME", supervisors=frozenset({"me"}))

    assert decide_service(actor(grant("sup"), staff="me"), "matrix.view", place, on=TODAY) is Decision.ALLOWED
    assert decide_service(actor(grant("sup")), "matrix.view", place, on=TODAY) is Decision.HIDDEN
