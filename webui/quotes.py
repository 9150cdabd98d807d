"""Quotations that show a theme, from different documents, for theme and learning pages."""

from dataclasses import dataclass

from markupsafe import Markup

from kb.citations import Quotation, after_heading, quotation
from kb.queries import Filters, SearchQuery
from kb.store import documents, finding, passages
from kb.themes import ThemeTag
from webui import access
from webui.hits import CLOSED, rows_of
from webui.render import marked

_DEEP = 5
"""Documents looked at for each one wanted: some show the theme only in a closed part."""


@dataclass(frozen=True, slots=True)
class ShownQuotation:
    """A quotation and its words with the evidence for the theme marked."""

    quotation: Quotation
    text: Markup


def theme_quotations(theme: str, *, wanted: int, kind: str | None = None) -> list[ShownQuotation]:
    """Return the passage of each of the newest documents that shows a theme most clearly.

    Never one from a part that is closed until asked for.
    """
    store = access.store()
    query = SearchQuery(
        filters=Filters(theme=theme, kind=kind), limit=wanted * _DEEP, per_document=20
    )
    hits = access.searcher().search(store, query).hits
    best: dict[int, tuple[tuple[bool, float], passages.PassageRow, ThemeTag]] = {}
    for row in rows_of(store, hits).values():
        tag = next((tag for tag in row.tags if tag.theme == theme), None)
        if tag is None or row.section_kind in CLOSED:
            continue
        # A concern, answer or recommendation says it better than the opening or the summary does.
        rank = (row.section_kind in finding.MATTERS, tag.score)
        if row.document_id not in best or rank > best[row.document_id][0]:
            best[row.document_id] = (rank, row, tag)
    named = passages.documents_of(store.db, best)
    shown = []
    for id_, (_, row, tag) in list(best.items())[:wanted]:
        begin = after_heading(row.text, row.heading)
        quoted = quotation(documents.read_document(store.db, named[id_].docno), row)
        shown.append(ShownQuotation(quoted, marked(row.text, [(tag.start, tag.end)], begin=begin)))
    return shown
