"""Keeping the single points of concern, what they mean, and which known failings they state."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlite_utils import Database

from kb.documents import Kind, SectionKind
from kb.encoder import Vectors
from kb.refs import text_hash
from kb.store import meta

_RECIPE = "points_recipe"
_WORDS = re.compile(r"\w+")
_NUMBER = re.compile(r"^\W*(?:\w{1,2}[.):]+\s*)*")

Place = tuple[int, int]
"""A passage's id and where in it a point begins."""
WAITS, GROUPED = 1, 2
"""How far a point has been looked at for groups: since the last full run, or in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernPassage:
    """A concern passage of a report whose points are not known yet; `names` are to be masked."""

    passage_id: int
    text: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernUnit:
    """A point of concern of a report, with what counting needs.

    `text` are its own words in the passage, `words` the same without frame and names. `report`
    names the report: its ref, or else its docno.
    """

    passage_id: int
    key: str
    start: int
    end: int
    text: str
    words: str
    report: str
    document_id: int
    year: str | None
    organisations: frozenset[int]

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.passage_id, self.start

    @property
    def wording(self) -> str:
        """The words without a number before them: what two copies of one report share."""
        return " ".join(_WORDS.findall(_NUMBER.sub("", self.text.lower())))


_OF_CONCERN = (
    "p.boilerplate = 0 AND p.section_kind = :section AND d.kind = :kind AND EXISTS (SELECT 1"
    " FROM concerns c WHERE c.document_id = d.id AND p.start < c.end AND p.end > c.start)"
)
_VALUES = {"section": str(SectionKind.CONCERNS), "kind": str(Kind.REPORT)}


def unread(db: Database, recipe: str) -> list[ConcernPassage]:
    """Return the concern passages whose points are not held, all of them if the recipe is new.

    What leads up to the concerns ("the evidence revealed matters giving rise to concern ...") is no
    concern; counted as one it would be the commonest of all.
    """
    if meta.get(db, _RECIPE) != recipe:
        with db.atomic():
            db.execute("DELETE FROM points")
            meta.points_changed(db)
            meta.put(db, _RECIPE, recipe)
    rows = db.execute(
        "SELECT p.id, p.text, d.docno, d.deceased, d.coroner, d.coroner_area,"
        " (SELECT json_group_array(o.name) FROM parties y"
        "  JOIN organisations o ON o.id = y.organisation_id WHERE y.document_id = d.id)"
        " FROM passages p JOIN documents d ON d.id = p.document_id"
        f" WHERE {_OF_CONCERN} AND p.id NOT IN (SELECT passage_id FROM points) ORDER BY p.id",
        _VALUES,
    )
    return [
        ConcernPassage(
            passage_id=row[0],
            text=row[1],
            # An export's docno is the name of the person who died.
            names=(_words(row[2]), *(one for one in row[3:6] if one), *json.loads(row[6])),
        )
        for row in rows
    ]


def _words(docno: str) -> str:
    return docno.replace("-", " ").replace("_", " ").title()


def keep(db: Database, passage_id: int, found: Sequence[tuple[int, int, str]]) -> None:
    """Store the points of a passage: start, end and words. None at all is kept too."""
    db.conn.executemany(
        "INSERT OR REPLACE INTO points (passage_id, start, end, words, words_sha256)"
        " VALUES (?, ?, ?, ?, ?)",
        [
            (passage_id, start, end, words, text_hash(words))
            for start, end, words in found or [(-1, -1, "")]
        ],
    )


def unjudged(db: Database, fingerprint: str) -> list[tuple[Place, str, str]]:
    """Return the points that this model has not judged: place, words and the words' hash.

    Longer words stand beside longer ones.
    """
    rows = db.execute(
        "SELECT passage_id, start, words, words_sha256 FROM points"
        " WHERE start >= 0 AND judged IS NOT ? ORDER BY length(words), words_sha256",
        [fingerprint],
    )
    return [((row[0], row[1]), row[2], row[3]) for row in rows]


def vectors(db: Database, hashes: Iterable[str], fingerprint: str) -> dict[str, Vectors]:
    """Return the vectors held of words, by their hash."""
    rows = db.execute(
        "SELECT words_sha256, vector FROM point_vectors WHERE fingerprint = ?"
        " AND words_sha256 IN (SELECT value FROM json_each(?))",
        [fingerprint, json.dumps(list(hashes))],
    )
    return {key: np.frombuffer(vector, dtype="<f4") for key, vector in rows}


def of_passages(db: Database, ids: Iterable[int], fingerprint: str) -> dict[int, Vectors]:
    """Return the vectors of each passage's points, a row each; of none where there are none."""
    wanted = list(ids)
    found: dict[int, list[Vectors]] = {one: [] for one in wanted}
    for passage, vector in db.execute(
        "SELECT t.passage_id, v.vector FROM points t JOIN point_vectors v"
        " ON v.words_sha256 = t.words_sha256 AND v.fingerprint = ?"
        " WHERE t.start >= 0 AND t.passage_id IN (SELECT value FROM json_each(?))",
        [fingerprint, json.dumps(wanted)],
    ):
        found[passage].append(np.frombuffer(vector, dtype="<f4"))
    return {one: np.stack(rows) if rows else _NONE for one, rows in found.items()}


_NONE: Vectors = np.zeros((0, 0), np.float32)


