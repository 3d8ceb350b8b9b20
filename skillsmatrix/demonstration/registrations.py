"""Professional registers: the entry, the completion that shows it was checked, and their common end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from skillsmatrix.demonstration.evidence import History
from skillsmatrix.demonstration.needs import Need
from skillsmatrix.demonstration.people import Person
from skillsmatrix.demonstration.seedfiles import Row
from skillsmatrix.demonstration.setting import HISTORY, Setting, months_before, working_day

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Register:
    """One register: what holding it is called here, and how long an entry runs."""

    body: str
    competency: str
    months: int
    prefix: str


NMC = Register("NMC", "REG-NMC", 36, "")
HCPC = Register("HCPC", "REG-HCPC", 24, "")
SWE = Register("SWE", "REG-SWE", 12, "SW")
AMHP = Register("AMHP", "REG-AMHP@CMHT", 60, "EASTMERE-")
CBT = Register("BABCP", "PSY-CBT", 12, "")
PWP = Register("BABCP-PWP", "PSY-PWP", 12, "WB")

BY_ROLE: dict[str, tuple[Register, ...]] = {
    "nurse": (NMC,),
    "occupational-therapist": (HCPC,),
    "emdr-therapist": (HCPC,),
    "emdr-consultant": (HCPC,),
    "social-worker": (SWE,),
    "amhp": (AMHP,),
    "cbt-therapist": (CBT,),
    "wellbeing-practitioner": (PWP,),
}
BY_PERSON: dict[str, tuple[Register, ...]] = {"BH1001": (NMC,), "BH1010": (NMC,), "BH1011": (HCPC,)}


def registered(setting: Setting, people: Iterable[Person]) -> tuple[list[Row], list[History]]:
    """The rows of the table `registrations`, and the histories of the competencies they carry."""
    rows: list[Row] = []
    histories: list[History] = []
    for person in people:
        registers = dict.fromkeys(BY_PERSON.get(person.code, ()))
        for post in person.posts:
            registers |= dict.fromkeys(BY_ROLE.get(post.role, ()))
        for register in registers:
            ends = _ends(setting, person, register)
            rows += _entries(setting, person, register, ends)
            histories.append(_history(setting, person, register, ends))
    return sorted(rows, key=lambda row: (row["staff"], row["body"], row["registered_on"])), histories


def _ends(setting: Setting, person: Person, register: Register) -> list[date]:
    """Last days of the terms that reach into the history, in order; the last lies ahead."""
    draw = setting.draw("register", person.code, register.body)
    told = [row for row in setting.plan["stories"] if row["event"] == "registration_ends"]
    for row in told:
        if (row["staff"], row["competency"]) == (person.code, register.competency):
            end = setting.ago(row["days_ago"])
            break
    else:
        end = _next_end(
            setting, register, draw.randint(100, register.months * 30 - 20), early=draw.random() < 0.85
        )
    ends = [end]
    while ends[0] > setting.on - HISTORY:
        ends.insert(0, _term_before(register, ends[0]))
    return ends


def _next_end(setting: Setting, register: Register, days: int, *, early: bool) -> date:
    """Social workers all end on 30 November, and most have renewed by the end of October; others any day."""
    if register is not SWE:
        return setting.ahead(days)
    end = date(setting.on.year, 11, 30)
    if end < setting.on or (early and setting.on > date(setting.on.year, 10, 24)):
        end = date(end.year + 1, 11, 30)
    return end


def _term_before(register: Register, end: date) -> date:
    return months_before(end, register.months)


def _entries(setting: Setting, person: Person, register: Register, ends: list[date]) -> list[Row]:
    number = setting.draw("number", person.code, register.body).randint(100000, 999999)
    first = _term_before(register, ends[0])
    return [
        {
            "staff": person.code,
            "body": register.body,
            "number": f"{register.prefix}{number}",
            "registered_on": (before + ONE_DAY).isoformat(),
            "valid_to": end.isoformat(),
        }
        for before, end in zip([first, *ends], ends, strict=False)
    ]


def _history(setting: Setting, person: Person, register: Register, ends: list[date]) -> History:
    """Checked on the first day of the first term; then in the weeks before each end."""
    level = 5 if register in (AMHP, CBT, PWP) else 1
    first = _term_before(register, ends[0])
    history = History(Need(person.code, register.competency, level, True, first, person.last_day(setting.on)))
    draw = setting.draw("checked", person.code, register.body)
    history.learnt_on = [first]
    for end in ends[:-1]:
        day = working_day(end - timedelta(days=draw.randint(6, 50)))
        history.learnt_on.append(min(day, setting.on))
    history.learnt_on = sorted(day for day in set(history.learnt_on) if day <= person.last_day(setting.on))
    return history
