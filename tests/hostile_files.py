"""Files made by hand to do harm, or broken as people and programs break them, and how each ends."""

import io
import os
import random
import socket
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest import ocr
from tests import invented
from tests.invented_files import PdfObject, archive, archive_of, pdf, pdf_of, scan, word, word_with

SENTENCE = "No care coordinator was named for Ada Vale in the month before her death."
DONE = "done"
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file: its name, how it is made, and the endings of its sources ("done" or a reason).

    The slow ones take ten seconds and more, and are left to a full run.
    """

    name: str
    make: Callable[[], bytes | str]
    ends: tuple[str, ...]
    slow: bool = False


def _scanned(reason: str) -> tuple[str]:
    """Return how a scan ends: by what recognition finds, where that is installed."""
    return (reason,) if ocr.available() else ("needs_ocr",)


def _utf16() -> bytes:
    return invented.report().encode("utf-16-le")


def _row(**values: str) -> str:
    row = invented.tracker_row("case", **values)
    cells = (f'"{row.get(column, "")}"' for column in invented.TRACKER)
    return ",".join(invented.TRACKER) + "\n" + ",".join(cells) + "\n"


def _yaml_bomb() -> str:
    lines = ["a0: &a0 [Vale, Vale, Vale, Vale, Vale, Vale, Vale, Vale, Vale]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return "---\n" + "\n".join(lines) + f"\n---\n{SENTENCE}"


_PARAGRAPH = "<w:p><w:r><w:t>a</w:t></w:r></w:p>"


def _laughs() -> str:
    lines = ['<!ENTITY l0 "Vale Vale Vale Vale">']
    lines += [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12)]
    return f"<!DOCTYPE w [{''.join(lines)}]>"


def _word_bomb() -> bytes:
    return word_with(" " * MILLION, times=1100)


def _word_without(part: str) -> bytes:
    kept, out = zipfile.ZipFile(io.BytesIO(word())), io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in kept.namelist():
            if name != part:
                made.writestr(name, kept.read(name))
    return out.getvalue()


def _word_that_points_away() -> bytes:
    kept, out = zipfile.ZipFile(io.BytesIO(word_with(_PARAGRAPH))), io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in kept.namelist():
            data = kept.read(name).replace(b'Target="styles.xml"', b'Target="../../../etc/passwd"')
            made.writestr(name, data)
    return out.getvalue()


def _odd_number() -> bytes:
    numbered = '<w:pPr><w:numPr><w:ilvl w:val="x"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    return word_with(f"<w:p>{numbered}<w:r><w:t>{SENTENCE}</w:t></w:r></w:p>")


def _pdf_page_tree(kids: str, count: int) -> bytes:
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    tree = f"<< /Type /Pages /Kids [{kids}] /Count {count} >>"
    return pdf_of(["<< /Type /Catalog /Pages 2 0 R >>", tree, page])


def _pdf_many_pages(count: int) -> bytes:
    objects: list[PdfObject] = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{'4 0 R ' * count}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources"
        " << /Font << /F1 3 0 R >> >> /Contents 5 0 R >>",
        f"<< /Length 60 >>\nstream\nBT /F1 10 Tf 40 780 Td ({SENTENCE[:25]}) Tj ET\nendstream",
    ]
    return pdf_of(objects)


def _pdf_flate_bomb() -> bytes:
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(b" " * MILLION) for _ in range(1500)) + packer.flush()
    head = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode()
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>"
    tree = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    stream = head + packed + b"\nendstream"
    return pdf_of(["<< /Type /Catalog /Pages 2 0 R >>", tree, page, stream])


def _pdf_xref_loop() -> bytes:
    whole = pdf([SENTENCE])
    at = whole.rindex(b"xref\n0")
    return whole.replace(b"/Root 1 0 R ", b"/Root 1 0 R /Prev %d " % at)


def _pdf_field() -> bytes:
    grey = (8, 8, bytes(64))
    return scan(grey).replace(b"[0 0 595 842]", b"[0 0 9e9 9e9]")


def _entry(name: str, mode: int = stat.S_IFREG | 0o644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def _zip_tricks() -> bytes:
    names = (
        "../up.txt",
        "/etc/absolute.txt",
        "C:\\drive.txt",
        "in\\..\\..\\back.txt",
        "a/../b.txt",
    )
    tricks = [(_entry(name), SENTENCE) for name in names]
    tricks += [(_entry("link.txt", stat.S_IFLNK | 0o777), "/etc/passwd")]
    tricks += [(_entry("pipe.txt", stat.S_IFIFO | 0o644), SENTENCE)]
    return archive_of([*tricks, ("good.txt", SENTENCE)])


def _zip_locked() -> bytes:
    out = bytearray(archive(open_txt=SENTENCE, locked_txt=SENTENCE))
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # where each header has its flags
        place = out.rindex(magic)
        out[place + at] |= 1
    return bytes(out)


def _zip_lying() -> bytes:
    """Return an archive that says it holds 30 files of 150 MB each."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for number in range(30):
            made.writestr(f"{number}.txt", SENTENCE)
            made.filelist[-1].file_size = 150 * MILLION
            made.filelist[-1].compress_size = 149 * MILLION
    return out.getvalue()


