"""The rows of a table of completions and sign-offs as markup: hundreds on one page, so without a template.

All that comes from the record is escaped here.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from markupsafe import Markup, escape

from skillsmatrix.queries.record import EvidenceLine
from skillsmatrix.web.shared import formats
from skillsmatrix.web.shared.sight import PersonSight
from skillsmatrix.web.shared.wording import gettext as _

CELL = '<td role="cell" class="nhsuk-table__cell"'


def evidence_rows(
    lines: Sequence[EvidenceLine], sight: PersonSight, titles: Mapping[str, str] | None = None
) -> Markup:
    """A row for each line, as given; `titles`: competency → title, where the table is about several."""
    whom, last, counts = (
        f' data-label="{escape(text)}">'
        for text in (_("From whom"), _("Last day it counts"), _("Counts on this day"))
    )
    what = cache(_what)
    answers = {True: escape(_("Yes")), False: escape(_("No"))}
    drawn = (
        '<tr class="nhsuk-table__row" role="row"><th scope="row" role="rowheader" '
        'class="nhsuk-table__header app-table__row-heading pages-nowrap">'
        f"{escape(formats.day(line.day))}</th>"
        f"{_competency(line, titles)}{CELL}>"
        f"{what(line.kind, line.outcome, line.level)}{_withdrawn(line, sight)}</td>"
        f"{CELL}{whom}{_source(line)}</td>"
        f'<td role="cell" class="nhsuk-table__cell pages-nowrap"{last}{escape(_last_day(line))}</td>'
        f"{CELL}{counts}{answers[line.counts]}</td></tr>\n"
        for line in lines
    )
    return Markup("".join(drawn))  # noqa: S704


def _competency(line: EvidenceLine, titles: Mapping[str, str] | None) -> str:
    if not titles:
        return ""
    return f"{CELL}>{escape(titles.get(line.competency, line.competency))}</td>"


def _what(kind: str, outcome: str, level: int) -> Markup:
    if kind == "learning":
        return escape(_("Learning, level %(level)s", level=level))
    if outcome == "competent":
        return escape(_("Signed off, level %(level)s", level=level))
    return escape(_("Assessed at level %(level)s: not yet competent", level=level))


def _withdrawn(line: EvidenceLine, sight: PersonSight) -> str:
    if not line.withdrawn_on:
        return ""
    said = escape(_("Withdrawn on %(day)s", day=formats.day(line.withdrawn_on)))
    reason = f": {escape(line.withdrawn_reason)}" if sight.reasons and line.withdrawn_reason else ""
    return f"<br><strong>{said}</strong>{reason}"


def _source(line: EvidenceLine) -> str:
    reference = f" ({escape(line.reference)})" if line.reference else ""
    return f"{escape(line.source or _('not stated'))}{reference}"


def _last_day(line: EvidenceLine) -> str:
    if line.kind == "sign_off" and line.outcome != "competent":
        return _("grants nothing")
    return formats.day(line.valid_to) if line.valid_to else _("no end")
