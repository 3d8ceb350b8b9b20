"""The shape of a data package: which tables there are, and which columns (contract, section 8)."""

from collections.abc import Mapping

Row = dict[str, str]
Tables = dict[str, list[Row]]


def columns(names: str) -> tuple[str, ...]:
    return tuple(names.split())


COLUMNS: Mapping[str, tuple[str, ...]] = {
    "organisations": columns("organisation name kind"),
    "services": columns("service name organisation kind opens_on closes_on successor escalation_contact"),
    "roles": columns("role name client_facing purpose boundary"),
    "staff": columns("staff given_name family_name work_email employer employed_from employed_to"),
    "posts": columns("staff service role basis wte starts_on ends_on"),
    "absences": columns("staff kind starts_on ends_on"),
    "competencies": columns(
        "competency title framework group needs_learning needs_sign_off learning_level "
        "learning_months sign_off_months renewal early_window_days cumulative supervision_kind "
        "supervision_every_days supervision_lapse_days supervision_max_group registration_body "
        "superseded_on superseded_by boundary"
    ),
    "courses": columns("course title provider mode hours fee_pence capacity"),
    "course_grants": columns("course competency level valid_months"),
    "learning": columns(
        "staff competency completed_on level course provider reference valid_months recorded_at"
    ),
    "sign_offs": columns(
        "staff competency level assessed_on outcome assessor withdrawn_on withdrawn_reason recorded_at"
    ),
    "supervision": columns("supervisee supervisor kind held_on minutes group_size recorded_at"),
    "registrations": columns("staff body number registered_on valid_to"),
    "suspensions": columns("staff competency starts_on ends_on reason"),
    "requirements": columns(
        "requirement service role competency level cover amount strength in_force_from "
        "in_force_to induction_days reason"
    ),
    "exemptions": columns("staff competency starts_on ends_on approved_by reason_kind"),
}

# The columns by which two rows of a table are the same thing.
KEYS: Mapping[str, tuple[str, ...]] = {
    "organisations": columns("organisation"),
    "services": columns("service"),
    "roles": columns("role"),
    "staff": columns("staff"),
    "posts": columns("staff service role starts_on"),
    "absences": columns("staff starts_on"),
    "competencies": columns("competency"),
    "courses": columns("course"),
    "course_grants": columns("course competency"),
    "learning": columns("staff competency completed_on reference"),
    "sign_offs": columns("staff competency assessed_on assessor"),
    "supervision": columns("supervisee supervisor kind held_on"),
    "registrations": columns("staff body registered_on"),
    "suspensions": columns("staff competency starts_on"),
    "requirements": columns("requirement"),
    "exemptions": columns("staff competency starts_on"),
}


# Columns that name the code of a row elsewhere: table, column, the table named.
REFERENCES = (
    ("services", "organisation", "organisations"),
    ("services", "successor", "services"),
    ("staff", "employer", "organisations"),
    ("posts", "staff", "staff"),
    ("posts", "service", "services"),
    ("posts", "role", "roles"),
    ("absences", "staff", "staff"),
    ("competencies", "superseded_by", "competencies"),
    ("course_grants", "course", "courses"),
    ("course_grants", "competency", "competencies"),
    ("learning", "staff", "staff"),
    ("learning", "competency", "competencies"),
    ("learning", "course", "courses"),
    ("sign_offs", "staff", "staff"),
    ("sign_offs", "assessor", "staff"),
    ("sign_offs", "competency", "competencies"),
    ("supervision", "supervisee", "staff"),
    ("supervision", "supervisor", "staff"),
    ("registrations", "staff", "staff"),
    ("suspensions", "staff", "staff"),
    ("suspensions", "competency", "competencies"),
    ("requirements", "service", "services"),
    ("requirements", "role", "roles"),
    ("requirements", "competency", "competencies"),
    ("exemptions", "staff", "staff"),
    ("exemptions", "competency", "competencies"),
    ("exemptions", "approved_by", "staff"),
)


def row(table: str, **values: object) -> Row:
    """One row with every column of its table; what is not given is blank, and None is blank."""
    strange = set(values) - set(COLUMNS[table])
    if strange:
        raise KeyError(f"{table} has no column {sorted(strange)}")
    texts = {name: values.get(name, "") for name in COLUMNS[table]}
    return {name: "" if value is None else str(value) for name, value in texts.items()}


def empty_tables() -> Tables:
    """A package with every table, all of them empty."""
    return {table: [] for table in COLUMNS}
