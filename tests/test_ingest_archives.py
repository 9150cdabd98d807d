"""Each file of an archive is a source of its own; a hostile one harms neither disk nor library."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.archives import members, unpack
from ingest.read import Limits
from ingest.sources import Failed, Source
from kb.errors import Unreadable
from kb.settings import Home
from kb.store import Store, ledger
from kb.store.documents import read_document
from tests import invented
from tests.invented import SITE, digest, export, read_in, report, response, tracker_row
from tests.invented_files import archive, archive_of, pdf

SENTENCE = "No care coordinator was named for Ada Vale in the month before her death."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an empty folder to unpack into."""
    made = tmp_path / "unpacked"
    made.mkdir()
    return made


def zipped(tmp_path: Path, content: bytes, name: str = "papers.zip") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def docnos(home: Home) -> list[str]:
    with Store.reading(home) as store:
        return [row[0] for row in store.db.execute("SELECT docno FROM documents ORDER BY docno")]


def reasons(items: Sequence[Source | Failed]) -> dict[str, str]:
    return {item.source: item.reason for item in items if isinstance(item, Failed)}


def test_a_member_is_named_by_the_archive_and_its_path_in_it(tmp_path: Path, folder: Path) -> None:
    path = zipped(tmp_path, archive(trust__letter_txt=SENTENCE))
    (member,) = members(path, folder)
    assert isinstance(member, Source)
    assert member.shown == "papers.zip/trust/letter.txt"
    assert member.key == f"file:{path}/trust/letter.txt"
    assert member.stem == "letter"
    assert member.path.read_text(encoding="utf-8") == SENTENCE


def test_no_name_of_an_archive_becomes_a_name_on_disk(tmp_path: Path, folder: Path) -> None:
    names = ["../up.txt", "/root.txt", "C:\\d.txt", "a/../../b.txt", "in/deep/c.txt", "nul\n.txt"]
    path = zipped(tmp_path, archive_of([(name, SENTENCE) for name in names]))
    items = list(members(path, folder))
    assert sorted(file.name for file in folder.rglob("*")) == ["4.txt", "5.txt"]
    assert list(tmp_path.glob("*.txt")) == []
    assert set(reasons(items).values()) == {"unsafe_name"}
    assert len(reasons(items)) == 4


def test_folders_and_hidden_files_are_passed_over(tmp_path: Path, folder: Path) -> None:
    names = ["in/", ".hidden.txt", ".git/a.txt", "__MACOSX/._a.txt", "in/a.txt"]
    path = zipped(tmp_path, archive_of([(name, SENTENCE) for name in names]))
    assert [member.key[-5:] for member in members(path, folder)] == ["a.txt"]


def test_a_name_that_stands_twice_is_two_sources(tmp_path: Path, folder: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = zipped(tmp_path, archive_of([("a.txt", "one"), ("a.txt", "two")]))
    items = list(members(path, folder))
    assert [item.path.read_text() for item in items if isinstance(item, Source)] == ["one", "two"]
    assert len({item.key for item in items}) == 2


@pytest.mark.parametrize(
    ("limits", "reason", "says"),
    [
        (Limits(archive_files=2), "archive_too_large", "3 files and the limit is 2"),
        (Limits(archive_megabytes=2), "archive_too_large", "3 megabytes and the limit is 2"),
    ],
)
def test_an_archive_of_too_much_is_refused_before_anything_is_unpacked(
    tmp_path: Path, folder: Path, limits: Limits, reason: str, says: str
) -> None:
    large = [(f"{n}.txt", "x" * (1 << 20)) for n in range(3)]
    path = zipped(tmp_path, archive_of(large, zipfile.ZIP_STORED))
    with pytest.raises(Unreadable, match=says) as caught:
        unpack(path, folder, limits=limits)
    assert caught.value.reason == reason
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("size", "ratio", "reasons_found"),
    [(3 << 20, 200, ["swollen"]), (3 << 20, 2000, []), (1 << 19, 200, [])],
)
def test_a_member_far_larger_than_its_packed_size_is_refused(
    tmp_path: Path, folder: Path, size: int, ratio: int, reasons_found: list[str]
) -> None:
    path = zipped(tmp_path, archive(a_txt="x" * size))
    found = unpack(path, folder, limits=Limits(archive_ratio=ratio))
    assert [one["reason"] for one in found if "reason" in one] == reasons_found


