"""From bytes to text, one function a format; libraries are imported only when they are needed."""

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.clean import clean_text
from ingest.formats_docx import read_docx
from ingest.formats_html import read_html
from ingest.formats_pdf import read_pdf
from ingest.gaps import narrow
from ingest.ocr import Recognise
from ingest.reasons import unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a file holds; see `ingest.read.Reading` for the fields."""

    text: str = ""
    pages: tuple[int, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[Mapping[str, str], ...] = ()


_MARKED = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes, *, suffix: str = ".txt") -> str:
    """Return bytes as text: by their byte order mark, else UTF-8, else Windows-1252, else Latin-1.

    Raises `Unreadable` ("not_text") where more than one character in fifty is a control character.
    """
    marked = [name for mark, name in _MARKED if data.startswith(mark)][:1] or _unmarked(data)
    text = data.decode("latin-1")
    for encoding in marked or ["utf-8", "cp1252"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    controls = len(_CONTROL.findall(text))
    if controls > 3 and controls * 50 > len(text):
        raise unreadable("not_text", suffix=suffix)
    return text


def _unmarked(data: bytes) -> list[str]:
    """Tell UTF-16 without its mark by the NUL in nearly every second byte of Western text."""
    head = data[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(head) < 8 or max(even, odd) * 3 < len(head):
        return []
    return ["utf-16-be" if even > odd else "utf-16-le"] if min(even, odd) * 20 < len(head) else []


def read_txt(data: bytes) -> Content:
    """Read plain text."""
    return _worded(clean_text(decode(data)))


def read_md(data: bytes) -> Content:
    """Read Markdown; YAML between `---` lines at its head becomes `meta`."""
    source = decode(data, suffix=".md").replace("\r\n", "\n").lstrip("\ufeff")
    meta: Mapping[str, Any] = {}
    match = re.match(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", source, re.DOTALL | re.MULTILINE)
    if match:
        found = _front_matter(match[1])
        if isinstance(found, Mapping):
            meta = {str(name): value for name, value in found.items()}
            source = source[match.end() :]
    return _worded(clean_text(source), meta=meta)


def _front_matter(source: str) -> object:
    import yaml

    try:
        return yaml.safe_load(source) or {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        fault = f"the block between the --- lines cannot be read at line {line}: {error.problem}"
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date such as 2021-02-30
        fault = f"the block between the --- lines cannot be read: {error}"
    raise unreadable("damaged", fault=fault)


def read_html_page(data: bytes) -> Content:
    """Read a web page without its navigation and footer."""
    return _worded(clean_text(read_html(decode(data, suffix=".html"))))


def read_docx_file(data: bytes) -> Content:
    """Read a Word document: paragraphs and tables in their order."""
    text = narrow(clean_text(read_docx(data)))
    if not any(map(str.isalpha, text)):
        raise unreadable("no_text")
    return Content(text=text)


def read_pdf_file(data: bytes, recognise: Recognise | None = None, *, scans: int = 0) -> Content:
    """Read a PDF; `recognise` reads its pages that are pictures of words, at most `scans`."""
    found = read_pdf(data, recognise, scans=scans)
    return Content(text=found.text, pages=found.starts, meta=found.meta)


def read_csv(data: bytes) -> Content:
    """Read a table; short rows are filled with "", cells past the header stand under ""."""
    csv.field_size_limit(1 << 30)
    source = decode(data, suffix=".csv").replace("\0", "")
    first = source.split("\n", 1)[0]
    table = csv.reader(io.StringIO(source, newline=""), delimiter=max(",;\t", key=first.count))
    try:
        header = [name.strip() for name in next(table, [])]
        rows = tuple(_row(header, cells) for cells in table if any(cell.strip() for cell in cells))
    except csv.Error as error:
        raise unreadable("damaged", fault=f"line {table.line_num}: {error}") from None
    if not any(map(str.isalpha, "".join(cell for row in rows for cell in row.values()))):
        raise unreadable("empty")
    return Content(rows=rows)


def _row(header: list[str], cells: list[str]) -> dict[str, str]:
    row = dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))
    spare = cells[len(header) :]
    return row | {"": "\t".join(spare)} if any(spare) else row


def _worded(text: str, *, meta: Mapping[str, Any] | None = None) -> Content:
    if not any(map(str.isalpha, text)):  # digits and marks alone make no passage
        raise unreadable("empty")
    return Content(text=narrow(text), meta=meta or {})


FORMATS: Mapping[str, tuple[str, Callable[[bytes], Content]]] = {
    ".txt": ("txt", read_txt),
    ".md": ("md", read_md),
    ".html": ("html", read_html_page),
    ".htm": ("html", read_html_page),
    ".pdf": ("pdf", read_pdf_file),
    ".docx": ("docx", read_docx_file),
    ".csv": ("csv", read_csv),
}
