"""A case pack as a Word document. The only door to python-docx."""

import io
import re
from datetime import UTC, datetime

import docx
from docx.document import Document
from docx.shared import Pt

from kb.citations import Quotation
from kb.library import CONTENT_NOTE, INDEPENDENCE, OGL_NOTE, CaseEntry, CasePack, lost_words

# Word's XML has no way to write these; a PDF's text layer may hold them.
_IMPOSSIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def case_docx(pack: CasePack) -> bytes:
    """Return a case pack as the bytes of a .docx file, in the pack's order."""
    document = docx.Document()
    _describe(document, pack)
    document.add_heading(_possible(pack.title), level=0)
    document.add_paragraph(CONTENT_NOTE)
    for number, entry in enumerate(pack.entries, start=1):
        _add_entry(document, number, entry, accessed=pack.accessed)
    document.add_paragraph()
    for words in (OGL_NOTE, INDEPENDENCE):
        document.add_paragraph(words)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _describe(document: Document, pack: CasePack) -> None:
    # The template that python-docx ships is dated 2013 and names its own author.
    properties = document.core_properties
    properties.author = "pfd-kb"
    properties.title = _possible(pack.title)
    properties.comments = ""
    properties.created = properties.modified = datetime.now(UTC).replace(tzinfo=None)
    normal = document.styles["Normal"].font
    normal.name, normal.size = "Arial", Pt(11)


def _add_entry(document: Document, number: int, entry: CaseEntry, *, accessed: str) -> None:
    quoted = entry.quotation
    if quoted is None:
        document.add_heading(f"{number}. No longer held", level=1)
        document.add_paragraph(lost_words(entry))
        return
    document.add_heading(_possible(f"{number}. {quoted.title}"), level=1)
    document.add_paragraph(_possible(f"{quoted.note or 'Quoted word for word'}, {quoted.where}:"))
    for line in quoted.text.splitlines():
        if line.strip():
            document.add_paragraph(_possible(line), style="Intense Quote")
    _add_labelled(document, "Citation: ", quoted.citation(accessed=accessed))
    _add_themes(document, quoted)


def _add_themes(document: Document, quoted: Quotation) -> None:
    if quoted.themes:
        _add_labelled(document, "Themes (tagged by software): ", ", ".join(quoted.themes) + ".")


def _add_labelled(document: Document, label: str, words: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run(label).bold = True
    paragraph.add_run(_possible(words))


def _possible(text: str) -> str:
    return _IMPOSSIBLE.sub("\ufffd", text)
