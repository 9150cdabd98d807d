"""Keeping recurring concerns, what became of them, and which points wait for the next full run."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from sqlite_utils import Database

from kb.clusters import Change, Cluster, Event, Member
from kb.errors import NotHeld
from kb.store import meta

Place = tuple[str, int]
"""A passage's stable key and where in it a point begins."""
_GROUPED, _WAITING, _GENERATION = "clusters_grouped", "clusters_waiting", "clusters_generation"


def replace(db: Database, clusters: Sequence[Cluster], events: Iterable[Event]) -> None:
    """Store the recurring concerns of a full run and what became of earlier ones."""
    with db.atomic():
        db.execute("DELETE FROM cluster_members")
        db.execute("DELETE FROM clusters")
        for one in clusters:
            _write(db, one)
        _tell(db, events)
        meta.put(db, _GENERATION, meta.generation(db))


def grow(db: Database, changed: Sequence[tuple[str, Cluster]], waiting: Sequence[Place]) -> None:
    """Store groups that new points were assigned to, by id; the points left over wait."""
    with db.atomic():
        for name, one in changed:
            was = db.execute("SELECT reports FROM clusters WHERE id = ?", [name]).fetchone()[0]
            db.execute("DELETE FROM cluster_members WHERE cluster_id = ?", [name])
            db.execute("DELETE FROM clusters WHERE id = ?", [name])
            _write(db, one, name=name)
            if one.reports != was:
                change = Change.GREW if one.reports > was else Change.SHRANK
                _tell(db, [Event(cluster_id=name, change=change, reports=one.reports)])
        grouped, before = last_run(db)
        now = [*before, *waiting]
        meta.put(db, _WAITING, sorted(set(now)))
        placed = {(key, start) for key, start in _places(db)}
        meta.put(db, _GROUPED, sorted((grouped | placed) | set(now)))
        meta.put(db, _GENERATION, meta.generation(db))


def keep_run(db: Database, places: Sequence[Place]) -> None:
    """Remember which points a full run has seen; none wait any more."""
    with db.atomic():
        meta.put(db, _GROUPED, sorted(places))
        meta.put(db, _WAITING, [])


def last_run(db: Database) -> tuple[set[Place], set[Place]]:
    """Return the points that have been grouped or looked at, and those of them that wait."""
    return tuple(  # type: ignore[return-value]
        {(key, start) for key, start in meta.get(db, name) or []} for name in (_GROUPED, _WAITING)
    )


def waiting(db: Database) -> int:
    """How many new points found no group and wait for the next full run."""
    return len(meta.get(db, _WAITING) or [])


def has_lost_members(db: Database) -> bool:
    """Tell whether a group has a member whose passage is no longer held, so that counts are off."""
    row = db.execute(
        "SELECT 1 FROM cluster_members WHERE passage_key NOT IN (SELECT key FROM passages) LIMIT 1"
    ).fetchone()
    return row is not None


def before(db: Database) -> dict[str, tuple[int, frozenset[Place]]]:
    """Return each group's reports and the places of its members, by id."""
    places: dict[str, set[Place]] = {}
    for name, key, start in db.execute(
        "SELECT cluster_id, passage_key, start FROM cluster_members"
    ):
        places.setdefault(name, set()).add((key, start))
    rows = db.execute("SELECT id, reports FROM clusters ORDER BY id")
    return {name: (reports, frozenset(places.get(name, ()))) for name, reports in rows}


def stale(db: Database) -> bool:
    """Tell whether documents have changed since the recurring concerns were brought up to date."""
    return bool(meta.get(db, _GENERATION) != meta.generation(db))


def held(db: Database) -> list[Cluster]:
    """Return all recurring concerns, those of most reports first."""
    return _held(db, "TRUE", [])


def cluster(db: Database, cluster_id: str) -> Cluster:
    """Return one recurring concern. Raises `NotHeld`."""
    for one in _held(db, "c.id = ?", [cluster_id]):
        return one
    raise NotHeld("There is no such recurring concern. It may have changed with the library.")


def history(db: Database, cluster_id: str) -> list[Event]:
    """Return what became of a recurring concern, the oldest first."""
    rows = db.execute(
        "SELECT cluster_id, event, reports, other, at FROM cluster_history"
        " WHERE cluster_id = ? ORDER BY id",
        [cluster_id],
    )
    return [
        Event(cluster_id=row[0], change=Change(row[1]), reports=row[2], other=row[3], at=row[4])
        for row in rows
    ]


def _held(db: Database, where: str, values: list[str]) -> list[Cluster]:
    members: dict[str, list[Member]] = {}
    for row in db.execute(
        "SELECT m.cluster_id, p.id, m.start, m.end, m.similarity FROM cluster_members m"
        " JOIN passages p ON p.key = m.passage_key JOIN clusters c ON c.id = m.cluster_id"
        f" WHERE {where} ORDER BY m.cluster_id, m.similarity DESC, p.key, m.start",
        values,
    ):
        members.setdefault(row[0], []).append(Member(*row[1:]))
    rows = db.query(
        "SELECT id, label, reports, organisations, first_year, last_year, cohesion FROM clusters c"
        f" WHERE {where} ORDER BY reports DESC, organisations DESC, id",
        values,
    )
    # A document taken out takes its members along; a group without any waits to be ended.
    return [
        Cluster(**row, members=tuple(members[row["id"]])) for row in rows if row["id"] in members
    ]


def _write(db: Database, one: Cluster, *, name: str | None = None) -> None:
    name = name or one.id
    db.execute(
        "INSERT INTO clusters VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            name,
            one.label,
            one.reports,
            one.organisations,
            one.first_year,
            one.last_year,
            one.cohesion,
        ],
    )
    db.conn.executemany(
        "INSERT INTO cluster_members SELECT ?, key, ?, ?, ? FROM passages WHERE id = ?",
        ((name, m.start, m.end, m.similarity, m.passage_id) for m in one.members),
    )


def _tell(db: Database, events: Iterable[Event]) -> None:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    now = meta.generation(db)
    db.conn.executemany(
        "INSERT INTO cluster_history (cluster_id, event, other, reports, generation, at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        ((e.cluster_id, str(e.change), e.other, e.reports, now, at) for e in events),
    )


def _places(db: Database) -> list[Place]:
    rows = db.execute("SELECT passage_key, start FROM cluster_members")
    return [(key, start) for key, start in rows]
