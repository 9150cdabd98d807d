"""Search hits as the pages show them: grouped by document, words marked, origin told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from kb.citations import ORIGIN_NOTES, after_heading, section_name
from kb.documents import SectionKind
from kb.queries import SearchHit, SearchPage
from kb.store import Store, passages
from kb.store.passages import PassageRow
from kb.themes import Theme, ThemeTag
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


def shown(page: SearchPage) -> list[ShownDocument]:
    """Return a page's hits by document, in the order found."""
    theme = page.query.filters.theme
    documents = []
    for _, group in groupby(page.hits, key=lambda hit: hit.docno):
        hits = list(group)
        documents.append(
            ShownDocument(
                hit=hits[0],
                passages=tuple(show(h, theme=theme) for h in hits if h.passage is not None),
                note=ORIGIN_NOTES.get(hits[0].origin),
                why=why_words(hits[0].why),
            )
        )
    return documents


def rows_of(store: Store, hits: Sequence[SearchHit]) -> dict[str, PassageRow]:
    """Return the passages of hits by key."""
    keys = [hit.passage for hit in hits if hit.passage is not None]
    return {row.key: row for row in passages.passages_by_key(store.db, keys)}


def show(hit: SearchHit, *, theme: str | None = None) -> ShownPassage:
    """Return a hit as shown; words are marked, or else the evidence for the theme asked for.

    The hit must have a passage.
    """
    assert hit.passage is not None
    assert hit.section_kind is not None
    spans = hit.highlights or tuple((t.start, t.end) for t in hit.themes if t.theme == theme)
    return ShownPassage(
        key=hit.passage,
        text=marked(hit.text, spans, begin=after_heading(hit.text, hit.heading)),
        section=section_name(hit.section_kind, hit.heading),
        label=hit.label,
        page=hit.page,
        why=why_words(hit.why),
        themes=themes_of(hit.themes),
        closed=CLOSED.get(hit.section_kind),
    )


def themes_of(tags: Iterable[ThemeTag]) -> tuple[Theme, ...]:
    """Return the themes of a passage's tags, most central first, each once."""
    book = access.book()
    return tuple(book[key] for key in dict.fromkeys(t.theme for t in tags) if key in book)


def why_words(why: Sequence[str]) -> str | None:
    """Return "Matched by words and meaning"; None when nothing was asked in words."""
    return f"Matched by {joined([_WHY[one] for one in why])}" if why else None
