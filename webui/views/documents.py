"""What does it say, exactly?"""

from collections.abc import Iterator, Sequence

from flask import Blueprint, render_template, request

from kb.citations import ORIGIN_NOTES, date_words, web_link
from kb.documents import Document, Kind, Role
from kb.errors import NotHeld
from kb.store import Store, answers, documents, doubts, judgements, passages, records
from kb.store.answers import LinkedDocument
from kb.store.passages import PassageRow
from kb.store.tables import status
from webui import access
from webui.reading import laid_out
from webui.records import actions_of, computed, recommendations_of, tables_of
from webui.render import markdown
from webui.views.judging import editor

pages = Blueprint("documents", __name__)

_FACTS = {
    "report_date": "Date of the report answered",
    "received_date": "Report received",
    "response_due": "Response due, as stated",
    "year": "Year covered",
}
"""Further claims of a document that are worth a line; all are dates."""
_ROLES = {
    Role.RESPONDENT: "From",
    Role.OWNER: "Owner of the plan",
    Role.AUTHOR: "Author",
    Role.RECIPIENT: "Sent to",
}
"""The roles that stand among the details; who is only named stands apart, with the words."""
_PARTS = {
    "actions": "What it says was done",
    "recommendations": "Recommendations and actions",
    "tables": "Tables",
    "doubts": "Doubts",
    "alike": "Nearly the same",
    "versions": "Earlier versions",
    "corrections": "Corrections",
}
"""The parts that follow the text, in their order; one that holds nothing is left out."""


@pages.get("/documents/<path:docno>")
def one(docno: str) -> str:
    """A document whole, with its details and a place to link to for every passage."""
    store = access.store()
    document = documents.read_document(store.db, docno)
    asked = request.args.get("theme", "")
    accessed = str(status(store.db)["updated"] or "")[:10]
    rows = passages.passages_of(store.db, docno)
    stated = {
        "actions": actions_of(document, rows),
        "recommendations": recommendations_of(document, rows),
        "tables": tables_of(document, rows),
        "doubts": doubts.held_doubts(store.db, docno=docno),
        "alike": answers.nearly_the_same(store.db, docno),
        "versions": records.versions(store.db, docno),
        "corrections": records.corrections(store.db, docno),
    }
    return render_template(
        "documents/one.html",
        document=document,
        details=list(details(document)),
        computed=list(computed(document)),
        links=list(_links(store, document)),
        bodies=frozenset(_ROLES.values()),
        named=list(_named(document, rows)),
        note=ORIGIN_NOTES.get(document.origin),
        digest=markdown(document.digest, top=2) if document.digest else None,
        parts=laid_out(document, rows, theme=asked, accessed=accessed),
        stated=stated,
        headings={name: words for name, words in _PARTS.items() if stated[name]},
        theme=access.book().get(asked),
        marked=asked,
        judged=judgements.of_passages(store.db, [row.key for row in rows]),
        book=access.book(),
        editor=editor(),
        original=web_link(document.url),
        back=request.full_path.rstrip("?"),
    )


@pages.get("/documents/<path:docno>/versions/<int:version>")
def earlier(docno: str, version: int) -> str:
    """The text that a document had before its source changed."""
    db = access.store().db
    document = documents.read_document(db, docno)
    known = {number: (source, at) for number, source, at in records.versions(db, docno)}
    text = records.earlier_text(db, docno, version) if version in known else None
    if text is None:
        raise NotHeld("The library holds no such earlier version of this document.")
    source, replaced = known[version]
    return render_template(
        "documents/version.html",
        document=document,
        version=version,
        source=source,
        replaced=replaced,
        text=text.strip("\n"),
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
        *((words, _names(document, role)) for role, words in _ROLES.items()),
        ("Categories", document.categories),
        ("Source", (document.source,)),
        ("Licence", (document.licence,)),
    )
    for label, values in rows:
        known = tuple(value for value in values if value)
        if known:
            yield label, known


def _links(store: Store, document: Document) -> Iterator[tuple[str, list[LinkedDocument]]]:
    """Yield (label, documents): what this one answers, and what answers it."""
    if document.kind is Kind.RESPONSE:
        answered = answers.report_answered(store.db, document.docno)
        if answered:
            yield "Answers", [answered]
    found = answers.answers_to(store.db, document.docno)
    if found:
        yield "Answered by", found


def _named(
    document: Document, rows: Sequence[PassageRow]
) -> Iterator[tuple[str, PassageRow | None]]:
    """Yield who is only named in the text, with the passage that names it first."""
    for party in document.parties:
        if party.role is Role.MENTIONED:
            at = party.start or 0
            yield party.name, next((row for row in rows if row.start <= at < row.end), None)


def _date(document: Document, key: str) -> str | None:
    return date_words(document.facts[key]) if key in document.facts else None


def _names(document: Document, role: Role) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p.name for p in document.parties if p.role is role))
