"""The matrix in one statement over the tuned facts, for SQLite, PostgreSQL and DuckDB."""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from pysqlite3 import dbapi2 as sqlite

from benchmarks.answer import Answer
from benchmarks.data import Table

QUERY = """
WITH away AS MATERIALIZED (
  SELECT staff FROM absence WHERE starts_on <= {d} AND ends_on >= {d} AND ends_on - starts_on >= 27),
team AS MATERIALIZED (
  SELECT DISTINCT p.service, p.staff FROM post p JOIN staff s ON s.id = p.staff
  WHERE p.counts = 1 AND p.starts_on <= {d} AND p.ends_on >= {d}
    AND s.employed_from <= {d} AND s.employed_to >= {d}
    AND p.staff NOT IN (SELECT staff FROM away)),
valid AS MATERIALIZED (
  SELECT a.staff, a.competency,
    max(CASE WHEN a.kind = c.graded THEN a.valid_to END) AS v1,
    max(CASE WHEN a.kind = c.graded AND a.level >= 2 THEN a.valid_to END) AS v2,
    max(CASE WHEN a.kind = c.graded AND a.level >= 3 THEN a.valid_to END) AS v3,
    max(CASE WHEN c.both_kinds = 0 THEN 9000000 WHEN a.kind = 0 THEN a.valid_to END) AS bound
  FROM attainment a JOIN competency c ON c.id = a.competency
  WHERE a.starts_on <= {d} AND a.valid_to >= {d} AND a.withdrawn_on > {d}
  GROUP BY a.staff, a.competency),
since AS (
  SELECT a.staff, a.competency, min(CASE WHEN a.kind = 0 THEN a.starts_on END) AS learnt,
    min(CASE WHEN a.kind = 1 THEN a.starts_on END) AS signed
  FROM attainment a JOIN competency c ON c.id = a.competency AND c.lapse_days > 0
  WHERE a.starts_on <= {d} GROUP BY a.staff, a.competency),
last_held AS MATERIALIZED (
  SELECT staff, max(held_on) AS held_on FROM session WHERE held_on <= {d} GROUP BY staff),
clock AS MATERIALIZED (
  SELECT s.staff, s.competency, {greatest}({greatest}(coalesce(s.learnt, 0), coalesce(s.signed, 0)),
    coalesce(l.held_on, 0)) AS starts_on
  FROM since s LEFT JOIN last_held l ON l.staff = s.staff),
lapsed AS MATERIALIZED (
  SELECT k.staff, k.competency FROM clock k
  JOIN competency c ON c.id = k.competency LEFT JOIN absence b ON b.staff = k.staff
  GROUP BY k.staff, k.competency, k.starts_on, c.lapse_days
  HAVING {d} - k.starts_on - sum(CASE WHEN b.staff IS NULL THEN 0 ELSE {greatest}(0,
    {least}({d}, b.ends_on) - {greatest}(k.starts_on + 1, b.starts_on) + 1) END) > c.lapse_days),
off AS MATERIALIZED (
  SELECT staff, competency FROM suspension WHERE starts_on <= {d} AND ends_on >= {d}
  UNION SELECT staff, competency FROM exemption WHERE starts_on <= {d} AND ends_on >= {d}
  UNION SELECT staff, competency FROM lapsed),
registered AS MATERIALIZED (
  SELECT DISTINCT staff FROM registration WHERE registered_on <= {d} AND valid_to >= {d}),
holding AS MATERIALIZED (
  SELECT v.staff, v.competency, v.v1, v.v2, v.v3, v.bound FROM valid v
  JOIN competency c ON c.id = v.competency
  WHERE v.v1 IS NOT NULL AND v.bound IS NOT NULL
    AND (c.registered = 0 OR v.staff IN (SELECT staff FROM registered))
    AND NOT EXISTS (SELECT 1 FROM off o WHERE o.staff = v.staff AND o.competency = v.competency)),
counted AS MATERIALIZED (
  SELECT r.id, {least}(CASE r.level WHEN 1 THEN h.v1 WHEN 2 THEN h.v2 ELSE h.v3 END, h.bound) AS valid_to
  FROM team t JOIN holding h ON h.staff = t.staff
  JOIN requirement r ON r.service = t.service AND r.competency = h.competency
  WHERE CASE r.level WHEN 1 THEN h.v1 WHEN 2 THEN h.v2 ELSE h.v3 END IS NOT NULL),
totals AS (
  SELECT id, count(*) AS held, sum(CASE WHEN valid_to <= {d} + 30 THEN 1 ELSE 0 END) AS e30,
    sum(CASE WHEN valid_to <= {d} + 60 THEN 1 ELSE 0 END) AS e60,
    sum(CASE WHEN valid_to <= {d} + 90 THEN 1 ELSE 0 END) AS e90 FROM counted GROUP BY id),
sizes AS (SELECT service, count(*) AS n FROM team GROUP BY service),
excused AS (
  SELECT r.id, count(*) AS n FROM exemption e JOIN team t ON t.staff = e.staff
  JOIN requirement r ON r.service = t.service AND r.competency = e.competency
  WHERE e.starts_on <= {d} AND e.ends_on >= {d} GROUP BY r.id)
SELECT r.id, coalesce(s.n, 0),
  CASE r.cover WHEN 0 THEN coalesce(s.n, 0) - coalesce(x.n, 0)
    ELSE {whole}((r.amount * coalesce(s.n, 0) + 99) / 100) END,
  coalesce(t.held, 0), coalesce(t.e30, 0), coalesce(t.e60, 0), coalesce(t.e90, 0)
FROM requirement r LEFT JOIN sizes s ON s.service = r.service
LEFT JOIN totals t ON t.id = r.id LEFT JOIN excused x ON x.id = r.id
ORDER BY r.id
"""
INDEXES = (
    "CREATE INDEX by_pair ON attainment (staff, competency, kind, level, starts_on, valid_to, withdrawn_on)",
    "CREATE INDEX by_staff ON post (staff, service, starts_on, ends_on, counts)",
    "CREATE INDEX by_cell ON requirement (service, competency, level, id)",
    "CREATE INDEX by_supervisee ON session (staff, held_on)",
    "CREATE INDEX absent ON absence (staff, starts_on, ends_on)",
    "CREATE INDEX excepted ON exemption (staff, competency)",
)


