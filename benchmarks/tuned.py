"""The same facts as the other ways like them best: integer days, ends worked out, nothing left to look up.

This favours them: the day on which a record runs out is a column of theirs, and a rule of ours.
"""

import numpy as np

from benchmarks.data import BASES, BLANK, NOW, Column, Table

FAR = 9_000_000  # later than any day
LEARNING, SIGN_OFF = 0, 1
EPOCH = 719_163  # ordinal of 1 January 1970


def tuned(tables: dict[str, Table]) -> dict[str, Table]:
    """The tables of the other ways. Ends are inclusive; FAR is open."""
    competencies = tables["competencies"]
    posts = tables["posts"]
    never_cover = [BASES.index("volunteer"), BASES.index("student")]
    requirements = tables["requirements"]
    return {
        "attainment": _attainment(tables),
        "post": {
            "staff": posts["staff"],
            "service": posts["service"],
            "starts_on": posts["starts_on"],
            "ends_on": _far(posts["ends_on"]),
            "counts": (~np.isin(posts["basis"], never_cover)).astype(np.int64),
        },
        "staff": {
            "id": tables["staff"]["id"],
            "employed_from": tables["staff"]["employed_from"],
            "employed_to": _far(tables["staff"]["employed_to"]),
        },
        "absence": dict(tables["absences"]),
        "exemption": dict(tables["exemptions"]),
        "suspension": dict(tables["suspensions"]),
        "registration": {
            **tables["registrations"],
            "valid_to": _far(tables["registrations"]["valid_to"]),
        },
        "session": dict(tables["supervision"]),
        "competency": {
            "id": competencies["id"],
            "graded": competencies["needs_sign_off"],
            "both": competencies["needs_learning"] * competencies["needs_sign_off"],
            "lapse_days": competencies["supervision_lapse_days"],
            "registered": competencies["registration"],
        },
        "requirement": {
            name: requirements[name] for name in ("id", "service", "competency", "level", "cover", "amount")
        },
    }


def _attainment(tables: dict[str, Table]) -> Table:
    """Learning and sign-offs in one, with their ends, by person, competency and day."""
    competencies, learning, sign_offs = tables["competencies"], tables["learning"], tables["sign_offs"]
    months = _shorter(learning["valid_months"], competencies["learning_months"][learning["competency"] - 1])
    term = competencies["sign_off_months"][sign_offs["competency"] - 1]
    both = {
        "staff": np.concatenate((learning["staff"], sign_offs["staff"])),
        "competency": np.concatenate((learning["competency"], sign_offs["competency"])),
        "kind": np.repeat((LEARNING, SIGN_OFF), (len(months), len(term))),
        "level": np.concatenate((learning["level"], sign_offs["level"])),
        "starts_on": np.concatenate((learning["completed_on"], sign_offs["assessed_on"])),
        "valid_to": np.concatenate(
            (add_months(learning["completed_on"], months), add_months(sign_offs["assessed_on"], term))
        ),
        "withdrawn_on": np.concatenate((np.full(len(months), FAR), _far(sign_offs["withdrawn_on"]))),
    }
    order = np.lexsort((both["starts_on"], both["competency"], both["staff"]))
    return {name: column[order] for name, column in both.items()}


def add_months(day: Column, months: Column) -> Column:
    """The same day of the month so many months later, or the last of a shorter month; FAR without months."""
    stated = months != BLANK
    start = (day - EPOCH).astype("datetime64[D]")
    month = start.astype("datetime64[M]")
    of_month = (start - month.astype("datetime64[D]")).astype(np.int64)
    target = month + np.where(stated, months, 0).astype("timedelta64[M]")
    last = ((target + 1).astype("datetime64[D]") - target.astype("datetime64[D]")).astype(np.int64) - 1
    found = target.astype("datetime64[D]").astype(np.int64) + np.minimum(of_month, last) + EPOCH
    return np.where(stated, found, FAR)


def _shorter(first: Column, second: Column) -> Column:
    both = np.minimum(np.where(first == BLANK, FAR, first), np.where(second == BLANK, FAR, second))
    return np.where(both == FAR, BLANK, both)


def _far(column: Column) -> Column:
    return np.where(column == BLANK, FAR, column)


DAYS = (NOW - 400, NOW, NOW + 100)
