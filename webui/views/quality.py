"""How complete is what is held, and what is in doubt?"""

from collections.abc import Iterator

from flask import Blueprint, Response, render_template, request

from kb.store import Store, ledger
from kb.store.doubts import held_doubts
from kb.store.quality import FIELD_LABELS, KindQuality, quality
from webui import access
from webui.csvs import Cell
from webui.doubted import CLOSED_WORDS, field_words, is_closed
from webui.params import whole_number
from webui.sheets import TABLES, table_answer

pages = Blueprint("quality", __name__, url_prefix="/library")

_PAGE_SIZE = 50
_MOST_PAGES = 100_000
CAVEAT = (
    "A field that is not filled may be missing in the document, in the export it came from, or in "
    "our reading of it."
)

_METHOD = (
    "Fields are read by rules from the form, the exports' columns and letters; what is not certain "
    "stays empty and is told as a doubt with the words that caused it."
)


@pages.get("/quality")
def shown() -> str:
    """What is filled of how much, by kind; doubts and failures by reason."""
    report = quality(access.store().db)
    kinds = [kind for kind in report.kinds if kind.documents]
    return render_template(
        "quality/shown.html",
        report=report,
        kinds=kinds,
        fields=list(_by_field(kinds)),
        doubts=sum(one.doubts for one in report.doubts),
        failed=sum(one.sources for one in report.failures),
        caveat=CAVEAT,
    )


def _by_field(kinds: list[KindQuality]) -> Iterator[tuple[str, list[tuple[int, int] | None]]]:
    """Yield (label, cells) for each field that one of the kinds can have.

    A cell is (filled, of), None for a kind that cannot have the field.
    """
    cells = {(kind.kind, one.field): (one.filled, one.of) for kind in kinds for one in kind.fields}
    for field, label in FIELD_LABELS.items():
        row = [cells.get((kind.kind, field)) for kind in kinds]
        if any(row):
            yield label, row


@pages.get("/quality/doubts")
def doubts() -> str:
    """The documents in doubt, narrowed to a field and a reason, with the words that caused it."""
    field, reason = request.args.get("field") or None, request.args.get("reason") or None
    page = whole_number(request.args.get("page", ""), name="page", most=_MOST_PAGES)
    db = access.store().db
    counted = [
        one
        for one in quality(db).doubts
        if field in (None, one.field) and reason in (None, one.reason)
    ]
    total = sum(one.doubts for one in counted)
    return render_template(
        "quality/doubts.html",
        field=field,
        reason=reason,
        found=held_doubts(
            db, field=field, reason=reason, limit=_PAGE_SIZE, offset=(page - 1) * _PAGE_SIZE
        ),
        total=total,
        page=page,
        last=max(1, -(-total // _PAGE_SIZE)),
        args={"field": field, "reason": reason},
    )


@pages.get(f"/quality.<{TABLES}>")
def fields_file(extension: str) -> Response:
    """The table of fields as a file."""
    store = access.store()
    return table_answer(
        extension,
        "pfd-kb-data-quality",
        about=_about("Fields filled, by kind of document"),
        rows=_field_rows(store),
    )


@pages.get(f"/doubts.<{TABLES}>")
def doubts_file(extension: str) -> Response:
    """Every doubt as a file."""
    store = access.store()
    return table_answer(
        extension,
        "pfd-kb-doubts",
        about=_about("What could not be read with certainty"),
        rows=_doubt_rows(store),
    )


@pages.get(f"/failures.<{TABLES}>")
def failures_file(extension: str) -> Response:
    """Every source that could not be read as a file."""
    return table_answer(
        extension,
        "pfd-kb-failures",
        about=_about("Sources that could not be read"),
        rows=_failure_rows(access.store()),
    )


def _failure_rows(store: Store) -> Iterator[tuple[Cell, ...]]:
    yield "source", "reason", "what to do"
    for entry in ledger.entries(store.db, state="failed"):
        yield entry.source, str(entry.reason).replace("_", " "), entry.detail


def _about(table: str) -> Iterator[tuple[Cell, Cell]]:
    yield "Table", table
    yield "Method", _METHOD
    yield "Caveat", CAVEAT


def _field_rows(store: Store) -> Iterator[tuple[Cell, ...]]:
    yield "kind", "field", "filled", "of"
    for kind in quality(store.db).kinds:
        yield kind.kind.label, "Documents", kind.documents, kind.documents
        yield kind.kind.label, "With text", kind.with_text, kind.documents
        for one in kind.fields:
            yield kind.kind.label, one.label, one.filled, one.of


def _doubt_rows(store: Store) -> Iterator[tuple[Cell, ...]]:
    yield "document", "kind", "title", "field", "words", "reason"
    for one in held_doubts(store.db):
        words = CLOSED_WORDS if is_closed(one.field) and one.words else one.words
        yield one.docno, one.kind.label, one.title, field_words(one.field), words, one.reason
