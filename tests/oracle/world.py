"""The package seen on one day: whose evidence is what, who is where, what is asked (sections 3, 4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tests.oracle.days import ONE_DAY, covers, day, instant, known_day, number, row_covers
from tests.oracle.evidence import Evidence
from tests.oracle.form import Row, Tables

ALWAYS = datetime(9999, 12, 31, tzinfo=UTC)
LONG_ABSENCE_DAYS = 28  # R5


@dataclass(frozen=True)
class Instance:
    """R4: what one person is asked for in one competency, by the posts that were looked at."""

    staff: str
    competency: str
    level: int
    strength: str
    in_induction: bool


class World:
    def __init__(
        self,
        tables: Tables,
        *,
        on: date,
        known_at: datetime | None = None,
        imported_at: datetime | None = None,
    ) -> None:
        self.on = on
        self.tables = tables
        self.competencies = {row["competency"]: row for row in self.rows("competencies")}
        self.services = {row["service"]: row for row in self.rows("services")}
        self.staff = {row["staff"]: row for row in self.rows("staff")}
        blank = imported_at or datetime(1, 1, 1, tzinfo=UTC)
        limit = known_at or ALWAYS

        def known(table: str) -> list[Row]:  # C5
            return [
                row for row in self.rows(table) if instant(row.get("recorded_at", ""), blank=blank) <= limit
            ]

        self.learning = known("learning")
        self.sign_offs = known("sign_offs")
        self.supervision = known("supervision")
        self._evidence: dict[tuple[str, str], Evidence] = {}

    def rows(self, table: str) -> list[Row]:
        return self.tables.get(table, [])

    # What a person has

    def evidence(self, staff: str, competency: str) -> Evidence:
        pair = staff, competency
        if pair not in self._evidence:
            self._evidence[pair] = Evidence(
                self.competencies[competency],
                learning=own(self.learning, staff, competency),
                sign_offs=own(self.sign_offs, staff, competency),
                grants=self.rows("course_grants"),
                on=self.on,
            )
        return self._evidence[pair]

    def suspensions(self, staff: str, competency: str) -> list[str]:
        """Section 3: which of S1, S2, S3 stop this competency today, in that order."""
        row = self.competencies[competency]
        found = []
        if any(
            row_covers(stop, "starts_on", "ends_on", self.on)
            for stop in own(self.rows("suspensions"), staff, competency)
        ):
            found.append("S1")
        body = row.get("registration_body", "")
        if body and not any(
            entry["staff"] == staff
            and entry["body"] == body
            and row_covers(entry, "registered_on", "valid_to", self.on)
            for entry in self.rows("registrations")
        ):
            found.append("S2")
        if row.get("supervision_kind", "") and self.supervision_lapsed(staff, competency):
            found.append("S3")
        return found

    def supervision_lapsed(self, staff: str, competency: str) -> bool:
        """S3. Asked only of somebody who holds the competency at level 1 or more today."""
        evidence = self.evidence(staff, competency)
        start = evidence.run_start(lambda x: evidence.held_level(x) >= 1, self.on)
        sessions = self.countable_sessions(staff, competency)
        start = max([start, *sessions])
        elapsed = 0
        x = start
        while x < self.on:  # the days after the start, up to today
            x += ONE_DAY
            elapsed += 0 if self.absent(staff, x) else 1
        lapse = number(self.competencies[competency]["supervision_lapse_days"])
        assert lapse is not None
        return elapsed > lapse

    def countable_sessions(self, staff: str, competency: str) -> list[date]:
        row = self.competencies[competency]
        largest = number(row.get("supervision_max_group", ""))
        return [
            known_day(session["held_on"])
            for session in self.supervision
            if session["supervisee"] == staff
            and session["supervisor"] != staff
            and session["kind"] == row["supervision_kind"]
            and (largest is None or (number(session.get("group_size", "")) or 1) <= largest)
            and known_day(session["held_on"]) <= self.on
        ]

    def absent(self, staff: str, x: date) -> bool:
        return any(
            row["staff"] == staff and row_covers(row, "starts_on", "ends_on", x)
            for row in self.rows("absences")
        )

    def exempt(self, staff: str, competency: str) -> bool:
        """R6."""
        return any(
            row_covers(row, "starts_on", "ends_on", self.on)
            for row in own(self.rows("exemptions"), staff, competency)
        )

    def long_absent(self, staff: str) -> bool:
        """R5: each absence by itself, first and last day both counted."""
        for row in self.rows("absences"):
            if row["staff"] == staff and row_covers(row, "starts_on", "ends_on", self.on):
                last = day(row.get("ends_on", ""))
                if last is None:
                    return True
                if (last - known_day(row["starts_on"])).days + 1 >= LONG_ABSENCE_DAYS:
                    return True
        return False

    # Where a person is, and what is asked there

    def posts_in_force(self, staff: str, *, service: str | None = None) -> list[Row]:
        """R1."""
        person = self.staff[staff]
        if not row_covers(person, "employed_from", "employed_to", self.on):
            return []
        return [
            post
            for post in self.rows("posts")
            if post["staff"] == staff
            and row_covers(post, "starts_on", "ends_on", self.on)
            and service in (None, post["service"])
        ]

    def open_service(self, service: str) -> bool:
        return row_covers(self.services[service], "opens_on", "closes_on", self.on)

    def requirements_in_force(self) -> list[Row]:
        """The first half of R2; whether the service is open is asked of each post."""
        return [
            row
            for row in self.rows("requirements")
            if row_covers(row, "in_force_from", "in_force_to", self.on)
        ]

    def instances(self, staff: str, *, service: str | None = None) -> list[Instance]:
        """R4, R5, R7, by all posts of a person or by those at one service."""
        if self.long_absent(staff):
            return []
        asking: dict[str, list[tuple[Row, Row]]] = {}
        for post in self.posts_in_force(staff, service=service):
            for row in self.requirements_in_force():
                if row["cover"] == "each" and applies(row, post) and self.open_service(post["service"]):
                    asking.setdefault(row["competency"], []).append((row, post))
        return [
            Instance(
                staff=staff,
                competency=competency,
                level=max(level_of(row) for row, _ in pairs),
                strength="hard_stop" if any(row["strength"] == "hard_stop" for row, _ in pairs) else "target",
                in_induction=self.in_induction(pairs),
            )
            for competency, pairs in sorted(asking.items())
        ]

    def in_induction(self, pairs: list[tuple[Row, Row]]) -> bool:
        """R7: every post that asks is inside its own window."""
        windows: dict[tuple[str, str, str], int] = {}
        for row, post in pairs:
            key = post["service"], post["role"], post["starts_on"]
            days = number(row.get("induction_days", "")) or 0
            windows[key] = max(windows.get(key, 0), days)
        for (_, _, starts_on), days in windows.items():
            start = known_day(starts_on)
            if days == 0 or not covers(start, start + timedelta(days=days), self.on):
                return False
        return True


def own(rows: Iterable[Row], staff: str, competency: str) -> list[Row]:
    return [row for row in rows if row["staff"] == staff and row["competency"] == competency]


def applies(requirement: Row, post: Row) -> bool:
    """R3."""
    return requirement.get("service", "") in ("", post["service"]) and requirement.get("role", "") in (
        "",
        post["role"],
    )


def level_of(requirement: Row) -> int:
    return number(requirement.get("level", "")) or 1
