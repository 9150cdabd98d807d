"""Vectors as BLOBs, keyed by the sha256 of their words and the fingerprint of their model."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from kb.encoder import Vectors

_MANY = 10_000
_FEW = 500  # SQLite's default limit on variables is 32766 since 3.32, 999 before


def missing(db: Database, hashes: Iterable[str], fingerprint: str) -> list[str]:
    """Return those text hashes, each once and in order, that have no vector of this model."""
    wanted = list(dict.fromkeys(hashes))
    held: set[str] = set()
    for few in _batches(wanted):
        marks = ",".join("?" * len(few))
        rows = db.execute(
            f"SELECT text_sha256 FROM vectors WHERE fingerprint = ? AND text_sha256 IN ({marks})",
            [fingerprint, *few],
        )
        held.update(row[0] for row in rows)
    return [one for one in wanted if one not in held]


def keep(db: Database, hashes: Sequence[str], rows: Iterable[Vectors], fingerprint: str) -> None:
    """Store one vector a text hash; a vector already held stays as it is."""
    db.conn.executemany(
        "INSERT OR IGNORE INTO vectors (text_sha256, fingerprint, vector) VALUES (?, ?, ?)",
        (
            (key, fingerprint, row.astype("<f4").tobytes())
            for key, row in zip(hashes, rows, strict=True)
        ),
    )


def unencoded(db: Database, fingerprint: str) -> list[tuple[str, str]]:
    """Return (text hash, text) of every passage still without a vector of this model."""
    rows = db.execute(
        "SELECT DISTINCT p.text_sha256, p.text FROM passages p LEFT JOIN vectors v"
        " ON v.text_sha256 = p.text_sha256 AND v.fingerprint = ?"
        " WHERE p.boilerplate = 0 AND v.vector IS NULL ORDER BY p.text_sha256",
        [fingerprint],
    )
    return [(row[0], row[1]) for row in rows]


def for_passages(
    db: Database, fingerprint: str, *, section_kind: str | None = None
) -> tuple[NDArray[np.int64], Vectors]:
    """Return passage ids and their vectors, in order of id, leaving boilerplate out.

    The second array has shape (number of passages, dimension); both are empty when none is held.
    """
    where = "AND p.section_kind = :section" if section_kind else ""
    values = {"fingerprint": fingerprint, "section": section_kind}
    most = db.execute(
        f"SELECT count(*) FROM passages p WHERE p.boilerplate = 0 {where}", values
    ).fetchone()[0]
    rows = db.execute(
        "SELECT p.id, v.vector FROM passages p JOIN vectors v ON v.text_sha256 = p.text_sha256"
        f" AND v.fingerprint = :fingerprint WHERE p.boilerplate = 0 {where} ORDER BY p.id",
        values,
    )
    # Filled some at a time: a million vectors are 1.5 GB, and would be held three times as rows.
    ids = np.empty(most, dtype=np.int64)
    vectors: Vectors = np.empty((0, 0), dtype=np.float32)
    held = 0
    while few := rows.fetchmany(_MANY):
        found = np.frombuffer(b"".join(row[1] for row in few), dtype="<f4").reshape(len(few), -1)
        if not held:
            vectors = np.empty((most, found.shape[1]), dtype=np.float32)
        ids[held : held + len(few)] = [row[0] for row in few]
        vectors[held : held + len(few)] = found
        held += len(few)
    return ids[:held], vectors[:held]


def drop_orphans(db: Database) -> int:
    """Delete vectors whose words no passage has any more; return how many."""
    return db.execute(
        "DELETE FROM vectors WHERE text_sha256 NOT IN (SELECT text_sha256 FROM passages)"
    ).rowcount


def _batches(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[at : at + _FEW] for at in range(0, len(items), _FEW))
