"""What a document states, as files: its actions and recommendations, and each of its tables."""

from collections.abc import Iterator

from flask import Blueprint, Response

from kb.citations import date_words
from kb.documents import Document
from kb.errors import NotHeld
from kb.store import Store, documents, passages
from webui import access
from webui.csvs import Cell
from webui.records import StatedAction, actions_of, recommendations_of, tables_of
from webui.sheets import TABLES, table_answer

pages = Blueprint("record_files", __name__)

_METHOD = (
    "Found and sorted into columns by software; the words are the document's own, and an empty "
    "cell is what it does not state. Days late are computed."
)
_HEAD = (
    *("recommendation", "its words", "action", "status", "responsible", "due", "completed"),
    *("late, computed", "reviewed", "evidence", "figures", "as of", "passage"),
)


@pages.get(f"/documents/<path:docno>/actions.<{TABLES}>")
def actions(docno: str, extension: str) -> Response:
    """The actions and recommendations of a document, one row an action."""
    store = access.store()
    document = documents.read_document(store.db, docno)
    return table_answer(
        extension,
        "pfd-kb-actions",
        about=_about(document, "Actions and recommendations as the document states them"),
        rows=_action_rows(store, document),
    )


def _action_rows(store: Store, document: Document) -> Iterator[tuple[Cell, ...]]:
    rows = passages.passages_of(store.db, document.docno)
    yield _HEAD
    for action in actions_of(document, rows):
        yield (None, None, *_cells(action))
    for one in recommendations_of(document, rows):
        named = (one.number, one.wording)
        for action in one.actions:
            yield (*named, *_cells(action))
        if not one.actions:
            said = None if one.separated else "Its columns could not be told apart"
            yield (*named, said)


def _cells(action: StatedAction) -> tuple[Cell, ...]:
    return (
        action.words,
        action.status,
        action.owner,
        action.due,
        action.completed,
        action.late,
        action.reviewed,
        action.evidence,
        "; ".join(action.figures),
        action.as_of,
        action.place.number if action.place else None,
    )


@pages.get(f"/documents/<path:docno>/tables/<int:number>.<{TABLES}>")
def table(docno: str, number: int, extension: str) -> Response:
    """One table of a document, its cells as written; `number` counts from one."""
    store = access.store()
    document = documents.read_document(store.db, docno)
    found = tables_of(document, passages.passages_of(store.db, docno))
    if not 1 <= number <= len(found):
        raise NotHeld("The document has no such table. Its page shows those it has.")
    shown = found[number - 1]
    lines = [shown.header, *shown.rows] if shown.header else list(shown.rows)
    return table_answer(
        extension,
        f"pfd-kb-table-{number}",
        about=_about(document, shown.name),
        rows=[tuple(cell.text for cell in line) for line in lines],
    )


def _about(document: Document, table: str) -> Iterator[tuple[Cell, Cell]]:
    yield "Table", table
    yield "Document", document.title
    yield "Kind", document.kind.label
    yield "Ref", document.ref
    yield "Date", date_words(document.date)
    yield "Source", document.url or document.source
    yield "Method", _METHOD
