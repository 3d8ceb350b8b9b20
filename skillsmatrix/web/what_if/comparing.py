"""Scenarios side by side, and the files of what is shown."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from flask import Response, abort, render_template, request, url_for

from skillsmatrix.domain.scenario import is_own_code, new_services
from skillsmatrix.interchange.cells import csv_for_people
from skillsmatrix.queries.scenario_effect import Effect, costs
from skillsmatrix.web.shared.converters import LARGEST_ROW
from skillsmatrix.web.shared.database import db_session
from skillsmatrix.web.shared.formats import day
from skillsmatrix.web.shared.guards import needs
from skillsmatrix.web.shared.wording import gettext as _
from skillsmatrix.web.what_if import pages
from skillsmatrix.web.what_if.blueprint import bp
from skillsmatrix.web.what_if.sight import READ, Names, Read, names_for, read_scenario

MOST_COMPARED: Final = 3
_CSV: Final = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Compared:
    """Two or three scenarios on a day. `totals`: a row of text each; `services`: (name of the service, rows),
    of what differs in one of them."""

    on: date
    chosen: list[Read]
    totals: list[list[str]]
    services: list[tuple[str, list[list[str]]]]


@bp.get("/what-if/compare")
@needs(READ)
def compare() -> Any:
    numbers = _numbers()
    if not 2 <= len(numbers) <= MOST_COMPARED:
        return render_template("what_if/too_few.html", most=MOST_COMPARED)
    compared = _compared(numbers)
    return render_template(
        "what_if/compare.html",
        compared=compared,
        file=url_for("what_if.compare_csv", scenario=numbers, on=compared.on.isoformat()),
    )


@bp.get("/what-if/compare.csv")
@needs(READ)
def compare_csv() -> Any:
    numbers = _numbers()
    if not 2 <= len(numbers) <= MOST_COMPARED:
        abort(400, description=_("Choose two or three scenarios to compare."))
    compared = _compared(numbers)
    header = [_("On %(day)s", day=day(compared.on)), _("As things stand")]
    header += [each.saved.name for each in compared.chosen]
    rows = [*compared.totals]
    for name, figures in compared.services:
        rows += [[f"{name}: {what}", *values] for what, *values in figures]
    return _file(header, rows, f"what-if-{compared.on}.csv")


@bp.get("/what-if/<int:scenario_id>/lines.csv")
@needs(READ)
def lines_csv(scenario_id: int) -> Any:
    read = read_scenario(scenario_id)
    on = pages.asked_or_felt([read.fitted])
    found = pages.effect_of(read.fitted, on=on)
    header = [
        _("Requirement, on %(day)s", day=day(on)),
        _("Who must hold it"),
        _("Strength"),
        _("Required as things stand"),
        _("Held as things stand"),
        _("Short as things stand"),
        _("Required with the changes"),
        _("Held with the changes"),
        _("Short with the changes"),
        _("First short as things stand"),
        _("First short with the changes"),
    ]
    rows = pages.rows_for_file(found, names_for(read.saved.changes), pages.hides)
    return _file(header, rows, f"what-if-{scenario_id}-{on}.csv")


def _numbers() -> list[int]:
    found = request.args.getlist("scenario", type=int)
    return [number for number in dict.fromkeys(found) if 0 < number <= LARGEST_ROW]


def _compared(numbers: list[int]) -> Compared:
    chosen = [read_scenario(number) for number in numbers]
    on = pages.asked_or_felt([each.fitted for each in chosen])
    effects = [pages.effect_of(each.fitted, on=on) for each in chosen]
    return Compared(on, chosen, _totals(chosen, effects), _services(chosen, effects))


def _totals(chosen: list[Read], effects: list[Effect]) -> list[list[str]]:
    columns = [pages.totals(each.before, each.after) for each in effects]
    planned = [each.fitted for each in chosen]
    rows = [
        [what, now, *(column[place][2] for column in columns)]
        for place, (what, now, _after) in enumerate(columns[0])
    ]
    prices = [pages.money(costs(db_session(), each)) or _("none") for each in planned]
    return [*rows, [_("Cost of courses"), "", *prices]]


def _services(chosen: list[Read], effects: list[Effect]) -> list[tuple[str, list[list[str]]]]:
    names: Names = names_for([change for each in chosen for change in each.saved.changes])
    sides = [{one.service: one for one in each.services} for each in effects]
    differing = sorted(
        {one.service for each in effects for one in each.services if one.differs},
        key=lambda code: names.services.get(code, code).casefold(),
    )
    what = (
        _("Hard stops not met"),
        _("Requirements not met"),
        _("People missing"),
        _("Compliance"),
        _("First short of anything on"),
    )
    found = []
    for code in differing:
        known = [each.get(code) for each in sides]
        people = max(one.people for one in known if one is not None)
        first = next(one for one in known if one is not None)
        sides_of = [first.before, *(first.before if one is None else one.after for one in known)]
        columns = [pages.service_figures(side, people=people) for side in sides_of]
        rows = [[title, *(column[place] for column in columns)] for place, title in enumerate(what)]
        rows = [row for row in rows if len(set(row[1:])) > 1]
        found.append((_called(code, chosen, names), rows))
    return found


def _called(code: str, chosen: list[Read], names: Names) -> str:
    """The name of a service; new ones of several scenarios may share a code."""
    if not is_own_code(code):
        return names.services.get(code, code)
    own = (new_services(each.saved.changes).get(code) for each in chosen)
    return ", ".join(dict.fromkeys(name for name in own if name))


def _file(header: list[str], rows: list[list[str]], name: str) -> Response:
    body = csv_for_people(header, rows).encode("utf-8-sig")
    response = Response(body, content_type=_CSV)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
