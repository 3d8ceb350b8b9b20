"""Who may do what: one line for each action, one column for each access role.

A cell names how far the right reaches (`Scope` in `access.py`); `-` is no right at all, `a+b` is either
reach, and a final `+2` means that a second person with the same right confirms before it takes effect.
An action that has no line here cannot be declared by a page, so a new page starts with a line here.
"""

from types import MappingProxyType
from typing import Final

_TABLE = """
action                             anon staff sup      svc  ass  trn  hcp   hr    aud  insp host dpo   adm
person.list                        -    -     team     svc  asg  ses  org   org   eng  eng  sec  org   org
person.read.F1                     -    self  team     svc  asg  ses  org   org   eng  eng  sec  org   org
person.read.F2                     -    self  team     svc  -    -    org   org   eng  eng  -    org   -
person.read.F3                     -    self  -        -    -    -    -     org   -    -    -    org   -
person.read.F4status               -    self  team     svc  -    -    org   org   eng  eng  sec  org   -
person.read.F4detail               -    self  -        -    -    -    -     org   -    -    -    org   -
person.read.F5                     -    self  acl      -    -    -    -     org   -    -    -    org   -
person.create                      -    -     -        -    -    -    -     org   -    -    -    -     -
person.update.F1F2                 -    -     -        -    -    -    -     org   -    -    -    -     -
person.update.F3                   -    self  -        -    -    -    -     org   -    -    -    -     -
person.assign_supervisor           -    -     -        svc  -    -    -     org   -    -    -    -     -
person.mark_leaver                 -    -     -        -    -    -    -     org   -    -    -    -     -
person.merge                       -    -     -        -    -    -    -     org+2 -    -    -    -     -
person.erase                       -    -     -        -    -    -    -     -     -    -    -    org+2 -
training.read                      -    self  team     svc  asg  ses  org   org   eng  eng  sec  org   -
training.create_claim              -    self  team     svc  -    -    -     org   -    -    sec  -     -
training.record_attendance         -    -     -        -    -    ses  -     org   -    -    -    -     -
training.verify                    -    -     team     svc  -    ses  -     org   -    -    -    -     -
training.supersede                 -    -     own      svc  -    own  org   org   -    -    -    -     -
training.void                      -    -     -        -    -    -    org   org   -    -    -    -     -
evidence.upload                    -    self  team     svc  asg  ses  -     org   -    -    sec  -     -
evidence.read                      -    self  team     svc  asg  own  org   org   eng  eng  -    case  -
evidence.withdraw_unverified       -    own   own      own  own  own  -     org   -    -    -    -     -
competency.read                    -    self  team     svc  asg  -    org   org   eng  eng  sec  org   -
competency.request_assessment      -    self  team     svc  -    -    org   -     -    -    -    -     -
competency.assess                  -    -     -        -    asg  -    -     -     -    -    -    -     -
competency.sign_off                -    -     -        -    asg  -    -     -     -    -    -    -     -
competency.countersign             -    -     -        -    -    -    org   -     -    -    -    -     -
competency.suspend                 -    -     -        svc  -    -    org   org   -    -    -    -     -
competency.reinstate               -    -     -        -    asg  -    org   -     -    -    -    -     -
absence.record                     -    -     -        svc  -    -    -     org   -    -    -    -     -
registration.record                -    -     -        -    -    -    -     org   -    -    -    -     -
exemption.approve                  -    -     -        -    -    -    org   org   -    -    -    -     -
service.edit                       -    -     -        -    -    -    org   org   -    -    -    -     -
supervision.schedule               -    -     team     svc  -    -    -     -     -    -    -    -     -
supervision.read_meta              -    self  team     svc  -    -    org   org   eng  eng  -    org   -
supervision.read_F6                -    self  team+own case -    -    -     case  -    -    -    case  -
supervision.write_draft            -    -     team     -    -    -    -     -     -    -    -    -     -
supervision.comment                -    self  -        -    -    -    -     -     -    -    -    -     -
supervision.sign                   -    self  team     -    -    -    -     -     -    -    -    -     -
supervision.addendum               -    self  own      -    -    -    -     -     -    -    -    -     -
supervision.read_F7                -    -     acl      acl  -    -    -     case  -    -    -    case  -
plan.individual.read               -    self  team     svc  -    -    org   org   eng  eng  sec  org   -
plan.individual.edit               -    -     team     svc  -    -    org   -     -    -    -    -     -
plan.service.read                  -    -     -        svc  -    -    org   org   eng  eng  -    -     -
plan.service.edit                  -    -     -        svc  -    -    org   -     -    -    -    -     -
scenario.read                      -    -     -        svc  -    -    org   org   -    -    -    -     -
matrix.view                        -    -     team     svc  -    -    org   org   eng  eng  sec  org   -
requirement.read                   -    any   any      any  any  any  any   any   any  any  sec  any   any
requirement.edit                   -    -     -        -    -    -    org+2 org+2 -    -    -    -     -
course.read                        -    any   any      any  any  any  any   any   any  -    sec  -     -
course.edit                        -    -     -        -    -    -    org   org   -    -    -    -     -
session.create                     -    -     -        svc  -    own  org   org   -    -    -    -     -
session.cancel                     -    -     -        -    -    own  org   org   -    -    -    -     -
booking.create                     -    self  team     svc  -    -    -     org   -    -    -    -     -
booking.cancel                     -    self  team     svc  -    ses  -     org   -    -    -    -     -
certificate.issue                  -    -     -        -    -    -    org   org   -    -    -    -     -
certificate.read                   -    self  team     svc  -    -    org   org   eng  eng  sec  org   -
certificate.revoke                 -    -     -        -    -    -    org   org   -    -    -    -     -
certificate.bulk_revoke            -    -     -        -    -    -    -     org+2 -    -    -    -     -
certificate.verify                 tok  tok   tok      tok  tok  tok  tok   tok   tok  tok  tok  tok   tok
template.edit                      -    -     -        -    -    -    -     org   -    -    -    -     -
template.publish                   -    -     -        -    -    -    org+2 org+2 -    -    -    -     -
import.dry_run                     -    -     -        -    -    -    -     org   -    -    -    -     -
import.commit                      -    -     -        -    -    -    -     org   -    -    -    -     -
import.undo                        -    -     -        -    -    -    -     org   -    -    -    -     -
export.matrix                      -    -     team     svc  -    -    org   org   eng  eng  sec  -     -
export.person_bundle               -    self  -        -    -    -    -     -     -    -    -    case  -
export.everything                  -    -     -        -    -    -    -     org+2 -    -    -    -     -
secondment.read                    -    self  team     svc  -    -    org   org   eng  eng  sec  org   -
secondment.edit                    -    -     -        -    -    -    -     org   -    -    -    -     -
secondment.confirm_local_induction -    -     -        -    -    -    -     -     -    -    sec  -     -
user.invite                        -    -     -        -    -    -    -     org   -    -    -    -     org
user.disable                       -    -     -        -    -    -    -     org   -    -    -    -     org
user.reset_mfa                     -    -     -        -    -    -    -     -     -    -    -    -     org+2
role.grant                         -    -     -        -    -    -    -     -     -    -    -    -     org+2
session_list.revoke                -    self  self     self self self self  self  self self self self  org
audit.read_about_me                -    self  self     self self self self  self  self -    -    self  self
audit.read                         -    -     -        -    -    -    -     -     eng  -    -    org   -
audit.read_security                -    -     -        -    -    -    -     -     -    -    -    org   org
audit.verify                       -    -     -        -    -    -    -     -     org  -    -    org   org
audit.write                        -    -     -        -    -    -    -     -     -    -    -    -     -
settings.technical                 -    -     -        -    -    -    -     -     -    -    -    -     org
settings.retention                 -    -     -        -    -    -    -     -     -    -    -    org+2 -
engagement.create                  -    -     -        -    -    -    -     org+2 -    -    -    org+2 -
delegation.create                  -    -     team     svc  -    -    -     org   -    -    -    -     -
sar.assemble                       -    -     -        -    -    -    -     -     -    -    -    org   -
apitoken.create                    -    -     -        -    -    -    -     -     -    -    -    -     org+2
backup.restore                     -    -     -        -    -    -    -     -     -    -    -    -     cli
"""


def _read(table: str) -> dict[str, dict[str, str]]:
    heading, *lines = table.strip().splitlines()
    roles = heading.split()[1:]
    cells = (line.split() for line in lines)
    return {action: dict(zip(roles, reaches, strict=True)) for action, *reaches in cells}


PERMISSIONS: Final = MappingProxyType(_read(_TABLE))
