"""The library's tables, as numbered steps that are only ever added to.

A step that has shipped is never edited: a library written by an older version is brought up to
date by the steps it has not had, and one written by a newer version is refused.
"""

from collections.abc import Callable

from sqlite_utils import Database

from kb.errors import LibraryTooNew

_FTS = "porter unicode61 remove_diacritics 2"

_FIRST_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);

-- Every source ends in exactly one row: done, or failed with a reason a person can act on.
CREATE TABLE ledger (
    key TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    docno TEXT,
    sha256 TEXT,
    recipe TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('done', 'failed')),
    reason TEXT,
    detail TEXT,
    at TEXT NOT NULL,
    CHECK ((state = 'failed') = (reason IS NOT NULL))
);
CREATE INDEX ledger_sha256 ON ledger(sha256);

-- What each source says of a document, before sources are merged.
CREATE TABLE contributions (
    docno TEXT NOT NULL,
    origin TEXT NOT NULL,
    key TEXT NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (docno, origin)
);

CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    docno TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL DEFAULT 1,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    text_sha256 TEXT NOT NULL,
    origin TEXT NOT NULL,
    source TEXT NOT NULL,
    pages TEXT NOT NULL,
    ref TEXT, ref_written TEXT,
    date TEXT,
    coroner TEXT, coroner_area TEXT,
    url TEXT, deceased TEXT, licence TEXT, digest TEXT,
    facts TEXT NOT NULL, claims TEXT NOT NULL,
    updated TEXT NOT NULL
);
CREATE INDEX documents_date ON documents(date);
CREATE INDEX documents_ref ON documents(ref);

CREATE TABLE organisations (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
);
CREATE TABLE parties (
    document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    role TEXT NOT NULL,
    written TEXT NOT NULL,
    organisation_id INTEGER NOT NULL REFERENCES organisations(id),
    PRIMARY KEY (document_id, position)
);
CREATE INDEX parties_organisation ON parties(organisation_id, document_id);

CREATE TABLE categories (
    document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    category TEXT NOT NULL,
    PRIMARY KEY (document_id, category)
);

CREATE TABLE sections (
    document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    heading TEXT NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    PRIMARY KEY (document_id, position)
);

CREATE TABLE concerns (
    document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    number TEXT,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    PRIMARY KEY (document_id, position)
);

CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    section INTEGER NOT NULL,
    section_kind TEXT NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    text TEXT NOT NULL CHECK (text <> ''),
    text_sha256 TEXT NOT NULL,
    label TEXT,
    page INTEGER,
    boilerplate INTEGER NOT NULL
);
CREATE INDEX passages_document ON passages(document_id, position);
CREATE INDEX passages_text ON passages(text_sha256);

CREATE TABLE tags (
    passage_id INTEGER NOT NULL REFERENCES passages(id) ON DELETE CASCADE,
    theme TEXT NOT NULL,
    source TEXT NOT NULL,
    score REAL NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    rejected INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (passage_id, theme, source)
);
CREATE INDEX tags_theme ON tags(theme, passage_id);

-- Keyed by the words and the model, so that the same words are encoded once.
CREATE TABLE vectors (
    text_sha256 TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (text_sha256, fingerprint)
) WITHOUT ROWID;

-- One row a document: what can be found of it besides its passages.
CREATE TABLE details (
    document_id INTEGER PRIMARY KEY REFERENCES documents(id) ON DELETE CASCADE,
    names TEXT NOT NULL,
    matters TEXT NOT NULL
);

CREATE TABLE clusters (
    id TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    exemplar_passage_id INTEGER NOT NULL,
    reports INTEGER NOT NULL,
    organisations INTEGER NOT NULL,
    first_year TEXT, last_year TEXT,
    cohesion REAL NOT NULL
);
CREATE TABLE cluster_members (
    cluster_id TEXT NOT NULL REFERENCES clusters(id) ON DELETE CASCADE,
    passage_id INTEGER NOT NULL REFERENCES passages(id) ON DELETE CASCADE,
    similarity REAL NOT NULL,
    PRIMARY KEY (cluster_id, passage_id)
);
CREATE INDEX cluster_members_passage ON cluster_members(passage_id);
"""

_RECORD_TABLES = """
-- Actions, recommendations and tables that a document states, as JSON with the place of each claim.
CREATE TABLE records (
    document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('action', 'recommendation', 'table')),
    position INTEGER NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (document_id, kind, position)
);