def _zip_bad_sum() -> bytes:
    whole = archive_of([("a.txt", SENTENCE), ("b.txt", SENTENCE + "x")], zipfile.ZIP_STORED)
    return whole.replace(b"Ada", b"Eva", 1)


def _zip_of_many(count: int) -> bytes:
    return archive_of([(f"{n}.txt", "a") for n in range(count)], zipfile.ZIP_STORED)


_CONCERN = "5 CORONER'S CONCERNS\n(1) one\n"

HOSTILE: tuple[Hostile, ...] = (
    # text
    Hostile("empty.txt", lambda: "", ("empty",)),
    Hostile("blank.txt", lambda: " \n\t\u200b\ufeff\n" * 999, ("empty",)),
    Hostile("digits.txt", lambda: "(1) 2099-0001 12/12/2099\n" * 9999, ("empty",)),
    Hostile("nul.txt", lambda: bytes(5000), ("not_text",)),
    Hostile("nul-in-words.txt", lambda: "Vale\0" * 20 + "a" * 9000, (DONE,)),
    Hostile("utf16.txt", _utf16, (DONE,)),
    Hostile("utf16-odd.txt", lambda: _utf16()[:-1], ("not_text",)),
    Hostile("utf32.txt", lambda: invented.report().encode("utf-32"), (DONE,)),
    Hostile("lone-bytes.txt", lambda: b"Vale \xff\xfe\x81 \xed\xa0\x80 Trust", (DONE,)),
    Hostile("noise.txt", lambda: random.Random(7).randbytes(MILLION), ("not_text",)),
    Hostile("paragraphs.txt", lambda: "a\n\n" * (5 * MILLION), ("too_long",)),
    Hostile("one-line.txt", lambda: "x" * (3 * MILLION), ("too_long",)),
    Hostile("one-word.txt", lambda: "x" * 1_900_000, (DONE,)),
    Hostile("one-gap.txt", lambda: "a" + " " * 1_900_000 + "b", (DONE,)),
    Hostile("tabs.txt", lambda: "a\tb\tc\n" * 330_000, (DONE,), slow=True),
    Hostile("headings.md", lambda: "## Heading\n" * 170_000, (DONE,), slow=True),
    Hostile("concerns.txt", lambda: _CONCERN * 20_000, (DONE,)),
    Hostile("brackets.txt", lambda: "Vale " + "(" * MILLION, (DONE,)),
    Hostile("dotted.txt", lambda: "Vale " + "1." * 900_000, (DONE,)),
    Hostile("dates.txt", lambda: "Vale " + "1/1/" * 450_000, (DONE,)),
    Hostile("recipients.txt", lambda: invented.report(recipients="Vale" + " " * MILLION), (DONE,)),
    Hostile(
        "gap-in-concern.txt",
        lambda: invented.report(concerns=[f"Vale{' ' * MILLION}Trust", SENTENCE]),
        (DONE,),
    ),
    # Markdown
    Hostile("alias-bomb.md", _yaml_bomb, ("too_much_memory",), slow=True),
    Hostile("deep.md", lambda: f"---\na: {'[' * 9999}\n---\nText", ("too_nested",)),
    Hostile(
        "object.md",
        lambda: "---\na: !!python/object/apply:os.system [true]\n---\nText",
        ("damaged",),
    ),
    Hostile("odd-keys.md", lambda: f"---\n2099-01-01: a\n3: b\n---\n{SENTENCE}", (DONE,)),
    Hostile("huge-number.md", lambda: f"---\na: {'9' * 5000}\n---\n{SENTENCE}", ("damaged",)),
    Hostile("bad-url.md", lambda: f"---\nurl: 'http://['\n---\n{SENTENCE}", (DONE,)),
    Hostile(
        "long-name.md",
        lambda: f"---\nkind: response\nrespondent: Vale{' ' * 150_000}Trust\n---\n{SENTENCE}",
        (DONE,),
    ),
    Hostile("cut-digest.md", lambda: "---\nverbatim: false\n---\n\n## Summary", ("empty",)),
    # web pages
    Hostile("deep.html", lambda: "<div>" * 9000 + SENTENCE, (DONE,)),
    Hostile("deeper.html", lambda: "<div>" * MILLION + SENTENCE, ("too_slow",), slow=True),
    Hostile("deep-list.html", lambda: "<ul><li>" * 9000 + SENTENCE, (DONE,)),
    Hostile("deep-bold.html", lambda: "<b>" * 3000 + SENTENCE, (DONE,)),
    Hostile("cells.html", lambda: "<table><tr>" + "<td>a" * 60_000, (DONE,)),
    Hostile("script.html", lambda: "<html><script>Vale</script>", ("empty",)),
    Hostile("entities.html", lambda: SENTENCE + "&amp;" * MILLION, (DONE,)),
    Hostile("numbers.html", lambda: f"<ol start={'9' * 5000}><li>{SENTENCE}</ol>", (DONE,)),
    Hostile("unclosed.html", lambda: SENTENCE + '<p title="' * 100_000, (DONE,)),
    # tables
    Hostile("quote.csv", lambda: _row()[:-2] + '\n"' + "x" * MILLION, (DONE,)),
    Hostile("huge-cell.csv", lambda: _row(concerns="Vale " * MILLION), ("too_long",)),
    Hostile("huge-field.csv", lambda: _row(coroner_name="Vale " * 9999), ("too_long",)),
    Hostile("huge.csv", lambda: _row(concerns="x" * (60 * MILLION)), ("too_long",)),
    Hostile("columns.csv", lambda: "a," * MILLION + "\n" + "b\n" * 30, ("unknown_columns",)),
    Hostile("bad-url.csv", lambda: _row(report_url="http://[/x"), ("no_url",)),
    Hostile("formula.csv", lambda: _row(concerns="=HYPERLINK(Vale)\0"), (DONE,)),
    Hostile(
        "gap.csv",
        lambda: _row(concerns=f"1. Vale{'&#xa0;' * 400_000}Trust\n2. {SENTENCE}"),
        (DONE,),
    ),
    Hostile("header.csv", lambda: ",".join(invented.TRACKER), ("empty",)),
    # Word documents
    Hostile("bomb.docx", _word_bomb, ("too_much_memory",)),
    Hostile(
        "paragraphs.docx", lambda: word_with(_PARAGRAPH * 5000, times=1000), ("too_much_memory",)
    ),
    Hostile(
        "laughs.docx",
        lambda: word_with("<w:p><w:r><w:t>&l11;</w:t></w:r></w:p>", before=_laughs()),
        ("damaged",),
    ),
    Hostile(
        "outside.docx",
        lambda: word_with(
            "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>",
            before='<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        ),
        ("no_text",),
    ),
    Hostile(
        "nested.docx",
        lambda: word_with("<w:tbl><w:tr><w:tc>" * 5000 + "</w:tc></w:tr></w:tbl>" * 5000),
        ("damaged",),
    ),
    Hostile("no-document.docx", lambda: _word_without("word/document.xml"), ("damaged",)),
    Hostile("no-types.docx", lambda: _word_without("[Content_Types].xml"), ("damaged",)),
    Hostile("points-away.docx", _word_that_points_away, ("damaged",)),
    Hostile("odd-number.docx", _odd_number, (DONE,)),
    Hostile("two-in-one.docx", lambda: word_with(_PARAGRAPH) * 2, (DONE,)),
    # PDFs
    Hostile("nothing.pdf", lambda: "%PDF-1.7\n%%EOF", ("damaged",)),
    Hostile("no-pages.pdf", lambda: _pdf_page_tree("", 0), ("damaged",)),
    Hostile("page-loop.pdf", lambda: _pdf_page_tree("2 0 R 2 0 R", 9), ("damaged",)),
    Hostile("lying-count.pdf", lambda: _pdf_page_tree("3 0 R", 2**31 - 1), ("no_text",)),
    Hostile("many-pages.pdf", lambda: _pdf_many_pages(100_000), (DONE,), slow=True),
    Hostile("blank-pages.pdf", lambda: _pdf_page_tree("3 0 R " * 30_000, 30_000), ("no_text",)),
    Hostile("flate-bomb.pdf", _pdf_flate_bomb, ("damaged",)),
    Hostile("xref-loop.pdf", _pdf_xref_loop, (DONE,)),
    Hostile("arrays.pdf", lambda: pdf([SENTENCE], trailer=f"/X {'[' * MILLION} "), (DONE,)),
    Hostile("field.pdf", _pdf_field, _scanned("no_text")),
    Hostile("scans.pdf", lambda: scan((8, 8, bytes(64)), pages=2000), _scanned("too_many_scans")),
    Hostile("half.pdf", lambda: pdf([SENTENCE])[:400], ("damaged",)),
    Hostile("picture.pdf", lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), ("mislabelled",)),
    # archives
    Hostile("tricks.zip", _zip_tricks, ("unsafe_name",) * 7 + (DONE,)),
    Hostile("bomb.zip", lambda: archive(a_txt="x" * (150 * MILLION), b_txt="b"), ("swollen", DONE)),
    Hostile(
        "nested.zip", lambda: archive(a_zip=archive(b_txt="b"), c_txt="c"), ("unsupported", DONE)
    ),
    Hostile("locked.zip", _zip_locked, (DONE, "encrypted")),
    Hostile("many.zip", lambda: _zip_of_many(20_000), ("archive_too_large",)),
    Hostile("lying.zip", _zip_lying, ("archive_too_large",)),
    Hostile("bad-sum.zip", _zip_bad_sum, ("damaged", DONE)),
    Hostile("lzma.zip", lambda: archive_of([("a.txt", "a")], zipfile.ZIP_LZMA), ("odd_packing",)),
    Hostile("cut.zip", lambda: archive(a_txt=SENTENCE)[:-30], ("damaged",)),
    Hostile("empty.zip", lambda: archive(), ("empty",)),
    Hostile("not.zip", lambda: SENTENCE, ("damaged",)),
    Hostile("nothing-inside.zip", lambda: archive(a_txt="", b_pdf=""), ("empty", "empty")),
    Hostile("newline.zip", lambda: archive_of([("a\nb\x1b[2J.txt", SENTENCE)]), (DONE,)),
    # other kinds
    Hostile("letter.eml", lambda: f"From: vale\n\n{SENTENCE}", ("unsupported",)),
    Hostile("letter.msg", lambda: b"\xd0\xcf\x11\xe0" + bytes(999), ("unsupported",)),
    Hostile("no-ending", lambda: SENTENCE, ("unsupported",)),
)


