"""Documents with chosen passages of theirs, as a list of what is behind a number shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kb.citations import ORIGIN_NOTES, after_heading, section_name
from kb.store import Store
from kb.store.passages import DocumentRow, PassageRow, documents_of, passages_by_id
from webui.hits import CLOSED
from webui.render import marked


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPassage:
    """A passage with the words marked that earned it the theme; `closed` says how to open it."""

    key: str
    text: Markup
    section: str
    label: str | None
    page: int | None
    closed: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A document and those of its passages that were asked for.

    `note` says whose words they are where they are not the document's own.
    """

    document: DocumentRow
    note: str | None
    passages: tuple[ListedPassage, ...]


def listed(
    store: Store, found: Sequence[tuple[int | None, int]], *, theme: str | None
) -> list[Listed]:
    """Return documents in the order found, with their passages; those without one have none."""
    rows = passages_by_id(store.db, {passage for passage, _ in found if passage is not None})
    documents = documents_of(store.db, {document for _, document in found})
    passages: dict[int, list[ListedPassage]] = {document: [] for _, document in found}
    for passage, document in found:
        if passage is not None:
            passages[document].append(_listed(rows[passage], theme))
    return [
        Listed(documents[id_], ORIGIN_NOTES.get(documents[id_].origin), tuple(shown))
        for id_, shown in passages.items()
    ]


def _listed(row: PassageRow, theme: str | None) -> ListedPassage:
    spans = [(tag.start, tag.end) for tag in row.tags if tag.theme == theme]
    return ListedPassage(
        key=row.key,
        text=marked(row.text, spans, begin=after_heading(row.text, row.heading)),
        section=section_name(row.section_kind, row.heading),
        label=row.label,
        page=row.page,
        closed=CLOSED.get(row.section_kind),
    )
