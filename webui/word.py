"""What the Word documents of the pages have in common: paper, letters, tables, dates."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Emu, Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from webui.office_text import possible

MIMETYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LANGUAGE = "en-GB"
_WIDE, _TALL, _SIDE = 210, 297, 20
"""A4 and its margins, in millimetres."""
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""What the members of every file are dated, so that equal documents are equal bytes."""


def new_document(title: str, *, at: datetime) -> Document:
    """Return an empty document on A4, in British English, without anybody's name; `at` its date."""
    document = docx.Document()
    # The template that python-docx ships is dated 2013 and names its own author.
    properties = document.core_properties
    properties.author = properties.last_modified_by = "pfd-kb"
    properties.title = possible(title)[:255]
    properties.comments, properties.language = "", _LANGUAGE
    properties.created = properties.modified = at
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(11)
    _set_language(normal.element)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(_WIDE), Mm(_TALL)
    page.left_margin = page.right_margin = Mm(_SIDE)
    page.top_margin = page.bottom_margin = Mm(_SIDE)
    return document


def number_pages(document: Document) -> None:
    """Write "Page 1 of 3" at the foot of every page."""
    foot = document.sections[0].footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    foot.add_run("Page ")
    _add_field(foot, "PAGE")
    foot.add_run(" of ")
    _add_field(foot, "NUMPAGES")


def add_labelled(document: Document, label: str, words: str) -> None:
    """Add a paragraph that begins with a label in bold."""
    paragraph = document.add_paragraph()
    paragraph.add_run(label).bold = True
    paragraph.add_run(possible(words))


def add_quotation(document: Document, text: str) -> None:
    """Add quoted words, a paragraph for each of their lines, set apart from everything else."""
    for line in text.splitlines():
        if line.strip():
            document.add_paragraph(possible(line), style="Intense Quote")


def add_table(
    document: Document, rows: Sequence[Sequence[str]], *, caption: str, numbers_from: int = 1
) -> None:
    """Add a table with its caption above it; the first row is its head, repeated on every page.

    Columns from `numbers_from` on hold numbers and stand to the right.
    """
    said = document.add_paragraph(possible(caption), style="Caption")
    said.paragraph_format.keep_with_next = True
    table = document.add_table(rows=0, cols=len(rows[0]), style="Light Grid Accent 1")
    table.style.font.size = Pt(10)
    for at, row in enumerate(rows):
        line = table.add_row()
        _mark(line._tr.get_or_add_trPr(), "w:cantSplit")
        if at == 0:
            _mark(line._tr.get_or_add_trPr(), "w:tblHeader")
        for column, value in enumerate(row):
            _fill(line.cells[column], value, bold=at == 0, right=column >= numbers_from)
    document.add_paragraph()


def add_picture(document: Document, png: bytes, *, width: float, words: str) -> None:
    """Add a picture `width` points wide, no wider than the page; `words` stand for it if unseen."""
    room = Mm(_WIDE - 2 * _SIDE)
    shape = document.add_picture(io.BytesIO(png), width=Emu(min(room, Pt(width))))
    shape._inline.docPr.set("descr", possible(words))


def saved(document: Document) -> bytes:
    """Return a document as the bytes of a .docx file, equal for equal documents."""
    out, dated = io.BytesIO(), io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as read, zipfile.ZipFile(dated, "w", zipfile.ZIP_DEFLATED) as made:
        for member in read.infolist():
            info = zipfile.ZipInfo(member.filename, _EARLIEST)
            made.writestr(info, read.read(member), zipfile.ZIP_DEFLATED)
    return dated.getvalue()


def _fill(cell: _Cell, value: str, *, bold: bool, right: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.add_run(possible(value)).bold = bold
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _mark(properties: BaseOxmlElement, name: str) -> None:
    element = OxmlElement(name)
    element.set(qn("w:val"), "true")
    properties.append(element)


def _add_field(paragraph: Paragraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _set_language(style: Any) -> None:
    properties = style.get_or_add_rPr()
    language = OxmlElement("w:lang")
    for name in ("w:val", "w:eastAsia", "w:bidi"):
        language.set(qn(name), _LANGUAGE)
    properties.append(language)
