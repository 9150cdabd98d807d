"""What does it say, exactly?"""

from collections.abc import Iterator

from flask import Blueprint, render_template, request

from kb.citations import ORIGIN_NOTES, date_words, web_link
from kb.documents import Document, Role
from kb.store import documents, passages
from kb.store.tables import status
from kb.themes import themes
from webui import access
from webui.reading import laid_out
from webui.render import markdown

pages = Blueprint("documents", __name__)

_FACTS = {
    "report_date": "Date of the report answered",
    "received_date": "Report received",
    "response_due": "Response due, as stated",
}
"""Further claims of a document that are worth a line; all are dates."""


@pages.get("/documents/<path:docno>")
def one(docno: str) -> str:
    """A document whole, with its details and a place to link to for every passage."""
    store = access.store()
    document = documents.read_document(store.db, docno)
    asked = request.args.get("theme", "")
    accessed = str(status(store.db)["updated"] or "")[:10]
    parts = laid_out(
        document, passages.passages_of(store.db, docno), theme=asked, accessed=accessed
    )
    return render_template(
        "documents/one.html",
        document=document,
        details=list(details(document)),
        note=ORIGIN_NOTES.get(document.origin),
        digest=markdown(document.digest, top=2) if document.digest else None,
        parts=parts,
        theme=themes().get(asked),
        original=web_link(document.url),
        back=request.full_path.rstrip("?"),
    )


def details(document: Document) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (label, values) of what is known of a document; what is unknown is left out.

    The name of the deceased is never among them.
    """
    rows = (
        ("Kind", (document.kind.label,)),
        ("Reference", (document.ref or document.ref_written,)),
        ("Date", (date_words(document.date) if document.date else "Not stated",)),
        *((label, (_date(document, key),)) for key, label in _FACTS.items()),
        ("Coroner", (document.coroner,)),
        ("Coroner area", (document.coroner_area,)),
        ("From", _names(document, Role.AUTHOR)),
        ("Sent to", _names(document, Role.RECIPIENT)),
        ("Categories", document.categories),
        ("Source", (document.source,)),
        ("Licence", (document.licence,)),
    )
    for label, values in rows:
        known = tuple(value for value in values if value)
        if known:
            yield label, known


def _date(document: Document, key: str) -> str | None:
    return date_words(document.facts[key]) if key in document.facts else None


def _names(document: Document, role: Role) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p.name for p in document.parties if p.role is role))
