"""The tables of a data package and what each column may hold (contract section 8), as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from skillsmatrix.domain.person import MOST_WTE

Value = str | int | float | bool | date | datetime | None

MOST_DAYS = 36_525  # a hundred years: longer windows and intervals are slips of the keyboard
MOST_MONTHS = 1_200
HIGHEST_LEVEL = 99


class Kind(StrEnum):
    """How the text of a cell is to be read."""

    CODE = "code"
    TEXT = "text"
    DAY = "day"
    INSTANT = "instant"
    YES_NO = "yes or no"
    WHOLE = "whole number"
    DECIMAL = "decimal"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `default`: what a blank means when the contract says that it means something."""

    name: str
    kind: Kind
    required: bool = False
    choices: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int = 1_000_000_000
    references: str | None = None
    default: Value = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns in the order in which they are written, and the key by which rows merge."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def code(self) -> str | None:
        """The column that others refer to, where the table has one."""
        return self.key[0] if len(self.key) == 1 else None

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def _code(name: str, *, required: bool = True) -> Column:
    return Column(name=name, kind=Kind.CODE, required=required)


def _to(table: str, name: str, *, required: bool = True) -> Column:
    return Column(name=name, kind=Kind.CODE, required=required, references=table)


def _text(name: str, *, required: bool = False) -> Column:
    return Column(name=name, kind=Kind.TEXT, required=required)


def _day(name: str, *, required: bool = False) -> Column:
    return Column(name=name, kind=Kind.DAY, required=required)


def _yes_no(name: str, *, required: bool = False, default: bool | None = None) -> Column:
    return Column(name=name, kind=Kind.YES_NO, required=required, default=default)


def _whole(
    name: str, minimum: int, maximum: int, *, required: bool = False, default: int | None = None
) -> Column:
    return Column(
        name=name, kind=Kind.WHOLE, required=required, minimum=minimum, maximum=maximum, default=default
    )


def _choice(name: str, *choices: str, required: bool = True, default: str | None = None) -> Column:
    return Column(name=name, kind=Kind.CHOICE, required=required, choices=choices, default=default)


def _level(name: str, *, required: bool = False, default: int | None = None) -> Column:
    return _whole(name, 1, HIGHEST_LEVEL, required=required, default=default)


RECORDED_AT = Column(name="recorded_at", kind=Kind.INSTANT)

