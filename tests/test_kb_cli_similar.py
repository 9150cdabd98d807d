"""`pfdkb similar`."""

import io
import json
from pathlib import Path
from typing import Any

import docx
import pytest

from kb.cli import run
from kb.settings import Home
from tests import invented
from tests.invented import read_in, report, response

ALIKE = "After the referral no care coordinator was allocated and nobody held the plan."


@pytest.fixture
def library(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("PFDKB_MODEL", "word-hash")
    read_in(home, invented.write(tmp_path / "in", trust=report(), letter=response()))
    return home


def similar(
    capsys: pytest.CaptureFixture[str], home: Home, *arguments: str
) -> tuple[int, dict[str, Any], str]:
    code = run(["--home", str(home.root), "similar", "--json", *arguments])
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else {}, err


def type_in(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))


def as_text(folder: Path) -> Path:
    return invented.write(folder, new=report(concerns=[invented.DISCHARGE, ALIKE])) / "new.txt"


def as_word(folder: Path) -> Path:
    made = docx.Document()
    for paragraph in report(concerns=[invented.DISCHARGE, ALIKE]).split("\n\n"):
        made.add_paragraph(paragraph)
    folder.mkdir(exist_ok=True)
    made.save(str(folder / "new.docx"))
    return folder / "new.docx"


@pytest.mark.parametrize("write", [as_text, as_word])
def test_a_file_is_answered_concern_by_concern(
    library: Home, capsys: pytest.CaptureFixture[str], tmp_path: Path, write: Any
) -> None:
    before = library.database.read_bytes()
    code, told, _ = similar(capsys, library, str(write(tmp_path / "new")))
    assert code == 0
    assert [one["number"] for one in told["concerns"]] == [1, 2]
    assert told["concerns"][1]["hits"][0]["docno"] == "trust"
    assert library.database.read_bytes() == before, "the file is not ingested"


def test_text_is_read_from_stdin(
    library: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, ALIKE.encode())
    code, told, _ = similar(capsys, library, "-", "--limit", "1")
    assert code == 0
    assert [hit["docno"] for hit in told["concerns"][0]["hits"]] == ["trust"]


def test_a_passage_held_is_named_by_its_key(
    library: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["--home", str(library.root), "search", "--json", "vacancies", "--kind", "report"])
    key = json.loads(capsys.readouterr().out)["hits"][0]["passage"]
    code, told, _ = similar(capsys, library, "--passage", key)
    assert code == 0
    assert [one["hits"] for one in told["concerns"]] == [[]], "its own document is left out"


def test_what_is_printed_names_who_answered(
    library: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(monkeypatch, ALIKE.encode())
    assert run(["--home", str(library.root), "similar", "-"]) == 0
    out = capsys.readouterr().out
    assert "Answered by: " in out and "(letter)" in out
    type_in(monkeypatch, report().encode())
    assert run(["--home", str(library.root), "similar", "-"]) == 0
    assert "This text is already held: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (b"", "no words to compare"),
        (b"\0\0 7", "no words to compare"),
        ("😀".encode(), "no words to compare"),
        (b"\xff\xfe\xff", "no words to compare"),
        (b"x" * 200_001, "At most 200,000 characters"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(
    library: Home,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    typed: bytes,
    words: str,
) -> None:
    type_in(monkeypatch, typed)
    code, told, err = similar(capsys, library, "-")
    assert (code, told) == (2, {})
    assert words in err


@pytest.mark.parametrize("arguments", [[], ["new.txt", "--passage", "0a1b2c3d4e5f"]])
def test_either_a_file_or_a_passage_is_named(
    library: Home, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    code, told, err = similar(capsys, library, *arguments)
    assert (code, told) == (2, {})
    assert "--passage" in err


def test_a_table_is_no_text(
    library: Home, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table = invented.export(tmp_path / "rows.csv", ["a", "b"], {"a": "ward", "b": "night"})
    code, _, err = similar(capsys, library, str(table))
    assert code == 2
    assert "no single text" in err


def test_a_file_that_is_missing_is_said_so(
    library: Home, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, _, err = similar(capsys, library, str(tmp_path / "none.txt"))
    assert code == 1
    assert err.startswith("pfdkb: ")
