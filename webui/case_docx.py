"""A case pack as a Word document."""

from datetime import UTC, datetime

from docx.document import Document

from kb.citations import Quotation
from kb.library import CONTENT_NOTE, INDEPENDENCE, OGL_NOTE, CaseEntry, CasePack, lost_words
from webui.office_text import possible
from webui.word import add_labelled, add_quotation, new_document, saved


def case_docx(pack: CasePack) -> bytes:
    """Return a case pack as the bytes of a .docx file, in the pack's order."""
    document = new_document(pack.title, at=datetime.now(UTC).replace(tzinfo=None))
    document.add_heading(possible(pack.title), level=0)
    document.add_paragraph(CONTENT_NOTE)
    for number, entry in enumerate(pack.entries, start=1):
        _add_entry(document, number, entry, accessed=pack.accessed)
    document.add_paragraph()
    for words in (OGL_NOTE, INDEPENDENCE):
        document.add_paragraph(words)
    return saved(document)


def _add_entry(document: Document, number: int, entry: CaseEntry, *, accessed: str) -> None:
    quoted = entry.quotation
    if quoted is None:
        document.add_heading(f"{number}. No longer held", level=1)
        document.add_paragraph(lost_words(entry))
        return
    document.add_heading(possible(f"{number}. {quoted.title}"), level=1)
    document.add_paragraph(possible(f"{quoted.note or 'Quoted word for word'}, {quoted.where}:"))
    add_quotation(document, quoted.text)
    add_labelled(document, "Citation: ", quoted.citation(accessed=accessed))
    _add_themes(document, quoted)


def _add_themes(document: Document, quoted: Quotation) -> None:
    if quoted.themes:
        add_labelled(document, "Themes (tagged by software): ", ", ".join(quoted.themes) + ".")