-- What could not be read with certainty, with the words that caused it.
CREATE TABLE doubts (
    document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    field TEXT NOT NULL,
    words TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (document_id, position)
);

-- The text that a changed source had before.
CREATE TABLE versions (
    docno TEXT NOT NULL,
    version INTEGER NOT NULL,
    text TEXT NOT NULL,
    text_sha256 TEXT NOT NULL,
    source TEXT NOT NULL,
    replaced TEXT NOT NULL,
    PRIMARY KEY (docno, version)
);

-- An editor's word on a field; it outranks every source and survives a new ingest.
CREATE TABLE corrections (
    docno TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (docno, field)
);

-- Documents that say nearly the same; linked, never merged. Each pair stands in both directions.
CREATE TABLE likenesses (
    docno TEXT NOT NULL,
    other TEXT NOT NULL,
    share REAL NOT NULL,
    PRIMARY KEY (docno, other)
);
"""


_ROLES = """
-- Where the text names an organisation that is only mentioned.
ALTER TABLE parties ADD COLUMN start INTEGER;
ALTER TABLE parties ADD COLUMN end INTEGER;
-- Whoever wrote a response or has a plan was an author like the writer of an annual report.
UPDATE parties SET role = 'respondent' WHERE role = 'author' AND document_id IN
    (SELECT id FROM documents WHERE kind = 'response');
UPDATE parties SET role = 'owner' WHERE role = 'author' AND document_id IN
    (SELECT id FROM documents WHERE kind = 'action_plan');
"""

_EDITORS_AND_USERS = """
-- An editor's word on a theme of a passage, by the passage's stable key and its words, so that it
-- outlives the row of the passage. It outranks whatever a tagger says.
CREATE TABLE judgements (
    passage_key TEXT NOT NULL,
    theme TEXT NOT NULL,
    text_sha256 TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('confirm', 'reject', 'add')),
    start INTEGER, end INTEGER,
    who TEXT NOT NULL,
    note TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (passage_key, theme),
    CHECK ((start IS NULL) = (end IS NULL))
);
CREATE INDEX judgements_theme ON judgements(theme);

