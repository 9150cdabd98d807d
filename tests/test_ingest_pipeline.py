"""From files to documents: nothing doubled, nothing lost, nothing half there."""

import sqlite3
from pathlib import Path

import pytest

from kb.documents import Kind, Origin, Role
from kb.errors import UsageError
from kb.settings import Home
from kb.store import Store, ledger
from kb.store.documents import read_document
from kb.store.passages import passages_of
from tests import invented
from tests.invented import SITE, TRUST, digest, export, read_in, report, response, tracker_row


def counts(home: Home) -> dict[str, int]:
    with Store.reading(home) as store:
        return {
            table: store.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("documents", "passages", "ledger", "vectors")
        }


def test_a_folder_becomes_documents_and_a_second_run_changes_nothing(
    home: Home, tmp_path: Path
) -> None:
    folder = invented.write(tmp_path / "in", first=report(), second=response())
    outcome = read_in(home, folder)
    assert (outcome.done, outcome.unchanged, outcome.failed) == (2, 0, [])
    before = counts(home)
    again = read_in(home, folder)
    assert (again.done, again.unchanged, again.failed) == (0, 2, [])
    assert counts(home) == before


def test_a_report_is_read_with_its_ref_date_coroner_area_recipient_and_concerns(
    home: Home, tmp_path: Path
) -> None:
    read_in(home, invented.write(tmp_path / "in", form=report()))
    with Store.reading(home) as store:
        document = read_document(store.db, "form")
        texts = [p.text for p in passages_of(store.db, "form")]
    assert document.kind is Kind.REPORT
    assert document.ref == "2099-0001"
    assert document.date == "2099-03-03"
    assert document.coroner == "Rowan Testerby"
    assert document.coroner_area == "Northmoor"
    assert [party.name for party in document.parties] == [TRUST]
    assert [concern.number for concern in document.concerns] == ["1", "2"]
    assert any(invented.COORDINATOR in text for text in texts)


def test_a_body_that_a_report_only_names_is_kept_apart_from_its_recipients(
    home: Home, tmp_path: Path
) -> None:
    told = "The Care Quality Commission was told of the vacancies and did not visit the ward."
    read_in(home, invented.write(tmp_path / "in", form=report(concerns=[told])))
    with Store.reading(home) as store:
        document = read_document(store.db, "form")
    sent, named = document.parties
    assert (sent.role, sent.name) == (Role.RECIPIENT, TRUST)
    assert (named.role, named.name) == (Role.MENTIONED, "Care Quality Commission")
    assert document.text[named.start : named.end] == "Care Quality Commission"


def test_a_letter_has_a_respondent(home: Home, tmp_path: Path) -> None:
    read_in(home, invented.write(tmp_path / "in", letter=response()))
    with Store.reading(home) as store:
        parties = read_document(store.db, "letter").parties
    assert [(party.role, party.name) for party in parties] == [(Role.RESPONDENT, TRUST)]


def test_a_passage_shows_its_theme_with_the_words_that_earned_it(
    home: Home, tmp_path: Path
) -> None:
    read_in(home, invented.write(tmp_path / "in", form=report()))
    with Store.reading(home) as store:
        passages = passages_of(store.db, "form")
    tagged = {t.theme: p.text[t.start : t.end] for p in passages for t in p.tags}
    assert "care coordinator" in tagged["care_coordination"]
    assert "vacancies" in tagged["staffing"]


def test_the_story_of_the_death_earns_no_theme(home: Home, tmp_path: Path) -> None:
    read_in(home, invented.write(tmp_path / "in", form=report()))
    with Store.reading(home) as store:
        passages = passages_of(store.db, "form")
    assert not [t for p in passages if p.section_kind == "circumstances" for t in p.tags]


def test_the_same_bytes_under_another_name_are_one_document(home: Home, tmp_path: Path) -> None:
    read_in(home, invented.write(tmp_path / "in", form=report()))
    outcome = read_in(home, invented.write(tmp_path / "copy", other=report()))
    assert (outcome.done, outcome.unchanged) == (0, 1)
    assert counts(home)["documents"] == 1


