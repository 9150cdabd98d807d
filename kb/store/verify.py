"""Recompute what must be true of a library, and say what is not."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from sqlite_utils import Database

from kb.refs import text_hash
from kb.store import meta


def verify(db: Database) -> list[str]:
    """Return a sentence for everything found wrong; an empty list means the library is whole."""
    return [finding for check in _CHECKS for finding in check(db)]


def _file(db: Database) -> Iterator[str]:
    answer = db.execute("PRAGMA integrity_check").fetchone()[0]
    if answer != "ok":
        yield f"SQLite reports damage: {answer}"
    for table in ("passages", "details"):
        db_rows = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        fts_rows = db.execute(f"SELECT count(*) FROM {table}_fts_docsize").fetchone()[0]
        if db_rows != fts_rows:
            yield f"{table}: {db_rows} rows, but {fts_rows} in its word index."


def _texts(db: Database) -> Iterator[str]:
    for docno, text, sha in db.execute("SELECT docno, text, text_sha256 FROM documents"):
        if text_hash(text) != sha:
            yield f"{docno}: its text is not the text that was read."


def _sections(db: Database) -> Iterator[str]:
    spans: dict[str, list[tuple[int, int]]] = {}
    for docno, start, end in db.execute(
        "SELECT d.docno, s.start, s.end FROM sections s JOIN documents d ON d.id = s.document_id"
        " ORDER BY s.document_id, s.position"
    ):
        spans.setdefault(docno, []).append((start, end))
    for docno, length in db.execute("SELECT docno, length(text) FROM documents"):
        found = spans.get(docno, [])
        whole = [0, *(end for _, end in found)] == [*(start for start, _ in found), length]
        if length and not whole:
            yield f"{docno}: its sections do not tile its text."
        if not length and found:
            yield f"{docno}: it has sections but no text."


def _passages(db: Database) -> Iterator[str]:
    rows = db.execute(
        "SELECT d.docno, p.position, p.start, p.end, p.text, p.text_sha256,"
        " substr(d.text, p.start + 1, p.end - p.start), s.start, s.end"
        " FROM passages p JOIN documents d ON d.id = p.document_id"
        " LEFT JOIN sections s ON s.document_id = d.id AND s.position = p.section"
        " ORDER BY d.id, p.position"
    ).fetchall()
    for docno, position, start, end, text, sha, there, s_start, s_end in rows:
        if text != there or text_hash(text) != sha:
            yield f"{docno}: passage {position} is not what stands in its text."
        if s_start is None or not (s_start <= start < end <= s_end):
            yield f"{docno}: passage {position} lies outside its section."
    for before, after in pairwise(rows):
        if before[0] == after[0] and before[3] > after[2]:
            yield f"{after[0]}: passages {before[1]} and {after[1]} overlap."
    without = db.execute(
        "SELECT docno FROM documents d WHERE text <> '' AND NOT EXISTS"
        " (SELECT 1 FROM passages p WHERE p.document_id = d.id)"
    )
    for (docno,) in without:
        yield f"{docno}: it has text but no passage."


def _word_index(db: Database) -> Iterator[str]:
    for table in ("passages", "details"):
        # FTS5 checks itself against the content table and raises on a difference; reading it
        # column by column would only test the content table against itself.
        rows = db.execute(
            f"SELECT count(*) FROM {table} t WHERE NOT EXISTS"
            f" (SELECT 1 FROM {table}_fts_docsize s WHERE s.id = t.rowid)"
        ).fetchone()[0]
        if rows:
            yield f"{table}: {rows} rows cannot be found by words."


def _mentions(db: Database) -> Iterator[str]:
    for docno, written in db.execute(
        "SELECT d.docno, y.written FROM parties y JOIN documents d ON d.id = y.document_id"
        " WHERE y.role = 'mentioned'"
        " AND substr(d.text, y.start + 1, y.end - y.start) IS NOT y.written"
    ):
        yield f"{docno}: '{written}' is not what stands where it is said to be named."


def _tags(db: Database) -> Iterator[str]:
    for docno, theme in db.execute(
        "SELECT d.docno, t.theme FROM tags t LEFT JOIN passages p ON p.id = t.passage_id"
        " LEFT JOIN documents d ON d.id = p.document_id"
        " WHERE p.id IS NULL OR t.start < 0 OR t.end > length(p.text) OR t.start >= t.end"
    ):
        yield f"{docno}: the evidence for theme {theme} lies outside its passage."


def _vectors(db: Database) -> Iterator[str]:
    model = meta.get(db, "model")
    if model is None:
        return
    missing = db.execute(
        "SELECT count(*) FROM passages p WHERE p.boilerplate = 0 AND NOT EXISTS (SELECT 1 FROM"
        " vectors v WHERE v.text_sha256 = p.text_sha256 AND v.fingerprint = ?)",
        [model["fingerprint"]],
    ).fetchone()[0]
    if missing:
        yield f"{missing} passages have no vector of the model {model['id']}."
    odd = db.execute(
        "SELECT count(*) FROM vectors WHERE fingerprint = ? AND length(vector) <> ?",
        [model["fingerprint"], 4 * model["dimension"]],
    ).fetchone()[0]
    if odd:
        yield f"{odd} vectors are not of the model's dimension {model['dimension']}."


def _ledger(db: Database) -> Iterator[str]:
    for (key,) in db.execute(
        "SELECT key FROM ledger WHERE state = 'done' AND docno NOT IN (SELECT docno FROM documents)"
    ):
        yield f"{key}: the ledger says done, but its document is not held."
    for (docno,) in db.execute(
        "SELECT docno FROM documents WHERE docno NOT IN"
        " (SELECT docno FROM ledger WHERE docno IS NOT NULL)"
    ):
        yield f"{docno}: held, but no source of it stands in the ledger."
    for (docno,) in db.execute(
        "SELECT docno FROM documents WHERE docno NOT IN (SELECT docno FROM contributions)"
    ):
        yield f"{docno}: held, but what its sources said is not."


def _counts(db: Database) -> Iterator[str]:
    for (docno,) in db.execute(
        "SELECT docno FROM documents d WHERE NOT EXISTS"
        " (SELECT 1 FROM details x WHERE x.document_id = d.id)"
    ):
        yield f"{docno}: it cannot be found by its details."
    index = meta.get(db, "index")
    if index is not None and index["generation"] == meta.generation(db):
        held = db.execute(
            "SELECT count(*) FROM passages p JOIN vectors v ON v.text_sha256 = p.text_sha256"
            " AND v.fingerprint = ? WHERE p.boilerplate = 0",
            [index["fingerprint"]],
        ).fetchone()[0]
        if held != index["passages"]:
            yield f"The index was built from {index['passages']} passages; {held} are held."


_CHECKS: tuple[Callable[[Database], Iterator[str]], ...] = (
    _file,
    _texts,
    _sections,
    _passages,
    _word_index,
    _mentions,
    _tags,
    _vectors,
    _ledger,
    _counts,
)