def test_a_member_above_the_size_of_a_file_is_refused(tmp_path: Path, folder: Path) -> None:
    path = zipped(tmp_path, archive_of([("a.txt", "x" * (2 << 20))], zipfile.ZIP_STORED))
    (found,) = unpack(path, folder, limits=Limits(file_megabytes=1))
    assert found["reason"] == "too_large"


def test_an_archive_in_an_archive_is_not_opened(tmp_path: Path, folder: Path) -> None:
    path = zipped(tmp_path, archive(inner_zip=archive(a_txt=SENTENCE), b_txt=SENTENCE))
    items = list(members(path, folder))
    assert reasons(items) == {"papers.zip/inner.zip": "unsupported"}
    assert len(items) == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (SENTENCE.encode(), "damaged"),
        (b"", "empty"),
        (archive(), "empty"),
        (archive(a_txt=SENTENCE)[:-9], "damaged"),
        (pdf([SENTENCE]), "damaged"),
    ],
)
def test_an_archive_that_cannot_be_opened_is_one_failure_of_its_own(
    tmp_path: Path, folder: Path, content: bytes, reason: str
) -> None:
    path = zipped(tmp_path, content)
    (failed,) = members(path, folder)
    assert isinstance(failed, Failed)
    assert (failed.key, failed.reason) == (f"file:{path}", reason)


def test_an_archive_is_ingested_and_a_second_run_changes_nothing(
    home: Home, tmp_path: Path
) -> None:
    rows = export(tmp_path / "t.csv", invented.TRACKER, tracker_row("ash"), tracker_row("elm"))
    content = archive(
        in__form_txt=report(),
        in__letter_pdf=pdf([SENTENCE]),
        in__rows_csv=rows.read_bytes(),
        digest_md=digest(f"{SITE}/ash/"),
        mail_eml=SENTENCE,
    )
    path = zipped(tmp_path, content)
    first = read_in(home, path)
    assert (first.done, first.unchanged) == (5, 0)
    assert [(f.source, f.reason) for f in first.failed] == [("papers.zip/mail.eml", "unsupported")]
    assert docnos(home) == ["ash", "elm", "form", "letter"]
    second = read_in(home, path)
    assert (second.done, second.unchanged, len(second.failed)) == (0, 5, 1)
    with Store.reading(home) as store:
        keys = [entry.key for entry in ledger.entries(store.db)]
    assert f"file:{path}/in/form.txt" in keys
    assert f"file:{path}" not in keys


def test_a_changed_file_in_an_archive_is_read_again_and_the_others_are_not(
    home: Home, tmp_path: Path
) -> None:
    read_in(home, zipped(tmp_path, archive(form_txt=report(), letter_txt=response())))
    changed = archive(form_txt=report(concerns=[invented.DISCHARGE]), letter_txt=response())
    outcome = read_in(home, zipped(tmp_path, changed))
    assert (outcome.done, outcome.unchanged) == (1, 1)
    with Store.reading(home) as store:
        assert invented.DISCHARGE in read_document(store.db, "form").text


def test_a_file_in_a_folder_and_in_an_archive_is_one_document(home: Home, tmp_path: Path) -> None:
    read_in(home, invented.write(tmp_path / "in", form=report()))
    outcome = read_in(home, zipped(tmp_path, archive(form_txt=report())))
    assert (outcome.done, outcome.unchanged) == (0, 1)
    assert docnos(home) == ["form"]


def test_the_original_of_a_member_is_kept_and_the_unpacked_files_are_not(
    home: Home, tmp_path: Path
) -> None:
    left = home.root / "unpacked-by-a-killed-run"
    left.mkdir(parents=True)
    (left / "0.txt").write_text(SENTENCE, encoding="utf-8")
    read_in(home, zipped(tmp_path, archive(form_txt=report())))
    (kept,) = home.originals.iterdir()
    assert kept.read_text(encoding="utf-8") == report()
    assert list(home.root.glob("unpacked-*")) == []


def test_the_failure_of_a_damaged_archive_goes_when_a_good_copy_comes(
    home: Home, tmp_path: Path
) -> None:
    good = archive(form_txt=report())
    assert [f.reason for f in read_in(home, zipped(tmp_path, good[:-9])).failed] == ["damaged"]
    assert read_in(home, zipped(tmp_path, good)).failed == []
    with Store.reading(home) as store:
        assert [entry.state for entry in ledger.entries(store.db)] == ["done"]
