"""Keeping what readers say of recurring concerns.

Marks are kept by the group's id and the passages' stable keys, apart from the groups themselves,
which are found anew whenever documents change. Marks given again are added: the newest count, and
none are lost.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sqlite_utils import Database

from kb.audits import Audit, GroupMarks, GroupVerdict
from kb.clusters import Cluster
from kb.errors import UsageError
from kb.store import clusters

LEAST_REPORTS = 3
_LONGEST_READER = 120


def draw(db: Database, *, groups: int, seed: int) -> list[Cluster]:
    """Return so many random recurring concerns of three reports or more, or all if fewer are held.

    The same library, number and seed give the same groups. Raises `UsageError` where there are
    none.
    """
    known = [one for one in clusters.held(db) if one.reports >= LEAST_REPORTS]
    if not known:
        raise UsageError(
            f"No recurring concern of {LEAST_REPORTS} reports or more is held, so there is "
            "nothing to audit."
        )
    known.sort(key=lambda one: one.id)
    return random.Random(seed).sample(known, min(groups, len(known)))


def member_keys(db: Database) -> dict[str, frozenset[str]]:
    """Return the keys of the passages of every recurring concern held, by its id."""
    found: dict[str, set[str]] = {}
    for cluster_id, key in db.execute("SELECT cluster_id, passage_key FROM cluster_members"):
        found.setdefault(cluster_id, set()).add(key)
    return {cluster_id: frozenset(keys) for cluster_id, keys in found.items()}


def keep(db: Database, marks: Sequence[GroupMarks], *, seed: int, reader: str) -> None:
    """Keep a reader's marks beside all earlier ones, in one transaction. Raises `UsageError`."""
    reader = " ".join(reader.split())
    if not 0 < len(reader) <= _LONGEST_READER:
        raise UsageError(
            "Say who or what read the sheet with --reader, in at most "
            f"{_LONGEST_READER} characters: it is shown with every figure."
        )
    at = datetime.now(UTC).isoformat(timespec="seconds")
    with db.atomic():
        for one in marks:
            number = db.execute(
                "INSERT INTO audit_groups (cluster_id, label, seed, verdict, label_fair, who, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [one.cluster_id, one.label, seed, one.verdict, one.label_fair, reader, at],
            ).lastrowid
            db.conn.executemany(
                "INSERT INTO audit_members VALUES (?, ?, ?)",
                ((number, key, fits) for key, fits in one.fits.items()),
            )


def held(db: Database) -> list[Audit]:
    """Return the audits of this library, one for each draw and reader, the newest first."""
    now = member_keys(db)
    audits: dict[tuple[int, str], list[GroupMarks]] = {}
    for seed, reader, marks in _newest(db):
        audits.setdefault((seed, reader), []).append(marks)
    return [
        Audit(
            seed=seed,
            reader=reader,
            groups=tuple(groups),
            standing=sum(now.get(one.cluster_id) == one.fits.keys() for one in groups),
        )
        for (seed, reader), groups in audits.items()
    ]


def _newest(db: Database) -> Iterator[tuple[int, str, GroupMarks]]:
    fits: dict[int, dict[str, bool]] = {}
    for number, key, fit in db.execute("SELECT audit, passage_key, fits FROM audit_members"):
        fits.setdefault(number, {})[key] = bool(fit)
    for row in db.query(
        "SELECT * FROM audit_groups WHERE id IN"
        " (SELECT max(id) FROM audit_groups GROUP BY cluster_id, seed, who) ORDER BY id DESC"
    ):
        marks = GroupMarks(
            cluster_id=row["cluster_id"],
            label=row["label"],
            verdict=GroupVerdict(row["verdict"]),
            label_fair=bool(row["label_fair"]),
            fits=fits.get(row["id"], {}),
            at=row["at"],
        )
        yield row["seed"], row["who"], marks