def test_a_changed_file_is_a_new_version_of_the_same_document(home: Home, tmp_path: Path) -> None:
    folder = invented.write(tmp_path / "in", form=report())
    read_in(home, folder)
    invented.write(folder, form=report(concerns=[invented.DISCHARGE]))
    assert read_in(home, folder).done == 1
    with Store.reading(home) as store:
        assert invented.DISCHARGE in read_document(store.db, "form").text
        version = store.db.execute("SELECT version FROM documents").fetchall()
    assert version == [(2,)]


def test_two_files_of_one_name_in_two_folders_are_two_documents(home: Home, tmp_path: Path) -> None:
    one = invented.write(tmp_path / "a", letter=report())
    two = invented.write(tmp_path / "b", letter=response())
    read_in(home, one, two)
    with Store.reading(home) as store:
        assert read_document(store.db, "letter").kind is Kind.REPORT
        assert read_document(store.db, "letter-2").kind is Kind.RESPONSE


def test_a_file_that_cannot_be_read_ends_with_a_reason_and_stops_nothing(
    home: Home, tmp_path: Path
) -> None:
    folder = invented.write(tmp_path / "in", form=report(), blank="")
    outcome = read_in(home, folder)
    assert outcome.done == 1
    assert [(f.source, f.reason) for f in outcome.failed] == [("blank.txt", "empty")]
    with Store.reading(home) as store:
        failed = ledger.entries(store.db, state="failed")
    assert [entry.source for entry in failed] == ["blank.txt"]


def test_a_file_that_breaks_later_keeps_its_earlier_version(home: Home, tmp_path: Path) -> None:
    folder = invented.write(tmp_path / "in", form=report())
    read_in(home, folder)
    (folder / "form.txt").write_bytes(b"")
    assert [f.reason for f in read_in(home, folder).failed] == ["empty"]
    with Store.reading(home) as store:
        assert invented.COORDINATOR in read_document(store.db, "form").text


def test_a_path_that_is_not_there_is_refused_before_anything_is_read(
    home: Home, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="no file or folder"):
        read_in(home, invented.write(tmp_path / "in", form=report()), tmp_path / "nowhere")
    assert counts(home)["documents"] == 0


def test_the_two_exports_make_one_document_of_one_report(home: Home, tmp_path: Path) -> None:
    tracker = export(
        tmp_path / "tracker.csv",
        invented.TRACKER,
        tracker_row("ash", concerns=f"1. {invented.COORDINATOR}"),
        tracker_row("birch", ref="2099-0101"),
    )
    toolkit = export(
        tmp_path / "toolkit.csv",
        invented.TOOLKIT,
        {
            "url": f"{SITE}/ash/",
            "id": "2099-0100",
            "date": "2099-05-05",
            "area": "Northmoor",
            "concerns": "Nobody coordinated the care.",
            "investigation": "N/A: Not found",
        },
    )
    outcome = read_in(home, tracker, toolkit)
    assert outcome.done == 2
    with Store.reading(home) as store:
        ash, birch = (read_document(store.db, slug) for slug in ("ash", "birch"))
    assert ash.origin is Origin.TRACKER and ash.verbatim
    assert invented.COORDINATOR in ash.text and "Nobody coordinated" not in ash.text
    assert ash.categories == ("Mental Health related deaths", "Suicide (from 2015)")
    assert birch.text == "" and birch.ref == "2099-0101"
    assert read_in(home, tracker).unchanged == 2


def test_a_row_that_holds_only_the_opening_gives_way_to_the_one_with_the_concerns(
    home: Home, tmp_path: Path
) -> None:
    opening = (
        "During the course of the inquest the evidence revealed matters giving rise to concern. "
        "The MATTERS OF CONCERN are as follows:"
    )
    tracker = export(
        tmp_path / "tracker.csv", invented.TRACKER, tracker_row("ash", concerns=opening)
    )
    row = {"url": f"{SITE}/ash/", "id": "2099-0100", "concerns": f"1. {invented.COORDINATOR}"}
    toolkit = export(tmp_path / "toolkit.csv", invented.TOOLKIT, row)
    read_in(home, tracker, toolkit)
    with Store.reading(home) as store:
        document = read_document(store.db, "ash")
    assert document.origin is Origin.TOOLKIT and not document.verbatim
    assert len(document.concerns) == 1


