"""A file is read whole, or it is refused with a reason and a sentence; never in part."""

import codecs
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from ingest.child import read as read_here
from ingest.clean import clean_text
from ingest.gaps import narrow
from ingest.numerals import numeral
from ingest.read import READABLE, Limits, Reading, read_file
from ingest.sources import find_files
from kb.errors import Unreadable
from tests.invented_files import pdf, word, word_with

SHARED = Path(__file__).resolve().parents[2] / "shared"
SENTENCE = "No care coordinator was named for Ada Vale in the month before her death."

Save = Callable[[str, bytes | str], Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Return a function that writes a file and gives its path."""

    def write(name: str, content: bytes | str) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def refused(path: Path, limits: Limits | None = None) -> Unreadable:
    """Return the refusal of a file that must not be read."""
    with pytest.raises(Unreadable) as caught:
        read_file(path, limits=limits or Limits())
    return caught.value


LOCKED = pdf(
    [SENTENCE],
    trailer="/ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4"
    f" /O <{'11' * 32}> /U <{'22' * 32}> >> ",
)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
NOISE = bytes(range(256)) * 8


@pytest.mark.parametrize(
    ("name", "content", "reason", "says"),
    [
        ("a.txt", b"", "empty", "saved or copied"),
        ("a.txt", " \n\t\n", "empty", "no words"),
        ("a.md", "---\ntitle: Vale\n---\n", "empty", "no words"),
        ("a.html", "<html><script>1</script></html>", "empty", "no words"),
        ("a.csv", "url,id\n", "empty", "no words"),
        ("a.pdf", LOCKED, "encrypted", "password"),
        ("a.docx", OLD_OFFICE + "EncryptedPackage".encode("utf-16-le"), "encrypted", "password"),
        ("a.pdf", pdf([SENTENCE])[:-200], "damaged", "its end is missing"),
        ("a.pdf", b"%PDF-1.4\nnothing more\n%%EOF", "damaged", "cannot be opened as a PDF"),
        ("a.pdf", NOISE, "damaged", "does not begin as a PDF"),
        ("a.docx", word()[:-400], "damaged", "Word document"),
        ("a.md", "---\ntitle: Vale\nwho: [a\n---\nText.", "damaged", "line 4"),
        ("a.md", "---\ndate: 2099-02-30\n---\nText.", "damaged", "--- lines"),
        ("a.md", "---\nwho: " + "[" * 5000 + "\n---\nText.", "too_nested", "nested more deeply"),
        ("a.docx", pdf([SENTENCE]), "mislabelled", "named .docx but looks like a PDF"),
        ("a.pdf", b"\x89PNG\r\n\x1a\n" + NOISE, "mislabelled", "a PNG picture"),
        ("a.txt", b"MZ\x90\0" + NOISE, "mislabelled", r"a program \(.exe\)"),
        ("a.pdf", word(), "mislabelled", "a Word document"),
        ("a.docx", OLD_OFFICE, "mislabelled", r"older Office file.*\.doc"),
        ("a.pdf", "<!DOCTYPE html><p>Sign in</p>", "mislabelled", "a web page"),
        ("a.docx", SENTENCE, "mislabelled", "plain text"),
        ("a.txt", r"{\rtf1 Vale}", "mislabelled", "rich text"),
        ("a.txt", NOISE, "not_text", "binary"),
        ("a.csv", b"a,b\n" + NOISE, "not_text", "binary"),
        ("a.txt", "(1) 2099 - 12/12", "empty", "no words"),
        ("a.csv", "url,id\n1,2\n", "empty", "no words"),
        ("a.pdf", pdf([]), "no_text", "No words"),
        ("a.pdf", pdf(["1 of 2"], ["2 of 2"]), "no_text", "No words"),
        ("a.docx", word(), "no_text", "No words"),
        ("a.eml", SENTENCE, "unsupported", r"\.eml.*attachments"),
        ("a.msg", SENTENCE, "unsupported", r"\.msg.*attachments"),
        ("a.zip", SENTENCE, "unsupported", "archive inside an archive"),
        ("a.7z", SENTENCE, "unsupported", "Unpack"),
        ("a.png", SENTENCE, "unsupported", "as PDF"),
        ("a.ppt", SENTENCE, "unsupported", r"\.ppt.*Save it as PDF"),
        ("a", SENTENCE, "unsupported", "no ending"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(
    save: Save, name: str, content: bytes | str, reason: str, says: str
) -> None:
    error = refused(save(name, content))
    assert error.reason == reason
    assert re.search(says, error.sentence)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.txt").reason == "missing"
    folder = tmp_path / "folder.txt"
    folder.mkdir()
    assert refused(folder).reason == "not_a_file"


def test_a_file_above_the_size_limit_is_refused_unopened(save: Save) -> None:
    error = refused(save("a.txt", bytes(1024 * 1024 + 1)), Limits(file_megabytes=1))
    assert (error.reason, "has 2 megabytes" in error.detail) == ("too_large", True)


def test_a_file_that_takes_too_long_is_given_up(save: Save) -> None:
    error = refused(save("a.txt", SENTENCE), Limits(seconds=0.001))
    assert error.reason == "too_slow"
    assert "0.001 seconds" in error.detail


@pytest.mark.parametrize(
    ("name", "content", "limits"),
    [
        ("a.txt", SENTENCE, Limits(characters=20)),
        ("a.csv", f"url,id\n{SENTENCE},1\n", Limits(table_characters=20)),
    ],
)
def test_more_text_than_can_be_divided_in_time_is_refused(
    save: Save, name: str, content: str, limits: Limits
) -> None:
    error = refused(save(name, content), limits)
    assert (error.reason, "more than 20 characters" in error.detail) == ("too_long", True)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may open every file")
def test_a_file_that_may_not_be_opened_is_refused(save: Save) -> None:
    path = save("a.txt", SENTENCE)
    path.chmod(0)
    assert refused(path).reason == "no_permission"


@pytest.mark.parametrize(
    ("method", "read"), [("stat", read_file), ("read_bytes", partial(read_here, limits=Limits()))]
)
def test_the_system_forbidding_a_file_is_a_reason_like_others(
    save: Save, monkeypatch: pytest.MonkeyPatch, method: str, read: Callable[[Path], object]
) -> None:
    def forbid(path: Path, **_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = save("a.txt", SENTENCE)
    monkeypatch.setattr(Path, method, forbid)
    with pytest.raises(Unreadable) as caught:
        read(path)
    assert caught.value.reason == "no_permission"


def test_what_a_library_prints_does_not_get_into_the_answer(save: Save) -> None:
    order: dict[str, Any] = {"task": "read", "path": str(save("a.txt", SENTENCE)), "folder": None}
    order |= {"limits": asdict(Limits()), "megabytes": 900}
    noisy = (
        "import json, os, sys\n"
        "from ingest import child\n"
        "name, parse = child.FORMATS['.txt']\n"
        "child.FORMATS = {'.txt': (name, lambda data: os.write(1, b'noise') and parse(data))}\n"
        "child.main(sys.argv[1:])"
    )
    command = [sys.executable, "-c", noisy, json.dumps(order)]
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(command, capture_output=True, check=True, cwd=root)
    assert json.loads(done.stdout)["text"] == SENTENCE
    assert b"noise" in done.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", f"Vale{' ' * 999}Trust"),
        ("a.docx", word(lambda d: d.add_paragraph(f"Vale{chr(9) * 999}Trust"))),
        ("a.pdf", pdf([f"Vale{' ' * 99}Trust"])),
    ],
)
def test_a_wide_gap_is_narrowed(save: Save, name: str, content: bytes | str) -> None:
    text = read_file(save(name, content)).text
    assert re.fullmatch(r"Vale\s{1,64}Trust", text)


@pytest.mark.parametrize(
    ("text", "expected", "why"),
    [
        ("a" + " " * 64 + "b", "a" + " " * 64 + "b", "a wide table stays as it is"),
        ("a" + " " * 65 + "b", "a" + " " * 64 + "b", "one more is too many"),
        ("a" + "\t" * 99 + "b", "a" + "\t" * 64 + "b", "empty cells too"),
        ("a" + "\n" * 99, "a" + "\n" * 99, "lines are no gap"),
    ],
)
def test_only_very_wide_gaps_are_narrowed(text: str, expected: str, why: str) -> None:
    assert narrow(text) == expected, why


def test_a_page_nested_deeper_than_any_keeps_its_words(save: Save) -> None:
    content = "<div>" * 3000 + f"<p>{SENTENCE}</p>"
    assert read_file(save("a.html", content)).text == SENTENCE


def test_keys_of_front_matter_that_are_no_words_are_written_as_words(save: Save) -> None:
    reading = read_file(save("a.md", f"---\n2099-01-02: a\n3: b\n---\n{SENTENCE}"))
    assert reading.meta == {"2099-01-02": "a", "3": "b"}


def test_a_list_level_that_is_no_number_is_the_first(save: Save) -> None:
    level = '<w:pPr><w:numPr><w:ilvl w:val="x"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    content = word_with(f"<w:p>{level}<w:r><w:t>{SENTENCE}</w:t></w:r></w:p>")
    assert SENTENCE in read_file(save("a.docx", content)).text


@pytest.mark.skipif(os.name != "posix", reason="pipes and links are things of POSIX")
def test_a_pipe_and_a_broken_link_in_a_folder_are_not_passed_over_in_silence(
    tmp_path: Path,
) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    (tmp_path / "lost.txt").symlink_to("nowhere")
    (tmp_path / "folder").mkdir()
    assert [path.name for path in find_files([tmp_path])] == ["lost.txt", "pipe.pdf"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its memory")
def test_a_file_that_swells_beyond_the_memory_limit_is_given_up(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.docx"
    with (
        zipfile.ZipFile(io.BytesIO(word())) as plain,
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as swollen,
    ):
        for name in plain.namelist():
            spaces = b" " * (150 << 20) if name == "docProps/core.xml" else b""
            swollen.writestr(name, plain.read(name) + spaces)
    assert bomb.stat().st_size < 1_000_000
    assert refused(bomb, Limits(megabytes=150)).reason == "too_much_memory"


@pytest.mark.parametrize(
    ("signal", "reason"), [(-11, "damaged"), (-6, "damaged"), (-9, "too_much_memory")]
)
def test_a_file_that_crashes_its_reader_is_refused(
    save: Save, monkeypatch: pytest.MonkeyPatch, signal: int, reason: str
) -> None:
    ended = subprocess.CompletedProcess([], signal, stdout=b"", stderr=b"")
    monkeypatch.setattr(subprocess, "run", lambda *given, **options: ended)
    assert refused(save("a.txt", SENTENCE)).reason == reason


@pytest.mark.parametrize(
    ("content", "expected", "why"),
    [
        ("Ünit 7 – “Vale”".encode(), "Ünit 7 – “Vale”", "UTF-8"),
        (codecs.BOM_UTF8 + b"Vale", "Vale", "UTF-8 with its mark"),
        ("Vale – Márk".encode("utf-16"), "Vale – Márk", "UTF-16 with its mark"),
        ("Vale – Márk".encode("utf-16-le"), "Vale – Márk", "UTF-16 without its mark"),
        ("Vale – Márk".encode("utf-16-be"), "Vale – Márk", "the same, the other way round"),
        ("Vale’s – Márk".encode("cp1252"), "Vale’s – Márk", "Windows-1252"),
        (b"Vale \x81\xe9", "Vale é", "not even Windows-1252"),
        (b"Vale\x00 one", "Vale one", "a single NUL is noise"),
        (b"a\r\nb\rc", "a\nb\nc", "line ends of three systems"),
    ],
)
def test_text_of_any_common_encoding_is_read(
    save: Save, content: bytes, expected: str, why: str
) -> None:
    assert read_file(save("a.txt", content)).text == expected, why


def test_a_reading_names_its_format_and_the_hash_of_the_bytes(save: Save) -> None:
    content = codecs.BOM_UTF8 + SENTENCE.encode()
    expected = Reading(format="txt", text=SENTENCE, sha256=hashlib.sha256(content).hexdigest())
    assert read_file(save("A.TXT", content)) == expected


def test_the_child_is_not_led_astray_by_the_working_folder(
    save: Save, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save("csv.py", "raise SystemExit(3)")
    save("json.py", "raise SystemExit(3)")
    save("a.txt", SENTENCE)
    monkeypatch.chdir(tmp_path)
    assert read_file(Path("a.txt")).text == SENTENCE
    assert Path.cwd() == tmp_path


def test_a_file_name_may_look_like_an_option_or_hold_any_character(save: Save) -> None:
    for name in ("-h.txt", "a b;$(x)'\".txt", "välé\n.txt"):
        assert read_file(save(name, SENTENCE)).text == SENTENCE


def test_the_front_matter_of_markdown_becomes_meta(save: Save) -> None:
    source = (
        "---\r\ntitle: Vale\r\ndate: 2099-05-26\r\nverbatim: false\r\n---\r\n\r\n## One\r\nText"
    )
    reading = read_file(save("a.md", source))
    assert reading.meta == {"title": "Vale", "date": "2099-05-26", "verbatim": False}
    assert reading.text == "## One\nText"


@pytest.mark.parametrize("source", ["---\n\nNo mapping.\n\n---\n\nText.", "---\nNever closed."])
def test_a_rule_at_the_head_of_markdown_is_no_front_matter(save: Save, source: str) -> None:
    reading = read_file(save("a.md", source))
    assert (reading.meta, reading.text) == ({}, source)


def test_a_web_page_is_laid_out_as_it_is_read(save: Save) -> None:
    source = """<!DOCTYPE html><html><head><title>T</title><style>p {}</style></head><body>
    <nav>Menu</nav><h1>Report&nbsp;2099</h1><p>To the <b>Vale</b>
    Trust<br>Amber</p><ul><li>one</li><li><p>two</p></li></ul>
    <ol start="3"><li>three</li><li>four</li></ol><ol type="a"><li>first</li></ol>
    <table><tr><th>Action</th><th>Lead</th></tr><tr><td>Plan<br>all</td><td>Bo</td></tr></table>
    <div>Loose <span>words</span></div><script>no()</script><footer>Foot</footer></body></html>"""
    reading = read_file(save("a.htm", source))
    assert reading.format == "html"
    assert [line for line in reading.text.split("\n") if line] == [
        "Report 2099",
        "To the Vale Trust",
        "Amber",
        "• one",
        "• two",
        "3. three",
        "4. four",
        "a. first",
        "Action\tLead",
        "Plan all\tBo",
        "Loose words",
    ]


def test_a_pdf_is_read_page_by_page_and_its_pages_can_be_found(save: Save) -> None:
    pages: tuple[list[str], ...] = (
        ["REGULATION 28 REPORT", "THIS REPORT IS BEING SENT TO:", "1. Vale Trust", "1"],
        ["4 CIRCUMSTANCES OF THE DEATH", "Nobody had been named for her at any time in the", "2"],
        ["month before.", "5 MATTERS OF CONCERN", "\\(1\\) There was no self-", "harm plan."],
        [],
        ["9 26 May 2099", "Bo Marsh", "5"],
    )
    reading = read_file(save("a.pdf", pdf(*pages)))
    assert reading.text.split("\n") == [
        "REGULATION 28 REPORT",
        "THIS REPORT IS BEING SENT TO:",
        "1. Vale Trust",
        "",
        "4 CIRCUMSTANCES OF THE DEATH",
        "Nobody had been named for her at any time in the month before.",
        "5 MATTERS OF CONCERN",
        "(1) There was no self-harm plan.",
        "",
        "9 26 May 2099",
        "Bo Marsh",
    ]
    starts = [reading.text[start:][:5] for start in reading.pages]
    assert starts == ["REGUL", "4 CIR", "month", "9 26 ", "9 26 "]


def test_an_empty_last_page_starts_at_the_end(save: Save) -> None:
    reading = read_file(save("a.pdf", pdf([SENTENCE], [])))
    assert (reading.text, reading.pages) == (SENTENCE, (0, len(SENTENCE)))


def add_table(document: Any) -> None:
    """Add a plan of three columns with merged cells, and a form of two with lines in a cell."""
    plan = document.add_table(3, 3)
    for cell, text in zip(plan._cells, "ABCDEFGHI", strict=True):
        cell.text = text
    plan.cell(0, 0).merge(plan.cell(0, 1))
    plan.cell(1, 0).merge(plan.cell(2, 0))
    plan.cell(1, 1).text = "one\ntwo"
    form = document.add_table(1, 2)
    form.cell(0, 0).text = "5"
    form.cell(0, 1).text = "CONCERNS"
    form.cell(0, 1).add_paragraph("No plan.")
    form.cell(0, 1).add_table(1, 1).cell(0, 0).text = "inner"


def test_a_word_document_is_read_in_order_and_a_merged_cell_once(save: Save) -> None:
    content = word(
        lambda d: d.add_heading("Plan", 1),
        add_table,
        lambda d: d.add_paragraph("After the tables\twith a tab"),
    )
    reading = read_file(save("a.docx", content))
    assert [line for line in reading.text.split("\n") if line] == [
        "Plan",
        "A B\tC",
        "D G\tone two\tF",
        "\tH\tI",
        "5\tCONCERNS",
        "No plan.",
        "inner",
        "After the tables\twith a tab",
    ]


def add_control(document: Any) -> None:
    """Add a content control, a tracked insertion, a tracked deletion and moved-away words."""
    paragraph = document.add_paragraph("In a control")
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    paragraph._p.addprevious(control)
    control.append(content)
    content.append(paragraph._p)
    tracked = document.add_paragraph("Kept ")
    for name, text in (("w:ins", "added"), ("w:del", "deleted"), ("w:moveFrom", "moved")):
        run = tracked.add_run(text)._r
        change = OxmlElement(name)
        run.addprevious(change)
        change.append(run)


def test_tracked_and_boxed_words_of_a_word_document_are_not_lost(save: Save) -> None:
    reading = read_file(save("a.docx", word(add_control)))
    assert reading.text == "In a control\nKept added"


def add_numbers(document: Any) -> None:
    """Add a list numbered (1), (2) with a lettered level below, in a style of its own."""
    numbering = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "99")
    for at, (style, text) in enumerate((("decimal", "(%1)"), ("lowerLetter", "%1%2."))):
        level = OxmlElement("w:lvl")
        level.set(qn("w:ilvl"), str(at))
        for name, value in (("w:start", "1"), ("w:numFmt", style), ("w:lvlText", text)):
            level.append(OxmlElement(name, attrs={qn("w:val"): value}))
        abstract.append(level)
    numbering.insert(0, abstract)
    number = numbering.add_num(99)
    for text, at in (("one", 0), ("sub", 1), ("sub", 1), ("two", 0), ("sub", 1)):
        properties = document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_numId().val = number.numId
        properties.get_or_add_ilvl().val = at
    document.add_paragraph("bullet", style="List Bullet")


def test_the_numbers_that_word_prints_before_concerns_are_kept(save: Save) -> None:
    reading = read_file(save("a.docx", word(add_numbers)))
    assert reading.text.split("\n") == [
        "(1) one",
        "1a. sub",
        "1b. sub",
        "(2) two",
        "2a. sub",
        "• bullet",
    ]


@pytest.mark.parametrize(
    ("number", "style", "expected"),
    [
        (3, "decimal", "3"),
        (3, "a", "c"),
        (27, "lowerLetter", "aa"),
        (2, "upperLetter", "B"),
        (4, "i", "iv"),
        (49, "upperRoman", "XLIX"),
        (0, "a", "0"),
    ],
)
def test_a_list_number_is_written_in_its_style(number: int, style: str, expected: str) -> None:
    assert numeral(number, style) == expected


def test_a_table_is_read_with_ragged_rows_and_long_cells(save: Save) -> None:
    long = "x" * 200_000
    source = f'\ufeffurl, id \r\n"a\r\nb",1\r\nc\r\n\r\n,\0d,e,f\r\n{long},2\r\n'
    reading = read_file(save("a.csv", source))
    assert reading.text == ""
    assert reading.rows == (
        {"url": "a\r\nb", "id": "1"},
        {"url": "c", "id": ""},
        {"url": "", "id": "d", "": "e\tf"},
        {"url": long, "id": "2"},
    )


@pytest.mark.parametrize("mark", [";", "\t"])
def test_a_table_may_be_parted_by_semicolons_or_tabs(save: Save, mark: str) -> None:
    assert read_file(save("a.csv", f"url{mark}id\na{mark}b\n")).rows == ({"url": "a", "id": "b"},)


def test_every_readable_suffix_is_lower_case_with_its_dot() -> None:
    assert sorted(READABLE) == [".csv", ".docx", ".htm", ".html", ".md", ".pdf", ".txt"]


@pytest.mark.skipif(os.name != "posix", reason="a named pipe is a thing of POSIX")
def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert refused(tmp_path / "pipe.txt").reason == "not_a_file"


@pytest.mark.real_data
@pytest.mark.skipif(not SHARED.is_dir(), reason="the public documents are not beside the checkout")
def test_the_public_documents_are_read_with_the_form_in_order() -> None:
    for path in sorted((SHARED / "data" / "documents").iterdir()):
        reading = read_file(path)
        assert clean_text(reading.text) == reading.text
        if reading.format == "pdf":
            lines = [line for line in reading.text.split("\n") if line[:2].strip().isdigit()]
            headings = [line[:6] for line in lines if line[2:6].isupper()]
            assert headings[:2] == ["1 CORO", "2 CORO"]
            assert "6 ACTI" in headings
            assert len(reading.pages) > 2