def query(day: int, *, greatest: str = "greatest", least: str = "least", whole: str = "") -> str:
    """The statement for one day."""
    return QUERY.format(d=day, greatest=greatest, least=least, whole=whole)


def columns_of(table: str, columns: Table) -> list[str]:
    """Column names; `both` is a word of the language in some places."""
    return ["both_kinds" if (table, name) == ("competency", "both") else name for name in columns]


def answer(rows: Iterable[Any]) -> Answer:
    """Fetched rows as columns."""
    table = np.array([tuple(row) for row in rows], dtype=np.int64).T
    return Answer.of(*table[1:])


class Sqlite:
    """The bundled library, tables keyed and indexed for this question."""

    name = "SQL over facts, SQLite"

    def __init__(self, tables: dict[str, Table], folder: Path) -> None:
        self.connection = sqlite.connect(folder / "tuned.db")
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA cache_size = -1000000")
        for table, columns in tables.items():
            names = columns_of(table, columns)
            typed = ", ".join(f"{name} INTEGER" for name in names)
            self.connection.execute(f"CREATE TABLE {table} ({typed}) STRICT")
            marks = ", ".join("?" * len(names))
            rows = zip(*(column.tolist() for column in columns.values()), strict=True)
            self.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        for index in INDEXES:
            self.connection.execute(index)
        self.connection.execute("ANALYZE")
        self.connection.commit()

    def matrix(self, day: int) -> Answer:
        """The answer for one day."""
        return answer(self.connection.execute(query(day, greatest="max", least="min")))


class Postgresql:
    """A server of its own, planner statistics fresh, 256 MB to work in."""

    name = "SQL over facts, PostgreSQL"

    def __init__(self, tables: dict[str, Table], address: str) -> None:
        self.connection = psycopg.connect(address, autocommit=True)
        for setting in ("work_mem = '256MB'", "jit = off", "max_parallel_workers_per_gather = 2"):
            self.connection.execute(f"SET {setting}")
        for table, columns in tables.items():
            names = columns_of(table, columns)
            typed = ", ".join(f"{name} integer" for name in names)
            self.connection.execute(f"CREATE TABLE {table} ({typed})")
            text = io.BytesIO()
            np.savetxt(text, np.stack(list(columns.values()), axis=1), fmt="%d", delimiter="\t")
            with self.connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(text.getvalue())
        for index in INDEXES:
            self.connection.execute(index)
        self.connection.execute("VACUUM ANALYZE")

    def matrix(self, day: int) -> Answer:
        """The answer for one day."""
        return answer(self.connection.execute(query(day)).fetchall())
