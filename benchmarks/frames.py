"""The matrix as a pandas script, and in DuckDB over the facts and over contributions made beforehand."""

from typing import Any

import duckdb
import numpy as np
import pandas as pd

from benchmarks.answer import Answer
from benchmarks.data import Table
from benchmarks.sql import columns_of, query
from benchmarks.tuned import FAR
from skillsmatrix.engine.days import DAY_ZERO, OPEN
from skillsmatrix.engine.image import Image


class Pandas:
    """Frames in memory, merged and grouped."""

    name = "pandas"

    def __init__(self, tables: dict[str, Table]) -> None:
        self.tables = {name: pd.DataFrame(columns) for name, columns in tables.items()}
        self.attainment = self.tables["attainment"].merge(
            self.tables["competency"].rename(columns={"id": "competency"}), on="competency"
        )

    def matrix(self, day: int) -> Answer:
        """The answer for one day."""
        rows = self.tables["requirement"]
        team = self._team(day)
        sizes = team.groupby("service").size()
        in_scope = rows["service"].map(sizes).fillna(0).astype(np.int64).to_numpy()
        exemption = _covering(self.tables["exemption"], day)[["staff", "competency"]]
        excused = team.merge(exemption, on="staff").merge(rows, on=["service", "competency"])
        exempt = _counts(excused["id"], len(rows))
        held = team.merge(self._holding(day, exemption), on="staff").merge(rows, on=["service", "competency"])
        ends = np.select([held["level"] == 1, held["level"] == 2], [held["v1"], held["v2"]], held["v3"])
        counted = held[~np.isnan(ends)].assign(valid_to=ends[~np.isnan(ends)])
        valid_to = np.minimum(counted["valid_to"], counted["bound"])
        share = (rows["amount"].to_numpy() * in_scope + 99) // 100
        required = np.where(rows["cover"] == 0, in_scope - exempt, share)
        bands = [_counts(counted["id"][valid_to <= day + days], len(rows)) for days in (30, 60, 90)]
        return Answer.of(in_scope, required, _counts(counted["id"], len(rows)), *bands)

    def _team(self, day: int) -> pd.DataFrame:
        absence = _covering(self.tables["absence"], day)
        away = absence[absence["ends_on"] - absence["starts_on"] >= 27]["staff"]
        posts = _covering(self.tables["post"], day)
        staff = self.tables["staff"]
        employed = staff[(staff["employed_from"] <= day) & (staff["employed_to"] >= day)]["id"]
        counted = (posts["counts"] == 1) & posts["staff"].isin(employed) & ~posts["staff"].isin(away)
        return posts[counted][["service", "staff"]].drop_duplicates()

    def _holding(self, day: int, exemption: pd.DataFrame) -> pd.DataFrame:
        rows = self.attainment
        rows = rows[(rows["starts_on"] <= day) & (rows["valid_to"] >= day) & (rows["withdrawn_on"] > day)]
        graded = rows["kind"] == rows["graded"]
        ends = rows["valid_to"].astype(np.float64)
        found = pd.DataFrame(
            {
                "staff": rows["staff"],
                "competency": rows["competency"],
                "v1": ends.where(graded),
                "v2": ends.where(graded & (rows["level"] >= 2)),
                "v3": ends.where(graded & (rows["level"] >= 3)),
                "bound": ends.where(rows["kind"] == 0).where(rows["both"] == 1, FAR),
                "registered": rows["registered"],
            }
        )
        pairs = found.groupby(["staff", "competency"], as_index=False).max()
        pairs = pairs[pairs["v1"].notna() & pairs["bound"].notna()]
        registration = self.tables["registration"]
        on_register = (registration["registered_on"] <= day) & (registration["valid_to"] >= day)
        registered = registration[on_register]["staff"]
        pairs = pairs[(pairs["registered"] == 0) | pairs["staff"].isin(registered)]
        suspension = _covering(self.tables["suspension"], day)[["staff", "competency"]]
        off = pd.concat((exemption, suspension, self._lapsed(day))).drop_duplicates()
        merged = pairs.merge(off, on=["staff", "competency"], how="left", indicator=True)
        return merged[merged["_merge"] == "left_only"]

    def _lapsed(self, day: int) -> pd.DataFrame:
        rows = self.attainment
        rows = rows[(rows["lapse_days"] > 0) & (rows["starts_on"] <= day)]
        first = rows.groupby(["staff", "competency", "kind"], as_index=False)["starts_on"].min()
        since = first.groupby(["staff", "competency"], as_index=False)["starts_on"].max()
        sessions = self.tables["session"]
        last = sessions[sessions["held_on"] <= day].groupby("staff")["held_on"].max()
        start = np.maximum(since["starts_on"], since["staff"].map(last).fillna(0))
        absence = self.tables["absence"].set_index("staff")
        begins = since["staff"].map(absence["starts_on"]).fillna(FAR)
        ends = since["staff"].map(absence["ends_on"]).fillna(0)
        away = np.maximum(0, np.minimum(day, ends) - np.maximum(start + 1, begins) + 1)
        limit = rows["lapse_days"].iloc[0] if len(rows) else 0
        return since[day - start - away > limit][["staff", "competency"]]


