"""Scanned pages: read where the extra is installed, else named with how to get it."""

from pathlib import Path

import pytest

from ingest import ocr, read
from ingest.formats_pdf import read_pdf
from ingest.ocr import Line, Recognised, in_order, recognised
from ingest.read import Limits, read_file
from ingest.sources import Failed, read_source
from kb.documents import Draft
from kb.errors import Unreadable
from tests import invented
from tests.invented_files import pdf, picture_of, scan

SHARED = Path(__file__).resolve().parents[2] / "shared"
WORDS = "No care coordinator was named for Ada Vale."
BLANK = (16, 16, b"\xff" * 256)
needs_extra = pytest.mark.skipif(not ocr.available(), reason="the extra 'ocr' is not installed")


def line(text: str, left: float, top: float, confidence: float = 0.9) -> Line:
    """Return a run of words twenty pixels high."""
    return Line(
        text=text,
        confidence=confidence,
        left=left,
        top=top,
        right=left + 9 * len(text),
        bottom=top + 20,
    )


def seen(text: str, confidence: float = 0.9, left_out: int = 0) -> ocr.Recognise:
    """Return a recogniser that reads the same on every page."""
    return lambda picture: Recognised(text, confidence if text else None, left_out)


@pytest.mark.parametrize(
    ("lines", "expected", "why"),
    [
        ([line("b", 0, 50), line("a", 0, 10)], ["a", "b"], "from top to bottom"),
        ([line("CORONER", 90, 12), line("1", 10, 10)], ["1 CORONER"], "the form's two columns"),
        ([line("c", 200, 14), line("a", 0, 6), line("b", 90, 10)], ["a b c"], "a crooked scan"),
        ([line("a", 0, 10), line("b", 50, 25)], ["a", "b"], "a line below is not beside"),
        ([], [], "an empty page"),
    ],
)
def test_the_lines_of_a_page_are_put_in_reading_order(
    lines: list[Line], expected: list[str], why: str
) -> None:
    assert in_order(lines) == expected, why


def test_uncertain_lines_are_left_out_and_counted() -> None:
    page = recognised([line("Vale", 0, 0, 0.9), line("smudge", 0, 40, 0.49), line(" ", 0, 80)])
    assert page == Recognised("Vale", 0.9, 2)


def test_confidence_is_the_mean_over_characters_and_none_of_an_empty_page() -> None:
    page = recognised([line("abcdefgh", 0, 0, 1.0), line("ab", 0, 40, 0.5)])
    assert page.confidence == 0.9
    assert recognised([]).confidence is None


def test_only_pages_without_words_are_recognised_and_their_numbers_are_kept() -> None:
    content = scan(BLANK, BLANK, words=[WORDS])
    found = read_pdf(content, seen(f"The second page. {WORDS}", 0.8, 3), scans=9)
    assert found.text.count("The second page.") == 2
    assert found.text.startswith(WORDS)
    assert found.meta == {
        "ocr_confidence": 0.8,
        "ocr_pages": {"2": 0.8, "3": 0.8},
        "ocr_lines_left_out": 6,
    }
    assert [found.text[start:][:5] for start in found.starts] == ["No ca", "The s", "The s"]


def test_a_page_on_which_nothing_is_recognised_stays_a_page_without_text() -> None:
    assert read_pdf(scan(BLANK, words=[WORDS]), seen(""), scans=9).meta == {
        "pages_without_text": [2]
    }


def test_without_recognition_pages_without_words_are_named() -> None:
    found = read_pdf(scan(BLANK, words=[WORDS]))
    assert (found.text, found.meta) == (WORDS, {"pages_without_text": [2]})


def test_a_blank_page_is_no_scan() -> None:
    assert read_pdf(pdf([WORDS], [])).meta == {}


@pytest.mark.parametrize(
    ("recognise", "scans", "reason"),
    [(None, 9, "needs_ocr"), (seen(""), 9, "no_text"), (seen(WORDS), 1, "too_many_scans")],
)
def test_a_scan_that_cannot_be_read_says_why(
    recognise: ocr.Recognise | None, scans: int, reason: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        read_pdf(scan(BLANK, BLANK), recognise, scans=scans)
    assert caught.value.reason == reason


def test_a_stamp_on_a_scanned_page_does_not_make_it_a_text() -> None:
    with pytest.raises(Unreadable, match="it is a scan"):
        read_pdf(scan(BLANK, BLANK, stamp="No. 41"))


def test_without_the_extra_a_scan_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    path = tmp_path / "scan.pdf"
    path.write_bytes(scan(BLANK))
    (failed,) = read_source(path)
    assert isinstance(failed, Failed)
    assert failed.reason == "needs_ocr"
    assert 'pip install "pfd-kb[ocr]"' in failed.detail


def test_a_text_with_a_scanned_page_says_which_page_was_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    path = tmp_path / "letter.pdf"
    path.write_bytes(scan(BLANK, words=[WORDS]))
    (draft,) = read_source(path)
    assert isinstance(draft, Draft)
    assert draft.fields["pages_without_text"] == "2"


def test_where_recognition_fails_the_text_layer_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "available", lambda: True)
    path = tmp_path / "letter.pdf"
    path.write_bytes(scan(BLANK, words=[WORDS]))
    reading = read_file(path, limits=Limits(ocr_seconds=0.001))
    assert (reading.text, reading.meta) == (WORDS, {"pages_without_text": [2]})


def test_recognition_has_limits_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask(task: str, path: Path, **_: object) -> dict[str, object]:
        asked.append(task)
        if task == "read":
            raise Unreadable("needs_ocr", "")
        return {"format": "pdf", "text": WORDS, "pages": [0], "meta": {}, "rows": [], "sha256": ""}

    monkeypatch.setattr(ocr, "available", lambda: True)
    monkeypatch.setattr(read, "ask_child", ask)
    path = tmp_path / "scan.pdf"
    path.write_bytes(scan(BLANK))
    assert read_file(path).text == WORDS
    assert asked == ["read", "recognise"]


@needs_extra
def test_a_scanned_form_is_read_as_its_text_layer_would_be(tmp_path: Path) -> None:
    lines = [one for one in invented.report().split("\n") if one][:14]
    typed = pdf([one[:84].replace("(", "\\(").replace(")", "\\)") for one in lines])
    path = tmp_path / "scan.pdf"
    path.write_bytes(scan(picture_of(typed)))
    reading = read_file(path)
    assert reading.meta["ocr_confidence"] > 0.9
    assert reading.meta["ocr_lines_left_out"] == 0
    assert "THIS REPORT IS BEING SENT TO" in reading.text
    wanted = set(read_pdf(typed).text.split())
    assert len(wanted & set(reading.text.split())) / len(wanted) > 0.9


@needs_extra
@pytest.mark.real_data
def test_a_public_form_scanned_is_read_nearly_word_for_word(tmp_path: Path) -> None:
    source = SHARED / "data" / "documents" / "Jodie_McCann.pdf"
    path = tmp_path / "scan.pdf"
    path.write_bytes(scan(picture_of(source.read_bytes(), 1, dots_per_inch=200)))
    reading = read_file(path)
    wanted = set(read_file(source).text.lower().split())
    words = reading.text.lower().split()
    assert sum(word in wanted for word in words) / len(words) > 0.95
