"""Keeping the single points of concern, and what is computed of their words."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from kb.documents import Kind, SectionKind
from kb.encoder import Vectors
from kb.refs import text_hash
from kb.store import meta

_RECIPE = "points_recipe"
_WORDS = re.compile(r"\w+")
_NUMBER = re.compile(r"^\W*(?:\w{1,2}[.):]+\s*)*")

Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernPassage:
    """A concern passage of a report whose points are not known yet; `names` are to be masked."""

    passage_id: int
    text: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernUnit:
    """A point of concern of a report, with what counting needs.

    `text` are its own words in the passage, `report` names the report: its ref, or else its docno.
    """

    passage_id: int
    key: str
    start: int
    end: int
    text: str
    core: str
    whole: str
    report: str
    document_id: int
    year: str | None
    organisations: frozenset[int]

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


def keep(db: Database, passage_id: int, found: Sequence[tuple[int, int, str, str]]) -> None:
    """Store the points of a passage: start, end, core and whole words. None at all is kept too."""
    db.conn.executemany(
        "INSERT OR REPLACE INTO points VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (passage_id, start, end, core, whole, text_hash(core), whole_hash(whole))
            for start, end, core, whole in found or [(-1, -1, "", "")]
        ],
    )


def whole_hash(text: str) -> str:
    """Return the key of a point's whole words, which are described more briefly than its core."""
    return text_hash("\n" + text)


def units(db: Database) -> list[ConcernUnit]:
    """Return every point of concern, in order of the passage's key and its place there."""
    rows = db.execute(
        "SELECT p.id, p.key, t.start, t.end, substr(p.text, t.start + 1, t.end - t.start), t.core,"
        " t.whole, coalesce(d.ref, d.docno), d.id, substr(d.date, 1, 4),"
        " (SELECT group_concat(DISTINCT y.organisation_id) FROM parties y"
        "  WHERE y.document_id = d.id AND y.role = 'recipient')"
        " FROM points t JOIN passages p ON p.id = t.passage_id"
        " JOIN documents d ON d.id = p.document_id WHERE t.start >= 0 ORDER BY p.key, t.start"
    )
    return [
        ConcernUnit(
            passage_id=row[0], key=row[1], start=row[2], end=row[3], text=row[4], core=row[5],
            whole=row[6], report=row[7], document_id=row[8], year=row[9],
            organisations=frozenset(int(one) for one in (row[10] or "").split(",") if one),
        )
        for row in rows
    ]  # fmt: skip


def computed(
    db: Database, keys: Iterable[str], fingerprint: str, *, width: int
) -> dict[str, tuple[Vectors, Marks]]:
    """Return what is held of texts, by key: the vector, and marks of so many columns."""
    wanted = set(keys)
    rows = db.execute(
        "SELECT text_sha256, vector, marks FROM point_texts WHERE fingerprint = ?", [fingerprint]
    )
    return {
        key: (
            np.frombuffer(vector, dtype="<f4"),
            np.unpackbits(np.frombuffer(marks, dtype=np.uint8), count=width).astype(bool),
        )
        for key, vector, marks in rows
        if key in wanted
    }


def keep_computed(
    db: Database, found: Mapping[str, tuple[Vectors, Marks]], fingerprint: str
) -> None:
    """Store the vectors and marks of texts by key."""
    db.conn.executemany(
        "INSERT OR REPLACE INTO point_texts VALUES (?, ?, ?, ?)",
        (
            (key, fingerprint, vector.astype("<f4").tobytes(), np.packbits(marks).tobytes())
            for key, (vector, marks) in found.items()
        ),
    )


def drop_others(db: Database, fingerprint: str) -> None:
    """Delete what was computed by another model or recipe."""
    db.execute("DELETE FROM point_texts WHERE fingerprint <> ?", [fingerprint])