-- Themes that users define; cues and examples are JSON lists.
CREATE TABLE own_themes (
    key TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    definition TEXT NOT NULL,
    cues TEXT NOT NULL,
    examples TEXT NOT NULL,
    who TEXT NOT NULL,
    at TEXT NOT NULL
);
"""

_AUDITS = """
-- What readers say of recurring concerns. A row for each reading: the newest counts, none is lost.
-- No reference to clusters, which are written anew whenever documents change.
CREATE TABLE audit_groups (
    id INTEGER PRIMARY KEY,
    cluster_id TEXT NOT NULL,
    label TEXT NOT NULL,
    seed INTEGER NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('coherent', 'strays', 'reject')),
    label_fair INTEGER NOT NULL,
    who TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE TABLE audit_members (
    audit INTEGER NOT NULL REFERENCES audit_groups(id) ON DELETE CASCADE,
    passage_key TEXT NOT NULL,
    fits INTEGER NOT NULL,
    PRIMARY KEY (audit, passage_key)
);
"""


_POINTS = """
-- Single points of concern, as places in passages, with cleaned words. A passage that makes none
-- has one row without words, so that it is read once. `judged` names the model that said which
-- known failings a point states; `looked` is 0 before it is looked at for groups, 1 once it was
-- assigned to one or waits, 2 once a full run has seen it.
CREATE TABLE points (
    passage_id INTEGER NOT NULL REFERENCES passages(id) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    words TEXT NOT NULL,
    words_sha256 TEXT NOT NULL,
    judged TEXT,
    looked INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (passage_id, start)
);
CREATE INDEX points_looked ON points(looked);
-- The meaning of a point's words to the model that compares failings, once for each model.
CREATE TABLE point_vectors (
    words_sha256 TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (words_sha256, fingerprint)
);
-- Which known failings a point states, with the probability.
CREATE TABLE stated (
    passage_id INTEGER NOT NULL,
    start INTEGER NOT NULL,
    failing TEXT NOT NULL,
    probability REAL NOT NULL,
    PRIMARY KEY (failing, passage_id, start),
    FOREIGN KEY (passage_id, start) REFERENCES points(passage_id, start) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX stated_point ON stated(passage_id, start);
-- Members by the passages' stable keys: rows change when a document is read again.
DROP TABLE cluster_members;
DROP TABLE clusters;
CREATE TABLE clusters (
    id TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    reports INTEGER NOT NULL,
    organisations INTEGER NOT NULL,
    first_year TEXT, last_year TEXT,
    cohesion REAL NOT NULL,
    failing TEXT,
    words TEXT NOT NULL DEFAULT '[]'
);
CREATE TABLE cluster_members (
    cluster_id TEXT NOT NULL REFERENCES clusters(id) ON DELETE CASCADE,
    passage_key TEXT NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    similarity REAL NOT NULL,
    PRIMARY KEY (cluster_id, passage_key, start)
);
CREATE INDEX cluster_members_passage ON cluster_members(passage_key);
-- What became of each recurring concern; rows are only ever added.
CREATE TABLE cluster_history (
    id INTEGER PRIMARY KEY,
    cluster_id TEXT NOT NULL,
    event TEXT NOT NULL
        CHECK (event IN ('found', 'grew', 'shrank', 'split', 'merged', 'ended')),
    other TEXT,
    reports INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX cluster_history_cluster ON cluster_history(cluster_id);
DELETE FROM meta WHERE key = 'clusters_generation';
-- Two libraries may have the same counters; what is kept in memory must not mix them up.
INSERT OR IGNORE INTO meta (key, value) VALUES ('library', '"' || lower(hex(randomblob(8))) || '"');
"""


_SPACE = """
-- What lists and facets show of a document; its row lies behind its whole text.
CREATE INDEX documents_listed ON documents(id, kind, date, coroner_area);
-- Without a rowid each vector took a page of its own, and vectors were half of a library.
ALTER TABLE vectors RENAME TO vectors_by_page;
CREATE TABLE vectors (
    text_sha256 TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (text_sha256, fingerprint)
);
INSERT INTO vectors SELECT text_sha256, fingerprint, vector FROM vectors_by_page;
DROP TABLE vectors_by_page;
"""


def _first(db: Database) -> None:
    for statement in _statements(_FIRST_TABLES):
        db.execute(statement)
    db.table("passages").enable_fts(["text"], create_triggers=True, tokenize=_FTS)
    db.table("details").enable_fts(["names", "matters"], create_triggers=True, tokenize=_FTS)


def _second(db: Database) -> None:
    for statement in _statements(_RECORD_TABLES):
        db.execute(statement)


def _third(db: Database) -> None:
    for statement in _statements(_ROLES):
        db.execute(statement)


def _fourth(db: Database) -> None:
    for statement in _statements(_EDITORS_AND_USERS):
        db.execute(statement)


def _fifth(db: Database) -> None:
    for statement in _statements(_AUDITS):
        db.execute(statement)


def _sixth(db: Database) -> None:
    for statement in _statements(_POINTS):
        db.execute(statement)


def _seventh(db: Database) -> None:
    for statement in _statements(_SPACE):
        db.execute(statement)


def _statements(script: str) -> list[str]:
    bare = "\n".join(line for line in script.splitlines() if not line.startswith("--"))
    return [part for part in bare.split(";") if part.strip()]


STEPS: tuple[Callable[[Database], None], ...] = (
    _first, _second, _third, _fourth, _fifth, _sixth, _seventh,
)  # fmt: skip


def migrate(db: Database) -> None:
    """Bring a library up to date, one transaction a step. Raises `LibraryTooNew`."""
    version = db.execute("PRAGMA user_version").fetchone()[0]
    refuse_newer(version)
    for number, step in enumerate(STEPS[version:], start=version + 1):
        with db.atomic():
            step(db)
            db.execute(f"PRAGMA user_version = {number}")


def is_behind(version: int) -> bool:
    """Tell whether an earlier program wrote the library, so that tables are still missing."""
    return version < len(STEPS)


def refuse_newer(version: int) -> None:
    """Raise `LibraryTooNew` if a later program wrote the library."""
    if version > len(STEPS):
        raise LibraryTooNew(
            f"This library has tables of version {version}; this program knows {len(STEPS)}. "
            "Install the newer pfd-kb that wrote it."
        )