def test_a_row_without_an_address_fails_with_its_line_and_the_others_are_read(
    home: Home, tmp_path: Path
) -> None:
    file = export(
        tmp_path / "tracker.csv",
        invented.TRACKER,
        tracker_row("ash"),
        tracker_row("birch", report_url=""),
    )
    outcome = read_in(home, file)
    assert outcome.done == 1
    assert [failed.reason for failed in outcome.failed] == ["no_url"]


def test_a_table_that_is_no_export_fails_and_says_which_columns_are_missing(
    home: Home, tmp_path: Path
) -> None:
    file = export(tmp_path / "odd.csv", ["url", "id", "concerns"], {"url": f"{SITE}/ash/"})
    (failed,) = read_in(home, file).failed
    assert failed.reason == "unknown_columns"
    assert "circumstances" in failed.detail


@pytest.mark.parametrize("digest_first", [True, False])
def test_a_digest_and_the_published_report_are_one_document(
    home: Home, tmp_path: Path, digest_first: bool
) -> None:
    file = tmp_path / "digest.md"
    file.write_text(digest(f"{SITE}/ash/"), encoding="utf-8")
    rows = export(
        tmp_path / "tracker.csv",
        invented.TRACKER,
        tracker_row("ash", concerns=f"1. {invented.COORDINATOR}"),
    )
    for path in (file, rows) if digest_first else (rows, file):
        read_in(home, path)
    with Store.reading(home) as store:
        document = read_document(store.db, "ash")
    assert counts(home)["documents"] == 1
    assert document.verbatim
    assert document.title == "Nobody held the plan"
    assert document.digest is not None and "Nine posts" in document.digest
    assert "Nine posts" not in document.text


def test_a_digest_alone_is_marked_as_not_verbatim(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "digest.md"
    file.write_text(digest(f"{SITE}/ash/"), encoding="utf-8")
    read_in(home, file)
    with Store.reading(home) as store:
        document = read_document(store.db, "ash")
    assert document.origin is Origin.DIGEST and not document.verbatim
    assert document.digest is None
    assert len(document.concerns) == 2


def test_words_that_stand_in_two_documents_are_encoded_once(home: Home, tmp_path: Path) -> None:
    folder = invented.write(
        tmp_path / "in",
        one=report(ref="2099-0001", concerns=[invented.COORDINATOR]),
        two=report(ref="2099-0002", concerns=[invented.COORDINATOR]),
    )
    read_in(home, folder)
    with Store.reading(home) as store:
        rows = store.db.execute(
            "SELECT count(*), count(DISTINCT text_sha256) FROM passages WHERE boilerplate = 0"
        ).fetchone()
    assert counts(home)["documents"] == 2
    assert rows[1] == counts(home)["vectors"] < rows[0]


def test_the_original_bytes_are_kept_by_their_sha256(home: Home, tmp_path: Path) -> None:
    read_in(home, invented.write(tmp_path / "in", form=report()))
    (kept,) = home.originals.iterdir()
    assert kept.read_text(encoding="utf-8") == report()


def test_the_library_is_closed_to_other_users(home: Home, tmp_path: Path) -> None:
    read_in(home, invented.write(tmp_path / "in", form=report()))
    assert home.root.stat().st_mode & 0o077 == 0
    assert home.database.stat().st_mode & 0o077 == 0


def test_a_reader_cannot_write(home: Home, tmp_path: Path) -> None:
    read_in(home, invented.write(tmp_path / "in", form=report()))
    with Store.reading(home) as store, pytest.raises(sqlite3.OperationalError, match="readonly"):
        store.db.execute("DELETE FROM documents")
