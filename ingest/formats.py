"""From bytes to text, one function a format; libraries are imported only when they are needed."""

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ingest.clean import clean_text, drop_furniture, reflow_pages, runs_on
from ingest.formats_docx import read_docx
from ingest.formats_html import read_html
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
_PDF_PASSWORD, _PDF_SECURITY = 4, 5  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY
_LETTERS_A_PAGE = 10  # a scan may carry a stamped page number or reference


def decode(data: bytes, *, suffix: str = ".txt") -> str:
    """Return bytes as text: by their byte order mark, else UTF-8, else Windows-1252, else Latin-1.

    Raises `Unreadable` ("not_text") where more than one character in fifty is a control character.
    """
    marked = [name for mark, name in _MARKED if data.startswith(mark)][:1]
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
            meta, source = found, source[match.end() :]
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
    text = clean_text(read_docx(data))
    if not text.strip():
        raise unreadable("no_text")
    return Content(text=text)


def read_pdf(data: bytes) -> Content:
    """Read a PDF page by page: page furniture dropped, wrapped lines joined into paragraphs."""
    # A cut file may still open and give some of its pages; half a report must not pass for one.
    if b"%%EOF" not in data.rstrip(b"\0 \r\n")[-2048:]:
        raise unreadable("damaged", fault="its end is missing")
    raw = _pdf_pages(data)
    # PDFium marks a hyphen at a line's end by one of two characters, without the line break.
    raw = [re.sub(r"[\ufffe\x02]", "-\n", page) for page in raw]
    pages = drop_furniture([clean_text(page) for page in raw])
    if sum(map(str.isalpha, "".join(pages))) < _LETTERS_A_PAGE * len(pages):
        raise unreadable("no_text")
    return _paged([clean_text(page) for page in reflow_pages(pages)])


def _pdf_pages(data: bytes) -> list[str]:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(data) as document:
            return [_pdf_page(document, number) for number in range(len(document))]
    except pypdfium2.PdfiumError as error:
        if error.err_code in (_PDF_PASSWORD, _PDF_SECURITY):
            raise unreadable("encrypted") from None
        raise unreadable("damaged", fault="it cannot be opened as a PDF") from None


def _pdf_page(document: Any, number: int) -> str:
    page = document[number]
    textpage = page.get_textpage()
    try:
        return str(textpage.get_text_range())
    finally:
        textpage.close()
        page.close()


def _paged(pages: list[str]) -> Content:
    """Join pages by a blank line, or by a space where a sentence runs on.

    An empty page adds nothing and starts where the next one does.
    """
    text = ""
    starts: list[int] = []
    for at, page in enumerate(pages):
        gap = ""
        if text and page:
            gap = " " if runs_on(text, page) else "\n\n"
        text += gap
        starts += [len(text)] * (at + 1 - len(starts)) if page else []
        text += page
    starts += [len(text)] * (len(pages) - len(starts))
    return Content(text=text, pages=tuple(starts))


def read_csv(data: bytes) -> Content:
    """Read a table; short rows are filled with "", cells past the header stand under ""."""
    csv.field_size_limit(1 << 30)
    source = decode(data, suffix=".csv").replace("\0", "")
    first = source.split("\n", 1)[0]
    table = csv.reader(io.StringIO(source, newline=""), delimiter=max(",;\t", key=first.count))
    header = [name.strip() for name in next(table, [])]
    rows = tuple(_row(header, cells) for cells in table if any(cell.strip() for cell in cells))
    if not rows:
        raise unreadable("empty")
    return Content(rows=rows)


def _row(header: list[str], cells: list[str]) -> dict[str, str]:
    row = dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))
    spare = cells[len(header) :]
    return row | {"": "\t".join(spare)} if any(spare) else row


def _worded(text: str, *, meta: Mapping[str, Any] | None = None) -> Content:
    if not any(map(str.isalnum, text)):
        raise unreadable("empty")
    return Content(text=text, meta=meta or {})


FORMATS: Mapping[str, tuple[str, Callable[[bytes], Content]]] = {
    ".txt": ("txt", read_txt),
    ".md": ("md", read_md),
    ".html": ("html", read_html_page),
    ".htm": ("html", read_html_page),
    ".pdf": ("pdf", read_pdf),
    ".docx": ("docx", read_docx_file),
    ".csv": ("csv", read_csv),
}
