"""The store: migrations, one writer, and `verify` that finds what is wrong."""

import sqlite3
from pathlib import Path

import pytest

from kb.documents import Kind, Party, Role
from kb.errors import LibraryLocked, LibraryMissing, LibraryTooNew, NotHeld, PfdError
from kb.settings import Home
from kb.store import Store
from kb.store.documents import read_document, remove_document, write_document
from kb.store.migrations import STEPS
from kb.store.verify import verify
from tests import invented
from tests.invented import read_in, report
from tests.library_for_tests import document, sent_to


@pytest.fixture
def library(home: Home, tmp_path: Path) -> Home:
    """A library of two reports."""
    folder = invented.write(
        tmp_path / "in", one=report(), two=report(ref="2099-0002", recipients=invented.COUNCIL)
    )
    read_in(home, folder)
    return home


LATER_TABLES = (
    "judgements", "own_themes", "audit_members", "audit_groups", "stated", "points",
    "point_vectors",
    "cluster_history",
)  # fmt: skip


def test_a_new_library_has_every_step_and_opening_it_again_changes_nothing(home: Home) -> None:
    for _ in range(2):
        with Store.writing(home, purpose="test") as store:
            assert store.db.execute("PRAGMA user_version").fetchone()[0] == len(STEPS)
            assert verify(store.db) == []


def test_a_library_of_the_first_version_is_brought_up_to_date(library: Home) -> None:
    with Store.writing(library, purpose="test") as store:
        for table in ("records", "doubts", "versions", "corrections", "likenesses"):
            store.db.execute(f"DROP TABLE {table}")
        _without_roles(store)
        store.db.execute("PRAGMA user_version = 1")
    with Store.writing(library, purpose="test") as store:
        assert store.db.execute("PRAGMA user_version").fetchone()[0] == len(STEPS)
        assert read_document(store.db, "one").actions == ()
        assert verify(store.db) == []


def _without_roles(store: Store) -> None:
    """Make the tables those of the second version, when all but recipients were authors."""
    for table in LATER_TABLES:
        store.db.execute(f"DROP TABLE {table}")
    store.db.execute("DROP INDEX IF EXISTS documents_listed")
    store.db.execute("UPDATE parties SET role = 'author' WHERE role <> 'recipient'")
    for column in ("start", "end"):
        store.db.execute(f"ALTER TABLE parties DROP COLUMN {column}")


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (Kind.RESPONSE, Role.RESPONDENT),
        (Kind.ACTION_PLAN, Role.OWNER),
        (Kind.ANNUAL_REPORT, Role.AUTHOR),
        (Kind.OTHER, Role.AUTHOR),
    ],
)
def test_the_authors_of_an_older_library_get_the_role_of_their_kind_of_document(
    home: Home, kind: Kind, role: Role
) -> None:
    made = document("made", kind=kind, parties=(Party(role, "Dale Trust", "Dale Trust"),))
    with Store.writing(home, purpose="test") as store:
        with store.db.atomic():
            for one in (made, document("sent", parties=sent_to("Dale Trust"))):
                write_document(store.db, one, organisation_key=str.lower)
        _without_roles(store)
        store.db.execute("PRAGMA user_version = 2")
    with Store.writing(home, purpose="test") as store:
        assert read_document(store.db, "made").parties == made.parties
        assert [p.role for p in read_document(store.db, "sent").parties] == [Role.RECIPIENT]


def test_an_older_library_can_be_read_without_an_ingest(library: Home) -> None:
    with Store.writing(library, purpose="test") as store:
        for table in LATER_TABLES:
            store.db.execute(f"DROP TABLE {table}")
        store.db.execute("DROP INDEX IF EXISTS documents_listed")
        store.db.execute("PRAGMA user_version = 3")
    with Store.reading(library) as store:
        assert store.db.execute("PRAGMA user_version").fetchone()[0] == len(STEPS)
        assert store.db.execute("SELECT count(*) FROM judgements").fetchone()[0] == 0


