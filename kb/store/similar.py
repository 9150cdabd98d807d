"""What comparing concerns asks of the library: which passages state one, and what hangs on them."""

import json
from collections.abc import Mapping, Sequence

import numpy as np
from sqlite_utils import Database

from kb.documents import Kind, SectionKind
from kb.encoder import Vectors
from kb.store import answers
from kb.store.answers import LinkedDocument

PLACES = (
    (Kind.REPORT, SectionKind.CONCERNS),
    (Kind.ACTION_PLAN, SectionKind.RECOMMENDATIONS),
)
"""Where concerns stand: a response that restates them raises none."""


def statements(db: Database) -> list[tuple[int, int, Kind]]:
    """Return (passage id, document id, kind) of what states a concern or recommendation.

    What only leads up to the concerns of a report is none.
    """
    rows = db.execute(
        "SELECT p.id, p.document_id, d.kind FROM passages p"
        " JOIN documents d ON d.id = p.document_id"
        " WHERE p.boilerplate = 0 AND (d.kind = :plan AND p.section_kind = :recommendations"
        "  OR d.kind = :report AND p.section_kind = :concerns AND EXISTS (SELECT 1 FROM concerns c"
        "   WHERE c.document_id = d.id AND p.start < c.end AND p.end > c.start)) ORDER BY p.id",
        {
            "report": Kind.REPORT,
            "concerns": SectionKind.CONCERNS,
            "plan": Kind.ACTION_PLAN,
            "recommendations": SectionKind.RECOMMENDATIONS,
        },
    )
    return [(row[0], row[1], Kind(row[2])) for row in rows]


def vector_of(db: Database, passage: int, fingerprint: str) -> Vectors | None:
    """Return the vector held of a passage, shape (dimension,); None where there is none."""
    row = db.execute(
        "SELECT v.vector FROM passages p JOIN vectors v ON v.text_sha256 = p.text_sha256"
        " AND v.fingerprint = ? WHERE p.id = ?",
        [fingerprint, passage],
    ).fetchone()
    return None if row is None else np.frombuffer(row[0], dtype="<f4").astype(np.float32)


def count(db: Database) -> int:
    """Return how many passages are held, standard wording aside."""
    return int(db.execute("SELECT count(*) FROM passages WHERE boilerplate = 0").fetchone()[0])


def holding(db: Database, matches: Mapping[str, str]) -> dict[str, int]:
    """Return in how many passages each FTS5 query, given by a name, finds something."""
    rows = db.execute(
        "SELECT key, (SELECT count(*) FROM passages_fts WHERE passages_fts MATCH value)"
        " FROM json_each(?)",
        [json.dumps(dict(matches))],
    )
    return dict(rows.fetchall())


def answers_to_each(db: Database, docnos: Sequence[str]) -> dict[str, list[LinkedDocument]]:
    """Return the responses held that answer each of these reports; without any, no entry."""
    found: dict[str, list[LinkedDocument]] = {}
    # One pass tells which responses may be meant; only of these is each asked whom it answers.
    may = db.execute(
        "WITH asked AS (SELECT ref, date FROM documents"
        "  WHERE docno IN (SELECT value FROM json_each(:docnos)))"
        " SELECT d.docno, d.title, d.date, d.ref FROM documents d WHERE d.kind = :response"
        " AND (d.ref IN (SELECT ref FROM asked)"
        "  OR json_extract(d.facts, '$.report_date') IN (SELECT date FROM asked))"
        " ORDER BY d.date, d.docno",
        {"docnos": json.dumps(list(docnos)), "response": Kind.RESPONSE},
    ).fetchall()
    for docno, title, date, ref in may:
        meant = answers.report_answered(db, docno)
        if meant is not None and meant.docno in docnos:
            linked = LinkedDocument(
                docno=docno,
                title=title,
                kind=Kind.RESPONSE,
                date=date,
                ref=ref,
                known_by=meant.known_by,
            )
            found.setdefault(meant.docno, []).append(linked)
    return found
