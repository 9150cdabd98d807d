"""Keeping recurring concerns and what became of them."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from sqlite_utils import Database

from kb.clusters import Change, Cluster, Event, Member
from kb.errors import NotHeld
from kb.store import meta

Place = tuple[str, int]
"""A passage's stable key and where in it a point begins."""
_GENERATION, _MODEL = "clusters_generation", "clusters_model"


def replace(db: Database, clusters: Sequence[Cluster], events: Iterable[Event]) -> None:
    """Store the recurring concerns of a full run and what became of earlier ones.

    The caller holds the transaction.
    """
    db.execute("DELETE FROM cluster_members")
    db.execute("DELETE FROM clusters")
    for one in clusters:
        _write(db, one)
    _tell(db, events)


def change(
    db: Database, changed: Iterable[Cluster], ended: Iterable[str], events: Iterable[Event]
) -> None:
    """Store some groups anew and take others out, by id. The caller holds the transaction."""
    changed = list(changed)
    for name in (*ended, *(one.id for one in changed)):
        db.execute("DELETE FROM cluster_members WHERE cluster_id = ?", [name])
        db.execute("DELETE FROM clusters WHERE id = ?", [name])
    for one in changed:
        _write(db, one)
    _tell(db, events)


def set_current(db: Database, model: str) -> None:
    """Say that the groups are those of the library as it stands, by the model of a fingerprint."""
    meta.put(db, _GENERATION, meta.generation(db))
    meta.put(db, _MODEL, model)


def with_lost_members(db: Database) -> list[tuple[str, str | None]]:
    """Return the groups (id, known failing) that have a member which is no such point any more.

    Its passage is gone, or is now part of another kind of document, or states the failing no more.
    """
    rows = db.execute(
        "SELECT DISTINCT c.id, c.failing FROM clusters c JOIN cluster_members m"
        " ON m.cluster_id = c.id LEFT JOIN passages p ON p.key = m.passage_key"
        " LEFT JOIN points t ON t.passage_id = p.id AND t.start = m.start"
        " WHERE t.passage_id IS NULL OR (c.failing IS NOT NULL AND NOT EXISTS (SELECT 1"
        "  FROM stated s WHERE s.failing = c.failing AND s.passage_id = t.passage_id"
        "  AND s.start = t.start)) ORDER BY c.id"
    )
    return [(row[0], row[1]) for row in rows]


def before(db: Database) -> dict[str, tuple[int, frozenset[Place]]]:
    """Return each group's reports and the places of its members, by id."""
    places: dict[str, set[Place]] = {}
    for name, key, start in db.execute(
        "SELECT cluster_id, passage_key, start FROM cluster_members"
    ):
        places.setdefault(name, set()).add((key, start))
    rows = db.execute("SELECT id, reports FROM clusters ORDER BY id")
    return {name: (reports, frozenset(places.get(name, ()))) for name, reports in rows}


def stale(db: Database, model: str | None = None) -> bool:
    """Tell whether documents have changed since the recurring concerns were brought up to date.

    With the fingerprint of a `model`: or whether they are those of another one.
    """
    changed = meta.get(db, _GENERATION) != meta.generation(db)
    return bool(changed or (model is not None and meta.get(db, _MODEL) != model))


def held(db: Database) -> list[Cluster]:
    """Return all recurring concerns, those of most reports first."""
    return _held(db, "TRUE", [])


def found_by_likeness(db: Database) -> list[Cluster]:
    """Return the recurring concerns that no known failing names."""
    return _held(db, "c.failing IS NULL", [])


def words_of(db: Database, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the phrases that the reports of recurring concerns share, by id."""
    rows = db.execute(
        "SELECT id, words FROM clusters WHERE id IN (SELECT value FROM json_each(?))",
        [json.dumps(list(ids))],
    )
    return {row[0]: tuple(json.loads(row[1])) for row in rows}


def reports(db: Database, ids: Iterable[str]) -> dict[str, int]:
    """Return the reports of recurring concerns by id; those not held are left out."""
    rows = db.execute(
        "SELECT id, reports FROM clusters WHERE id IN (SELECT value FROM json_each(?))",
        [json.dumps(list(ids))],
    )
    return {row[0]: row[1] for row in rows}


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
        "SELECT id, label, reports, organisations, first_year, last_year, cohesion, failing, words"
        " FROM clusters c"
        f" WHERE {where} ORDER BY reports DESC, organisations DESC, id",
        values,
    )
    # A document taken out takes its members along; a group without any waits to be ended.
    return [
        Cluster(
            **row | {"words": tuple(json.loads(row["words"]))}, members=tuple(members[row["id"]])
        )
        for row in rows
        if row["id"] in members
    ]


def _write(db: Database, one: Cluster) -> None:
    db.execute(
        "INSERT INTO clusters VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            one.id,
            one.label,
            one.reports,
            one.organisations,
            one.first_year,
            one.last_year,
            one.cohesion,
            one.failing,
            json.dumps(one.words, ensure_ascii=False),
        ],
    )
    db.conn.executemany(
        "INSERT INTO cluster_members SELECT ?, key, ?, ?, ? FROM passages WHERE id = ?",
        ((one.id, m.start, m.end, m.similarity, m.passage_id) for m in one.members),
    )


def _tell(db: Database, events: Iterable[Event]) -> None:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    now = meta.generation(db)
    db.conn.executemany(
        "INSERT INTO cluster_history (cluster_id, event, other, reports, generation, at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        ((e.cluster_id, str(e.change), e.other, e.reports, now, at) for e in events),
    )