def keep_judged(
    db: Database,
    judged: Mapping[Place, Sequence[tuple[str, float]]],
    computed: Mapping[str, Vectors],
    fingerprint: str,
) -> None:
    """Store which known failings points state, and the vectors of their words.

    The caller holds the transaction.
    """
    meta.points_changed(db)
    places = [{"passage": at, "start": start} for at, start in judged]
    db.conn.executemany("DELETE FROM stated WHERE passage_id = :passage AND start = :start", places)
    db.conn.executemany(
        "INSERT INTO stated (passage_id, start, failing, probability) VALUES (?, ?, ?, ?)",
        ((*place, failing, p) for place, found in judged.items() for failing, p in found),
    )
    db.conn.executemany(
        "UPDATE points SET judged = :model, looked = 0"
        " WHERE passage_id = :passage AND start = :start",
        [one | {"model": fingerprint} for one in places],
    )
    db.conn.executemany(
        "INSERT OR REPLACE INTO point_vectors VALUES (?, ?, ?)",
        ((key, fingerprint, v.astype("<f4").tobytes()) for key, v in computed.items()),
    )


def drop_unused_vectors(db: Database, fingerprint: str) -> None:
    """Delete the vectors of words that no point holds any more, and those of other models."""
    db.execute(
        "DELETE FROM point_vectors WHERE fingerprint <> ?"
        " OR words_sha256 NOT IN (SELECT words_sha256 FROM points)",
        [fingerprint],
    )


def fresh(db: Database) -> list[Place]:
    """Return the points that were not yet looked at for groups."""
    rows = db.execute("SELECT passage_id, start FROM points WHERE start >= 0 AND looked = 0")
    return [(row[0], row[1]) for row in rows]


def numbers(db: Database) -> tuple[int, int]:
    """Return how many points the last full run has seen, and how many came since."""
    row = db.execute(
        "SELECT coalesce(sum(looked = ?), 0), coalesce(sum(looked <> ?), 0) FROM points"
        " WHERE start >= 0",
        [GROUPED, GROUPED],
    ).fetchone()
    return int(row[0]), int(row[1])


def set_looked(db: Database, places: Iterable[Place] | None, looked: int) -> None:
    """Say how far points (None: all) have been looked at. The caller holds the transaction."""
    if places is None:
        db.execute("UPDATE points SET looked = ?", [looked])
        return
    db.conn.executemany(
        "UPDATE points SET looked = ? WHERE passage_id = ? AND start = ?",
        ((looked, *place) for place in places),
    )


def waiting(db: Database) -> int:
    """Count the points since the last full run that state no known failing and fit no group."""
    row = db.execute(
        "SELECT count(*) FROM points t JOIN passages p ON p.id = t.passage_id"
        " WHERE t.start >= 0 AND t.looked = ? AND NOT EXISTS (SELECT 1 FROM stated s"
        "  WHERE s.passage_id = t.passage_id AND s.start = t.start) AND NOT EXISTS (SELECT 1"
        "  FROM cluster_members m WHERE m.passage_key = p.key AND m.start = t.start)",
        [WAITS],
    ).fetchone()
    return int(row[0])


def stated(db: Database, failings: Sequence[str] | None = None) -> dict[str, dict[Place, float]]:
    """Return the points that state each known failing (None: all), with the probability."""
    rows = db.execute(
        "SELECT failing, passage_id, start, probability FROM stated"
        " WHERE ? IS NULL OR failing IN (SELECT value FROM json_each(?))"
        " ORDER BY failing, passage_id, start",
        [None if failings is None else 1, json.dumps(list(failings or ()))],
    )
    found: dict[str, dict[Place, float]] = {}
    for failing, passage, start, probability in rows:
        found.setdefault(failing, {})[passage, start] = probability
    return found


def failings_of(db: Database, places: Iterable[Place]) -> dict[Place, set[str]]:
    """Return which known failings points state; those of none are left out."""
    rows = db.execute(
        "SELECT s.passage_id, s.start, s.failing FROM json_each(?) j JOIN stated s"
        " ON s.passage_id = json_extract(j.value, '$[0]')"
        " AND s.start = json_extract(j.value, '$[1]')",
        [json.dumps(list(places))],
    )
    found: dict[Place, set[str]] = {}
    for passage, start, failing in rows:
        found.setdefault((passage, start), set()).add(failing)
    return found


_UNITS = (
    "SELECT p.id, p.key, t.start, t.end, substr(p.text, t.start + 1, t.end - t.start), t.words,"
    " coalesce(d.ref, d.docno), d.id, substr(d.date, 1, 4),"
    " (SELECT group_concat(DISTINCT y.organisation_id) FROM parties y"
    "  WHERE y.document_id = d.id AND y.role = 'recipient')"
    " FROM points t JOIN passages p ON p.id = t.passage_id"
    " JOIN documents d ON d.id = p.document_id WHERE t.start >= 0"
)


def units(db: Database, places: Iterable[Place] | None = None) -> list[ConcernUnit]:
    """Return points of concern (None: all), in order of the passage's key and its place there."""
    if places is None:
        rows = db.execute(f"{_UNITS} ORDER BY p.key, t.start")
    else:
        wanted = set(places)
        rows = db.execute(
            f"{_UNITS} AND p.id IN (SELECT value FROM json_each(?)) ORDER BY p.key, t.start",
            [json.dumps(sorted({passage for passage, _ in wanted}))],
        )
    return [
        ConcernUnit(
            passage_id=row[0], key=row[1], start=row[2], end=row[3], text=row[4], words=row[5],
            report=row[6], document_id=row[7], year=row[8],
            organisations=frozenset(int(one) for one in (row[9] or "").split(",") if one),
        )
        for row in rows
        if places is None or (row[0], row[2]) in wanted
    ]  # fmt: skip