def test_a_library_of_a_later_program_is_refused_and_left_alone(home: Home) -> None:
    with Store.writing(home, purpose="test") as store:
        store.db.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    with pytest.raises(LibraryTooNew, match="newer"):
        Store.reading(home)
    with pytest.raises(LibraryTooNew), Store.writing(home, purpose="test"):
        pass


def test_a_home_without_a_library_says_how_to_make_one(home: Home) -> None:
    with pytest.raises(LibraryMissing, match="pfdkb ingest"):
        Store.reading(home)


def test_a_file_that_is_no_library_is_named_and_not_touched(home: Home) -> None:
    home.create()
    home.database.write_bytes(b"this is no database, but long enough to look like one" * 20)
    before = home.database.read_bytes()
    with pytest.raises(PfdError, match="cannot be opened as a library"):
        Store.reading(home)
    assert home.database.read_bytes() == before


def test_a_second_writer_is_told_at_once_who_holds_the_library(home: Home) -> None:
    with Store.writing(home, purpose="ingest"):
        second = Store.writing(home, purpose="ingest")
        with pytest.raises(LibraryLocked, match="'pfdkb ingest'") as caught, second:
            pass
        assert caught.value.exit_code == 3
    with Store.writing(home, purpose="ingest"):
        pass


def test_readers_read_while_a_writer_writes(library: Home) -> None:
    with Store.writing(library, purpose="test") as writer, writer.db.atomic():
        remove_document(writer.db, "one")
        with Store.reading(library) as reader:
            assert read_document(reader.db, "one").ref == "2099-0001"


def test_a_removed_document_is_gone_everywhere(library: Home) -> None:
    with Store.writing(library, purpose="test") as store:
        with store.db.atomic():
            remove_document(store.db, "two")
            store.db.execute("DELETE FROM ledger WHERE docno = 'two'")
        with pytest.raises(NotHeld):
            read_document(store.db, "two")
        for table in ("passages", "sections", "concerns", "parties", "details"):
            rows = store.db.execute(f"SELECT count(DISTINCT document_id) FROM {table}")
            assert rows.fetchone()[0] == 1, table
        found = store.db.execute(
            "SELECT count(*) FROM details_fts WHERE details_fts MATCH '\"Westerby\"'"
        )
        assert found.fetchone()[0] == 0
        assert verify(store.db) == []


DAMAGE = {
    "UPDATE documents SET text = 'x' || text WHERE docno = 'one'": "its text is not the text",
    "UPDATE passages SET text = 'other words' WHERE id = 1": "is not what stands in its text",
    "UPDATE sections SET end = end - 1 WHERE position = 0": "do not tile",
    "DELETE FROM sections WHERE position = 1": "do not tile",
    "UPDATE passages SET start = start + 1, end = end + 1 WHERE id = 2": "is not what stands",
    "DELETE FROM vectors": "have no vector",
    "UPDATE vectors SET vector = x'00'": "not of the model's dimension",
    "DELETE FROM ledger WHERE docno = 'one'": "no source of it stands in the ledger",
    "DELETE FROM contributions": "what its sources said is not",
    "DELETE FROM details WHERE document_id = 1": "cannot be found by its details",
    "UPDATE tags SET end = 99999": "evidence",
    "UPDATE parties SET role = 'mentioned', start = 0, end = 4": "said to be named",
    "DELETE FROM passages": "has text but no passage",
    "DELETE FROM passages_fts_docsize": "in its word index",
}


@pytest.mark.parametrize("statement", DAMAGE)
def test_verify_finds_what_is_wrong(library: Home, statement: str) -> None:
    with Store.writing(library, purpose="damage") as store:
        store.db.execute("PRAGMA foreign_keys = OFF")
        with store.db.atomic():
            store.db.execute(statement)
        findings = verify(store.db)
    assert any(DAMAGE[statement] in finding for finding in findings), findings


def test_a_transaction_that_fails_leaves_nothing_behind(library: Home) -> None:
    with Store.writing(library, purpose="test") as store:
        with pytest.raises(sqlite3.IntegrityError), store.db.atomic():
            remove_document(store.db, "one")
            store.db.execute("INSERT INTO details VALUES (2, '', '')")
        assert read_document(store.db, "one").ref == "2099-0001"
        assert verify(store.db) == []