# References before referrers: in this order every row finds what it names already there.
TABLES: tuple[Table, ...] = (
    Table(
        "organisations",
        (_code("organisation"), _text("name", required=True), _text("kind")),
        ("organisation",),
    ),
    Table(
        "services",
        (
            _code("service"),
            _text("name", required=True),
            _to("organisations", "organisation"),
            _text("kind"),
            _day("opens_on"),
            _day("closes_on"),
            _to("services", "successor", required=False),
            _text("escalation_contact"),
        ),
        ("service",),
    ),
    Table(
        "roles",
        (
            _code("role"),
            _text("name", required=True),
            _yes_no("client_facing"),
            _text("purpose"),
            _text("boundary"),
        ),
        ("role",),
    ),
    Table(
        "staff",
        (
            _code("staff"),
            _text("given_name"),
            _text("family_name", required=True),
            _text("work_email"),
            _to("organisations", "employer"),
            _day("employed_from", required=True),
            _day("employed_to"),
        ),
        ("staff",),
    ),
    Table(
        "posts",
        (
            _to("staff", "staff"),
            _to("services", "service"),
            _to("roles", "role"),
            _choice(
                "basis",
                "permanent",
                "fixed_term",
                "acting_up",
                "secondment",
                "bank",
                "agency",
                "volunteer",
                "student",
            ),
            Column(name="wte", kind=Kind.DECIMAL, maximum=MOST_WTE, default=1.0),
            _day("starts_on", required=True),
            _day("ends_on"),
        ),
        ("staff", "service", "role", "starts_on"),
    ),
    Table(
        "absences",
        (
            _to("staff", "staff"),
            _text("kind", required=True),
            _day("starts_on", required=True),
            _day("ends_on"),
        ),
        ("staff", "starts_on"),
    ),
    Table(
        "competencies",
        (
            _code("competency"),
            _text("title", required=True),
            _text("framework"),
            _text("group"),
            _yes_no("needs_learning", required=True),
            _yes_no("needs_sign_off", required=True),
            _level("learning_level", default=1),
            _whole("learning_months", 1, MOST_MONTHS),
            _whole("sign_off_months", 1, MOST_MONTHS),
            _choice("renewal", "reset", "keep_anniversary", required=False, default="reset"),
            _whole("early_window_days", 0, MOST_DAYS, default=0),
            _yes_no("cumulative", default=True),
            _code("supervision_kind", required=False),
            _whole("supervision_every_days", 1, MOST_DAYS),
            _whole("supervision_lapse_days", 0, MOST_DAYS),
            _whole("supervision_max_group", 1, 10_000),
            _code("registration_body", required=False),
            _day("superseded_on"),
            _to("competencies", "superseded_by", required=False),
            _text("boundary"),
        ),
        ("competency",),
    ),
    Table(
        "courses",
        (
            _code("course"),
            _text("title", required=True),
            _text("provider"),
            _text("mode"),
            Column(name="hours", kind=Kind.DECIMAL, maximum=10_000),
            _whole("fee_pence", 0, 100_000_000),
            _whole("capacity", 0, 1_000_000),
        ),
        ("course",),
    ),
    Table(
        "course_grants",
        (
            _to("courses", "course"),
            _to("competencies", "competency"),
            _level("level"),
            _whole("valid_months", 1, MOST_MONTHS),
        ),
        ("course", "competency"),
    ),
    Table(
        "learning",
        (
            _to("staff", "staff"),
            _to("competencies", "competency"),
            _day("completed_on", required=True),
            _level("level"),
            _to("courses", "course", required=False),
            _text("provider"),
            _code("reference", required=False),
            _whole("valid_months", 1, MOST_MONTHS),
            RECORDED_AT,
        ),
        ("staff", "competency", "completed_on", "reference"),
    ),
    Table(
        "sign_offs",
        (
            _to("staff", "staff"),
            _to("competencies", "competency"),
            _level("level", required=True),
            _day("assessed_on", required=True),
            _choice("outcome", "competent", "not_yet"),
            _to("staff", "assessor"),
            _day("withdrawn_on"),
            _text("withdrawn_reason"),
            RECORDED_AT,
        ),
        ("staff", "competency", "assessed_on", "assessor"),
    ),
    Table(
        "supervision",
        (
            _to("staff", "supervisee"),
            _to("staff", "supervisor"),
            _code("kind"),
            _day("held_on", required=True),
            _whole("minutes", 0, 1_440),
            _whole("group_size", 1, 10_000),
            RECORDED_AT,
        ),
        ("supervisee", "supervisor", "kind", "held_on"),
    ),
    Table(
        "registrations",
        (
            _to("staff", "staff"),
            _code("body"),
            _code("number", required=False),
            _day("registered_on", required=True),
            _day("valid_to"),
        ),
        ("staff", "body", "registered_on"),
    ),
    Table(
        "suspensions",
        (
            _to("staff", "staff"),
            _to("competencies", "competency"),
            _day("starts_on", required=True),
            _day("ends_on"),
            _text("reason"),
        ),
        ("staff", "competency", "starts_on"),
    ),
    Table(
        "requirements",
        (
            _code("requirement"),
            _to("services", "service", required=False),
            _to("roles", "role", required=False),
            _to("competencies", "competency"),
            _level("level", default=1),
            _choice("cover", "each", "percent", "count", "named"),
            _whole("amount", 0, 1_000_000),
            _choice("strength", "hard_stop", "target"),
            _day("in_force_from", required=True),
            _day("in_force_to"),
            _whole("induction_days", 0, MOST_DAYS),
            _text("reason"),
        ),
        ("requirement",),
    ),
    Table(
        "exemptions",
        (
            _to("staff", "staff"),
            _to("competencies", "competency"),
            _day("starts_on", required=True),
            _day("ends_on", required=True),
            _text("approved_by", required=True),
            _text("reason_kind"),
        ),
        ("staff", "competency", "starts_on"),
    ),
)

BY_NAME: Mapping[str, Table] = MappingProxyType({table.name: table for table in TABLES})