def _covering(rows: pd.DataFrame, day: int) -> pd.DataFrame:
    return rows[(rows["starts_on"] <= day) & (rows["ends_on"] >= day)]


def _counts(ids: "pd.Series[Any]", rows: int) -> Any:
    return np.bincount(ids.to_numpy() - 1, minlength=rows)


class DuckFacts:
    """The statement of the databases, over the same facts."""

    name = "DuckDB over facts"

    def __init__(self, tables: dict[str, Table]) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("SET threads = 2")
        for table, columns in tables.items():
            frame = pd.DataFrame(dict(zip(columns_of(table, columns), columns.values(), strict=True)))
            self.connection.register("frame", frame.astype(np.int32))
            self.connection.execute(f"CREATE TABLE {table} AS SELECT * FROM frame")

    def matrix(self, day: int) -> Answer:
        """The answer for one day."""
        statement = query(day, whole="floor").replace("/ 100)", "// 100)")
        found = self.connection.execute(statement).fetchnumpy()
        columns = [np.asarray(column, dtype=np.int64) for column in found.values()]
        return Answer.of(*columns[1:])


class DuckContributions:
    """Its best table: what the image holds, line by line, with lapsed supervision cut out beforehand."""

    name = "DuckDB over contributions"

    def __init__(self, image: Image) -> None:
        self.connection = duckdb.connect()
        self.connection.execute("SET threads = 2")
        lines, columns = image.catalogue.lines, image.columns
        self._table("held", columns.held, "line", valid_to=columns.held.valid_to)
        lapses = image.held_lapses
        frame = pd.DataFrame({"row": lapses.row, "starts_on": lapses.starts_on, "ends_on": lapses.ends_on})
        self.connection.register("frame", frame)
        self.connection.execute("CREATE TABLE lapse AS SELECT * FROM frame")
        self._table("exempt", columns.exempt, "line")
        self._table("team", columns.teams, "team")
        frame = pd.DataFrame(
            {
                "line": np.arange(len(lines)),
                "row": lines.row,
                "team": lines.team,
                "share": lines.share,
                "fixed": lines.fixed,
                "each_one": lines.each.astype(np.int32),
            }
        )
        self.connection.register("frame", frame)
        self.connection.execute("CREATE TABLE line AS SELECT * FROM frame")

    def _table(self, name: str, rows: Any, key: str, **more: Any) -> None:
        columns = {"number": np.arange(len(rows)), key: getattr(rows, key)}
        columns |= {"starts_on": rows.starts_on, "ends_on": rows.ends_on, **more}
        self.connection.register("frame", pd.DataFrame(columns))
        self.connection.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")

    def matrix(self, day: int) -> Answer:
        """The answer for one day."""
        number = day - DAY_ZERO
        assert number < OPEN
        found = self.connection.execute(f"""
WITH h AS (
  SELECT line, count(*) AS held, count(*) FILTER (valid_to <= {number} + 30) AS e30,
    count(*) FILTER (valid_to <= {number} + 60) AS e60, count(*) FILTER (valid_to <= {number} + 90) AS e90
  FROM held WHERE starts_on <= {number} AND ends_on >= {number} AND number NOT IN (
    SELECT row FROM lapse WHERE starts_on <= {number} AND ends_on >= {number}) GROUP BY line),
x AS (SELECT line, count(*) AS n FROM exempt
  WHERE starts_on <= {number} AND ends_on >= {number} GROUP BY line),
t AS (SELECT team, count(*) AS n FROM team
  WHERE starts_on <= {number} AND ends_on >= {number} GROUP BY team)
SELECT coalesce(t.n, 0) AS scope,
  (line.share * coalesce(t.n, 0) + 99) // 100 + line.fixed - line.each_one * coalesce(x.n, 0) AS required,
  coalesce(h.held, 0) AS held, coalesce(h.e30, 0) AS e30, coalesce(h.e60, 0) AS e60,
  coalesce(h.e90, 0) AS e90
FROM line LEFT JOIN t ON t.team = line.team LEFT JOIN h ON h.line = line.line
LEFT JOIN x ON x.line = line.line ORDER BY line.row""").fetchnumpy()
        return Answer.of(*(np.asarray(column, dtype=np.int64) for column in found.values()))
