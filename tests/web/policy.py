"""Every route of the site, what it asks, and how to call it: the list that the tests of access walk.

A new route gets a line here; `tests/guards/test_routes.py` fails until it has one that says the same as the
route's own declaration. Written by hand, so that a slip in a declaration meets a second opinion.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Route:
    """One endpoint. `action`: of the matrix; none for `public` and for any account.

    `person`, `service`: the argument of the address that holds a code of the world. `values`: other arguments
    of the address. `body`: the least that its POST takes; without one, only refusals are tried.
    `own`: about whoever asks. `whole`: not for those who see only some people of a service.
    `then`: a further argument with a staff code, and the action that the view asks for about it.
    `only`: the codes to try, where the page exists for these alone. `absent`: the world has no such thing, so
    that whoever may look finds nothing.
    `sees`: a page that may name more people than its action reaches says by which other action.
    `names`: those a page names for what they do for somebody in reach, such as supervising them.
    """

    action: str | None = None
    public: bool = False
    person: str | None = None
    service: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    own: bool = False
    whole: bool = False
    then: tuple[str, str] | None = None
    only: tuple[str, ...] = ()
    absent: bool = False
    sees: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


ANY_ACCOUNT = Route()
PUBLIC = Route(public=True)
MED = {"competency": "med"}
DATE = {"number": 1}
CLAIM = {"number": 1}
FIRST = {"row_id": 1}
ACCOUNT = {"account_id": 1}
NO_CHANGE = {"change_id": 0}
NO_SCENARIO = {"scenario_id": 0}
TWO_SCENARIOS = {"scenario": [1, 2]}
NO_CERTIFICATE = {"number": "0000-0000-0000-0000-0000-0000-0000"}
NO_RUN = {"run_id": 1}
NO_PACKAGE = {"name": "0" * 32}

ROUTES = {
    "assets.serve": Route(public=True, values={"digest": "0" * 16, "name": "kit.css"}),
    "access.sign_in": PUBLIC,
    "access.sign_out": ANY_ACCOUNT,
    "access.account": ANY_ACCOUNT,
    "access.end_session": Route(values={"session_id": 0}),
    "access.change_password": ANY_ACCOUNT,
    "access.forgotten": PUBLIC,
    "access.on_its_way": PUBLIC,
    "access.set_password": Route(public=True, values={"token": "x" * 43}, absent=True),
    "accounts.index": Route("user.invite"),
    "accounts.mails": Route("user.invite"),
    "accounts.show": Route("user.invite", values=ACCOUNT),
    "accounts.new": Route("user.invite"),
    "accounts.new_for_staff": Route("user.invite", person="staff"),
    "accounts.new_outside": Route("user.invite"),
    "accounts.make_way_in": Route("user.invite", values=ACCOUNT),
    "accounts.last_day": Route("user.invite", values=ACCOUNT, absent=True),
    "accounts.disable": Route("user.disable", values=ACCOUNT),
    "accounts.enable": Route("user.disable", values=ACCOUNT),
    "accounts.sign_out": Route("session_list.revoke", values=ACCOUNT),
    "accounts.ask": Route("role.grant", values=ACCOUNT),
    "accounts.confirm": Route("role.grant", values={"request_id": 1}, absent=True),
    "accounts.refuse": Route("role.grant", values={"request_id": 1}, absent=True),
    "accounts.end": Route("role.grant", values={**ACCOUNT, "number": 99}, absent=True),
    "home.index": ANY_ACCOUNT,
    "services.index": Route("matrix.view"),
    "services.organisation": Route("matrix.view"),
    "services.organisation_csv": Route("export.matrix"),
    "services.organisation_xlsx": Route("export.matrix"),
    "services.heat_map": Route("matrix.view"),
    "services.organisation_print": Route("matrix.view"),
    "services.matrix_print": Route("matrix.view", service="code"),
    "services.need": Route("matrix.view", service="code", values=MED, whole=True),
    "services.show": Route("matrix.view", service="code"),
    "services.cell": Route(
        "matrix.view",
        service="code",
        values={"staff": "ada", **MED},
        then=("staff", "competency.read"),
        only=("alder", "zinc"),
    ),
    "services.matrix_csv": Route("export.matrix", service="code"),
    "services.matrix_xlsx": Route("export.matrix", service="code"),
    "services.cover_csv": Route("export.matrix", service="code", whole=True),
    "outlook.week": Route("plan.service.read"),
    "outlook.week_file": Route("plan.service.read", values={"kind": "csv"}),
    "outlook.ahead": Route("plan.service.read"),
    "outlook.ahead_file": Route("plan.service.read", values={"table": "falls", "kind": "xlsx"}),
    "outlook.changes": Route("plan.service.read"),
    "outlook.changes_file": Route("plan.service.read", values={"table": "people", "kind": "csv"}),
    "outlook.single_points": Route("plan.service.read"),
    "outlook.single_points_file": Route("plan.service.read", values={"table": "leavers", "kind": "csv"}),
    "outlook.team_strengths": Route("plan.service.read", service="code"),
    "outlook.team_strengths_file": Route("plan.service.read", service="code", values={"kind": "csv"}),
    "outlook.leaving": Route("plan.service.read", person="staff"),
    "outlook.leaving_file": Route("plan.service.read", person="staff", values={"kind": "csv"}),
    "people.index": Route("person.list"),
    "people.show": Route("person.read.F1", person="code", names=("sam",)),
    "people.reasons": Route("competency.read", person="code", values=MED),
    "records.index": Route("person.read.F2", person="code"),
    "records.new_post": Route("person.update.F1F2", person="code"),
    "records.correct_one_post": Route("person.update.F1F2", person="code", values=FIRST, only=("sid",)),
    "records.take_back_one_post": Route("person.update.F1F2", person="code", values=FIRST, only=("sid",)),
    "records.new_absence": Route("absence.record", person="code"),
    "records.correct_one_absence": Route("absence.record", person="code", values=FIRST, absent=True),
    "records.take_back_one_absence": Route("absence.record", person="code", values=FIRST, absent=True),
    "records.new_registration": Route("registration.record", person="code"),
    "records.correct_one_registration": Route(
        "registration.record", person="code", values=FIRST, only=("ada",)
    ),
    "records.take_back_one_registration": Route(
        "registration.record", person="code", values=FIRST, only=("ada",)
    ),
    "records.new_suspension": Route("competency.suspend", person="code"),
    "records.lift_one_suspension": Route("competency.reinstate", person="code", values=FIRST, only=("ada",)),
    "records.new_exemption": Route("exemption.approve", person="code"),
    "records.correct_one_exemption": Route("exemption.approve", person="code", values=FIRST, only=("ada",)),
    "records.take_back_one_exemption": Route("exemption.approve", person="code", values=FIRST, only=("ada",)),
    "records.new_starter": Route("person.create"),
    "records.correct_one_person": Route("person.update.F1F2", person="code"),
    "records.leaver": Route("person.mark_leaver", person="code"),
    "records.stays": Route("person.mark_leaver", person="code"),
    "records.service": Route("service.edit", service="code"),
    "records.close": Route("service.edit", service="code"),
    "records.reopen": Route("service.edit", service="code"),
    "me.index": Route("competency.read", own=True),
    "me.reasons": Route("competency.read", own=True, values=MED),
    "messages.digest": ANY_ACCOUNT,
    "messages.switch": ANY_ACCOUNT,
    "messages.new_calendar": ANY_ACCOUNT,
    "messages.end_calendar": ANY_ACCOUNT,
    "messages.feed": Route(public=True, values={"token": "x" * 43}, absent=True),
    "training.index": Route("course.read"),
    "training.show": Route("course.read", values=DATE, sees=("training.read",)),
    "training.courses": Route("course.read"),
    "training.course": Route("course.read", values={"code": "C-MED"}),
    "training.asked_first": Route("course.edit", values={"code": "C-MED"}),
    "training.not_asked_first": Route("course.edit", values={"code": "C-MED", "prerequisite": 1}),
    "training.plan": Route("session.create"),
    "training.change": Route("session.create", values=DATE),
    "training.call_off": Route("session.cancel", values=DATE),
    "training.give_seat": Route("session.create", values=DATE, sees=("training.read",)),
    "training.book": Route("booking.create", values=DATE),
    "training.booking": Route("booking.cancel", person="staff", values=DATE),
    "training.register": Route("training.record_attendance", values=DATE),
    "claims.index": Route("training.read"),
    "claims.new": Route("training.create_claim", person="staff"),
    "claims.show": Route("training.read", person="staff", values=CLAIM),
    "claims.decide": Route("training.verify", person="staff", values=CLAIM),
    "claims.evidence": Route("evidence.read", person="staff", values=CLAIM),
    "claims.learning": Route("training.void", person="staff"),
    "claims.put_right": Route("training.void", person="staff", values={"number": 1}, only=("sid",)),
    "claims.agreements": Route("course.read"),
    "claims.agree": Route("course.edit"),
    "claims.end_agreement": Route("course.edit", values={"number": 1}),
    "assessments.index": Route("competency.assess"),
    "assessments.person": Route("competency.read", person="staff", names=("ivy",)),
    "assessments.ask": Route("competency.request_assessment", person="staff"),
    "assessments.end_request": Route("competency.request_assessment", person="staff", values={"number": 1}),
    "assessments.new": Route("competency.assess", person="staff", values=MED),
    "assessments.sheet": Route("competency.read", person="staff", values=MED),
    # Each paper takes a tenth of a second: tried about three people.
    "assessments.sheet_pdf": Route("competency.read", person="staff", values=MED, only=("ada", "cyn", "eve")),
    "assessments.decisions": Route("competency.suspend"),
    "assessments.second_signature": Route(
        "competency.countersign", person="staff", values={"number": 1}, absent=True
    ),
    "assessments.withdraw": Route("competency.suspend", person="staff", values={"number": 1}, only=("sid",)),
    "assessments.keep": Route("competency.reinstate", person="staff", values={"number": 1}, only=("sid",)),
    "assessments.settle": Route("competency.reinstate", person="staff", values={"number": 1}, absent=True),
    "assessments.doubt": Route("competency.suspend", values={"assessor": "pat"}),
    "assessments.rule": Route("course.edit", values=MED),
    "assessments.criteria": Route("course.edit", values=MED),
    "supervision.index": Route("supervision.read_meta", names=("sam",)),
    "supervision.record": Route("supervision.write_draft"),
    "supervision.person": Route("supervision.read_meta", person="staff", names=("sam",)),
    "supervision.agree": Route("person.assign_supervisor", person="staff", names=("sam",)),
    "supervision.change": Route(
        "supervision.schedule", person="staff", values={"number": 1}, only=("ada",), names=("sam",)
    ),
    "supervision.action": Route("supervision.write_draft", person="staff"),
    "supervision.done": Route("supervision.sign", person="staff", values={"number": 1}),
    "supervision.correct": Route(
        "supervision.write_draft", person="staff", values={"number": 99}, absent=True
    ),
    "role_cards.person": Route("competency.read", person="staff"),
    "role_cards.person_pdf": Route("competency.read", person="staff"),
    "role_cards.index": Route("requirement.read"),
    "role_cards.role": Route("requirement.read", values={"role": "sw"}),
    "role_cards.role_pdf": Route("requirement.read", values={"role": "sw"}),
    "role_cards.service": Route("matrix.view", service="code"),
    "competencies.index": Route("requirement.read"),
    "competencies.show": Route("requirement.read", values={"code": "med"}),
    "what_if.index": Route("scenario.read"),
    "what_if.new": Route("plan.service.edit", body={"name": "Without Rowan", "once": "a"}),
    "what_if.compare": Route("scenario.read"),
    "what_if.compare_csv": Route("scenario.read", values=TWO_SCENARIOS, absent=True),
    "what_if.show": Route("scenario.read", values=NO_SCENARIO, absent=True),
    "what_if.nearly": Route(
        "scenario.read",
        values={**NO_SCENARIO, "service": "alder", "requirement": "R-MED"},
        absent=True,
    ),
    "what_if.lines_csv": Route("scenario.read", values=NO_SCENARIO, absent=True),
    "what_if.versions": Route("scenario.read", values=NO_SCENARIO, absent=True),
    "what_if.rename": Route("plan.service.edit", values=NO_SCENARIO, absent=True),
    "what_if.copy": Route("plan.service.edit", values=NO_SCENARIO),
    "what_if.share": Route("plan.service.edit", values=NO_SCENARIO),
    "what_if.archive": Route("plan.service.edit", values=NO_SCENARIO),
    "what_if.new_change": Route("plan.service.edit", values=NO_SCENARIO, absent=True),
    "what_if.correct_change": Route("plan.service.edit", values={**NO_SCENARIO, "place": 0}, absent=True),
    "what_if.remove_change": Route("plan.service.edit", values={**NO_SCENARIO, "place": 0}),
    "rules.index": Route("requirement.edit"),
    "rules.new_requirement": Route("requirement.edit"),
    "rules.change_requirement": Route("requirement.edit", values={"code": "R-MED"}),
    "rules.end_requirement": Route("requirement.edit", values={"code": "R-MED"}),
    "rules.change_competency": Route("requirement.edit", values={"code": "med"}),
    "rules.show": Route("requirement.edit", values=NO_CHANGE, absent=True),
    "rules.approve": Route("requirement.edit", values=NO_CHANGE),
    "rules.drop": Route("requirement.edit", values=NO_CHANGE),
    "rules.redraft": Route("requirement.edit", values=NO_CHANGE, absent=True),
    "imports.index": Route("import.dry_run"),
    "imports.show": Route("import.dry_run", values=NO_PACKAGE, absent=True),
    "imports.faults": Route("import.dry_run", values=NO_PACKAGE, absent=True),
    "imports.changes": Route("import.dry_run", values=NO_PACKAGE, absent=True),
    "imports.commit": Route("import.commit", values=NO_PACKAGE),
    "imports.discard": Route("import.dry_run", values=NO_PACKAGE),
    "certificates.index": Route("certificate.read"),
    "certificates.of_person": Route("certificate.read", person="staff"),
    "certificates.new": Route("certificate.issue", person="staff", values=MED),
    "certificates.show": Route("certificate.read", person="staff", values=NO_CERTIFICATE, absent=True),
    "certificates.pdf": Route("certificate.read", person="staff", values=NO_CERTIFICATE, absent=True),
    "certificates.badge": Route("certificate.read", person="staff", values=NO_CERTIFICATE, absent=True),
    "certificates.badge_jwt": Route("certificate.read", person="staff", values=NO_CERTIFICATE, absent=True),
    "certificates.revoke": Route("certificate.revoke", person="staff", values=NO_CERTIFICATE, absent=True),
    "certificates.passport": Route("person.mark_leaver", person="staff"),
    "certificates.passport_file": Route(
        "person.mark_leaver", person="staff", values=NO_CERTIFICATE, absent=True
    ),
    "certificates.own_passport": Route("export.person_bundle", own=True),
    "certificates.own_passport_file": Route(
        "export.person_bundle", own=True, values=NO_CERTIFICATE, absent=True
    ),
    "certificates.runs": Route("certificate.issue"),
    "certificates.new_run": Route("certificate.issue"),
    "certificates.run": Route("certificate.issue", values=NO_RUN, absent=True),
    "certificates.run_progress": Route("certificate.issue", values=NO_RUN, absent=True),
    "certificates.cancel": Route("certificate.issue", values=NO_RUN, absent=True),
    "certificates.run_zip": Route("certificate.issue", values=NO_RUN, absent=True),
    "certificates.run_print": Route("certificate.issue", values=NO_RUN, absent=True),
    "certificates.revocations": Route("certificate.bulk_revoke"),
    "certificates.new_revocation": Route("certificate.bulk_revoke"),
    "certificates.revocation": Route("certificate.bulk_revoke", values=NO_RUN, absent=True),
    "certificates.revocation_progress": Route("certificate.bulk_revoke", values=NO_RUN, absent=True),
    "certificates.confirm": Route("certificate.bulk_revoke", values=NO_RUN, absent=True),
    "certificates.refuse": Route("certificate.bulk_revoke", values=NO_RUN, absent=True),
    "verify.ask": PUBLIC,
    "verify.by_number": Route(public=True, values=NO_CERTIFICATE, absent=True),
    "verify.by_file": PUBLIC,
    "verify.issuer_pem": Route(public=True, absent=True),
    "verify.status_list": Route(public=True, values={"purpose": "revocation"}, absent=True),
    "verify.did": Route(public=True, absent=True),
    "verify.checkpoint": Route(public=True, absent=True),
    "verify.log_keys": Route(public=True, absent=True),
}