def odd_names(folder: Path) -> Iterator[tuple[Path, str]]:
    """Make things that are no ordinary files, and files of odd names; yield each and its ending."""
    for name in (
        "two\nlines.txt",
        "-h.txt",
        "a b;$(x)'\".txt",
        "é\u202eexe.txt",
        "...txt",
        "A.TXT",
    ):
        (folder / name).write_text(SENTENCE, encoding="utf-8")
        yield folder / name, DONE
    bytes_name = folder / os.fsdecode(b"\xff\xfe.txt")
    bytes_name.write_text(SENTENCE, encoding="utf-8")
    yield bytes_name, DONE
    long_name = folder / ("n" * 251 + ".txt")
    long_name.write_text(SENTENCE, encoding="utf-8")
    yield long_name, DONE
    (folder / "folder.pdf").mkdir()
    yield folder / "folder.pdf", "not_a_file"
    os.mkfifo(folder / "pipe.pdf")
    yield folder / "pipe.pdf", "not_a_file"
    (folder / "endless.txt").symlink_to("/dev/zero")
    yield folder / "endless.txt", "not_a_file"
    (folder / "loop.txt").symlink_to("loop.txt")
    yield folder / "loop.txt", "missing"
    (folder / "lost.txt").symlink_to("nowhere.txt")
    yield folder / "lost.txt", "missing"
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(folder / "s.txt"))
    yield folder / "s.txt", "not_a_file"


def write_hostile(folder: Path, *, slow: bool) -> dict[Path, tuple[str, ...]]:
    """Write the files made by hand; return how the sources of each must end."""
    expected = {}
    for one in HOSTILE:
        if slow or not one.slow:
            made = one.make()
            path = folder / one.name
            path.write_bytes(made.encode() if isinstance(made, str) else made)
            expected[path] = one.ends
    return expected
