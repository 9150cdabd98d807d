"""Search hits as the pages show them: grouped by document, words marked, origin told."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from kb.citations import ORIGIN_NOTES, after_heading, section_name
from kb.documents import Origin, SectionKind
from kb.queries import SearchHit, SearchPage
from kb.store import Store, passages
from kb.store.passages import PassageRow
from kb.themes import Theme
from webui import access
from webui.phrases import joined
from webui.render import marked

CLOSED = {
    SectionKind.CIRCUMSTANCES: "Circumstances of the death: open to read",
    SectionKind.INVESTIGATION: "Investigation and inquest: open to read",
}
"""Parts that tell of a death: closed until asked for."""

_WHY = {"words": "words", "meaning": "meaning", "details": "published details"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPassage:
    """A passage found: its words with marks, where it stands, and why it was found.

    `closed` is the sentence to open it by, None for what stands open.
    """

    key: str
    text: Markup
    section: str
    label: str | None
    page: int | None
    why: str | None
    themes: tuple[Theme, ...]
    closed: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDocument:
    """A document found, with its best passages; none where only its details are held.

    `note` says whose words they are where they are not the document's own.
    """

    hit: SearchHit
    passages: tuple[ShownPassage, ...]
    note: str | None
    why: str | None


def shown(store: Store, page: SearchPage) -> list[ShownDocument]:
    """Return a page's hits by document, in the order found."""
    rows = rows_of(store, page.hits)
    origins = origins_of(store, list(rows.values()))
    theme = page.query.filters.theme
    documents = []
    for docno, group in groupby(page.hits, key=lambda hit: hit.docno):
        hits = list(group)
        documents.append(
            ShownDocument(
                hit=hits[0],
                passages=tuple(
                    show(hit, rows[hit.passage], theme=theme)
                    for hit in hits
                    if hit.passage is not None
                ),
                note=ORIGIN_NOTES.get(origins[docno]) if docno in origins else None,
                why=why_words(hits[0].why),
            )
        )
    return documents


def rows_of(store: Store, hits: Sequence[SearchHit]) -> dict[str, PassageRow]:
    """Return the passages of hits by key."""
    keys = [hit.passage for hit in hits if hit.passage is not None]
    return {row.key: row for row in passages.passages_by_key(store.db, keys)}


def origins_of(store: Store, rows: Sequence[PassageRow]) -> dict[str, Origin]:
    """Return where the text of each passage's document came from, by docno."""
    documents = passages.documents_of(store.db, {row.document_id for row in rows})
    return {row.docno: row.origin for row in documents.values()}


def show(hit: SearchHit, row: PassageRow, *, theme: str | None = None) -> ShownPassage:
    """Return a hit as shown; words are marked, or else the evidence for the theme asked for."""
    spans = hit.highlights or tuple((t.start, t.end) for t in row.tags if t.theme == theme)
    return ShownPassage(
        key=row.key,
        text=marked(row.text, spans, begin=after_heading(row.text, row.heading)),
        section=section_name(row.section_kind, row.heading),
        label=row.label,
        page=row.page,
        why=why_words(hit.why),
        themes=themes_of(row),
        closed=CLOSED.get(row.section_kind),
    )


def themes_of(row: PassageRow) -> tuple[Theme, ...]:
    """Return the themes of a passage, most central first, each once."""
    book = access.book()
    return tuple(book[key] for key in dict.fromkeys(t.theme for t in row.tags) if key in book)


def why_words(why: Sequence[str]) -> str | None:
    """Return "Matched by words and meaning"; None when nothing was asked in words."""
    return f"Matched by {joined([_WHY[one] for one in why])}" if why else None
