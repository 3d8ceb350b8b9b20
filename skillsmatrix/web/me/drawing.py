"""The competencies of My record as markup: seventy on one page, each with its picture, so without a template.

All that comes from the record is escaped here.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from urllib.parse import quote

from flask import g, url_for
from markupsafe import Markup, escape

from skillsmatrix.queries.record import Standpoint
from skillsmatrix.web.me.timeline import WIDTH, Timeline
from skillsmatrix.web.shared.reasons import level_words
from skillsmatrix.web.shared.standings import standing_words
from skillsmatrix.web.shared.wording import gettext as _


class Drawing:
    """Draws for one reader on one day; `timelines`: competency → its picture."""

    def __init__(self, timelines: Mapping[str, Timeline]) -> None:
        self._timelines = timelines
        self._base = url_for("me.index")
        self._suffix = "" if g.on == g.today else f"?on={g.on.isoformat()}"
        self._hard_stop = escape(_("Hard stop"))
        self._of_the_team = escape(_("Your team counts on you for this."))
        self._over_time = _("%(title)s over time", title="{title}")
        self._standings: dict[str, str] = {}

    def items(self, points: Sequence[Standpoint], pictures: bool = True) -> Markup:
        """An item of a list for each: where it stands, what to do, why, and when it was held."""
        return Markup("\n".join(self._item(point, pictures) for point in points))  # noqa: S704

    def allowed(self, points: Sequence[Standpoint]) -> Markup:
        """What holding each allows, under its title."""
        none = _("No boundary is written down; ask your supervisor.")
        held = cache(_held)
        drawn = (
            f'<h3 class="nhsuk-heading-xs">{escape(point.competency.title)}</h3>\n'
            f"<p>{held(point.verdict.held_level)} {escape(point.competency.boundary or none)}</p>"
            for point in points
        )
        return Markup("\n".join(drawn))  # noqa: S704

    def _item(self, point: Standpoint, pictures: bool) -> str:
        address = f"{self._base}/competencies/{quote(point.competency.code, safe='/')}{self._suffix}"
        level = point.verdict.level
        asked = f", {escape(_('level %(level)s', level=level))}" if level > 1 else ""
        parts = [
            f'<li>\n<p class="pages-record__title"><a href="{escape(address)}">',
            f"{escape(point.competency.title)}</a>{asked} {self._standing(point)}",
        ]
        if point.hard_stop:
            parts.append(f' <span class="pages-stop">{self._hard_stop}</span>')
        parts.append("</p>\n")
        if point.next_step:
            parts.append(f"<p><strong>{escape(point.next_step)}</strong></p>\n")
        parts.append(f"<p>{escape(point.because)}</p>\n")
        if not point.asked and point.rows:
            parts.append(f"<p>{self._of_the_team}</p>\n")
        if pictures:
            parts.append(self._picture(point, self._timelines[point.competency.code]))
        parts.append("</li>")
        return "".join(parts)

    def _standing(self, point: Standpoint) -> str:
        """A word, a shape and a colour, as `components/standing.html` draws it."""
        code = point.verdict.standing.value
        if code not in self._standings:
            word = escape(standing_words(code).word)
            self._standings[code] = f'<span class="app-standing app-standing--{code}">{word}</span>'
        return self._standings[code]

    def _picture(self, point: Standpoint, line: Timeline) -> str:
        """The stretches in which it was held, two years back and one ahead; the words say the same."""
        name = escape("line-" + point.competency.code.replace(" ", "-"))
        title = escape(self._over_time.replace("{title}", point.competency.title))
        bars = "".join(
            f'<rect class="pages-timeline__held" x="{bar.x}" y="4" width="{bar.width}" height="12"/>'
            for bar in line.bars
        )
        years = "".join(
            f'<line class="pages-timeline__year" x1="{x}" x2="{x}" y1="2" y2="22"/>'
            f'<text class="pages-timeline__text" x="{x + 3}" y="30">{year}</text>'
            for x, year in line.years
        )
        return (
            f'<svg class="pages-timeline" viewBox="0 0 {WIDTH} 34" role="img" '
            f'aria-labelledby="{name}-title {name}-words" focusable="false">'
            f'<title id="{name}-title">{title}</title><desc id="{name}-words">{escape(line.words)}</desc>'
            f'<rect class="pages-timeline__ground" x="0" y="4" width="{WIDTH}" height="12"/>{bars}{years}'
            f'<line class="pages-timeline__today" x1="{line.today_x}" x2="{line.today_x}" y1="0" y2="20"/>'
            "</svg>\n"
        )


def _held(level: int) -> str:
    words = level_words(level)
    held = escape(_("You hold level %(level)s.", level=level))
    return f"{held} {escape(words)}." if words else held
