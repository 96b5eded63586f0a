"""An account of what became of the runs, kept by the database itself and read as its superuser."""

import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

SCHEMA = """
CREATE SCHEMA drill;
CREATE TABLE drill.happened (id bigserial, what text, which uuid);
CREATE FUNCTION drill.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    INSERT INTO drill.happened (what, which) VALUES (TG_TABLE_NAME || ' ' || NEW.state, NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER drill AFTER UPDATE ON analysis_run FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION drill.note();
CREATE TRIGGER drill AFTER UPDATE ON reports_report FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION drill.note();

CREATE TABLE drill.clock (ahead interval NOT NULL);
INSERT INTO drill.clock VALUES ('0');
CREATE FUNCTION drill.statement_timestamp() RETURNS timestamptz LANGUAGE sql SECURITY DEFINER STABLE AS
    'SELECT pg_catalog.statement_timestamp() + ahead FROM drill.clock';
GRANT USAGE ON SCHEMA drill TO PUBLIC;
"""
# The product asks for statement_timestamp() without naming its schema.
BENT_CLOCK = "ALTER ROLE echodepth_app IN DATABASE echodepth SET search_path = drill, pg_catalog, public"
ONCE = ("analysis_run reporting", "analysis_run done", "reports_report ready")
"""What happens to a run, or its report, once and never again."""
say = partial(print, flush=True)
FINAL = ("done", "failed", "cancelled")


class Witness:
    def __init__(self, place: str, storage: Path) -> None:
        self._url = f"postgres://postgres@{place}"
        self._storage = storage

    def begin(self) -> None:
        self.ask(SCHEMA)
        self.ask(BENT_CLOCK)

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """The answer, however long the database is away before."""
        while True:
            try:
                with psycopg.connect(self._url, autocommit=True) as connection:
                    cursor = connection.execute(query, values or None)
                    return cursor.fetchall() if cursor.description else []
            except psycopg.OperationalError:
                time.sleep(0.1)

    def states(self, runs: list[UUID]) -> dict[UUID, str]:
        return dict(self.ask("SELECT id, state FROM analysis_run WHERE id = ANY(%s)", runs))  # type: ignore[arg-type]

    def all_final(self, runs: list[UUID]) -> bool:
        return all(state in FINAL for state in self.states(runs).values())

    def judge(self, runs: dict[UUID, int]) -> Counter[str]:
        """How many of the runs, given with their frames, are lost, doubled or stuck; says of each why."""
        found: Counter[str] = Counter(lost=0, doubled=0, stuck=0)
        for run, frames in runs.items():
            faults = self._faults(run, frames)
            found.update({kind for kind, _why in faults})
            for kind, why in faults:
                say(f"  {kind}: run {run}: {why}")
        return found

    def _faults(self, run: UUID, frames: int) -> list[tuple[str, str]]:
        columns = "state, error_code, frames_done, result_key, frames_key, tidy_at"
        query = f"SELECT {columns} FROM analysis_run WHERE id = %s"  # noqa: S608 - nothing from outside
        ((state, code, done, result, table, tidy_at),) = self.ask(query, run)
        if state not in FINAL:
            return [("stuck", state)]
        if state != "done":
            return [("lost", f"{state} {code}")]
        reports = self.ask("SELECT id, state, storage_key FROM reports_report WHERE run_id = %s", run)
        faults = [] if done == frames else [("lost", f"{done} of {frames} frames")]
        keys = [result, table, *(key for _id, _state, key in reports)]
        faults += [("lost", f"object {key}") for key in keys if not (key and (self._storage / key).is_file())]
        faults += [("lost", f"report {state}") for _id, state, _key in reports if state != "ready"]
        faults += self._doubled(run, [report for report, _state, _key in reports])
        if tidy_at is None:
            faults += self._left_over(Path(result).parent.parent, {result, table})
        return faults

    def _doubled(self, run: UUID, reports: list[UUID]) -> list[tuple[str, str]]:
        query = "SELECT what FROM drill.happened WHERE which = ANY(%s)"
        counts = Counter(what for (what,) in self.ask(query, [run, *reports]))
        faults = [("doubled", f"{counts[what]} times {what}") for what in ONCE if counts[what] > 1]
        missing = [("lost", f"never {what}") for what in ONCE if counts[what] == 0]
        return faults + missing + ([("doubled", "reports")] if len(reports) > 1 else [])

    def _left_over(self, folder: Path, wanted: set[str]) -> list[tuple[str, str]]:
        """Once a run is tidied, its folder holds one result alone."""
        files = (path for path in (self._storage / folder).rglob("*") if path.is_file())
        names = {str(path.relative_to(self._storage)) for path in files}
        return [("doubled", f"object {name}") for name in sorted(names - wanted)]
