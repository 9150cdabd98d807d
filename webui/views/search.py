"""Where does it say so?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask import Blueprint, Response, render_template, request

from index.question import Meant, Question, theme_key
from kb.citations import ORIGIN_NOTES
from kb.documents import Role, SectionKind
from kb.queries import SearchHit, SearchPage
from kb.store import Store
from kb.store.roles import mentioned_in
from webui import access
from webui.csvs import Cell
from webui.hits import CLOSED, shown
from webui.params import LABELS, PAGE_SIZE, Asked, Chip, asked, role_words
from webui.phrases import counted, joined
from webui.sheets import TABLES, table_answer
from webui.standing import METHOD
from webui.views.home import EXAMPLES

pages = Blueprint("search", __name__)

_FACETS = ("kind", "theme", "organisation", "year", "area", "category")
_MOST_ROWS = 2_000
"""Passages in a file; it says so when there were more."""
_FOUND_BY = "Passages are found by their words and by their meaning, the best first."
_LISTED = "Passages are listed by the filters, those of the newest documents first."

_QUOTES = re.compile('["“”]')
_MEANT = {
    Meant.PHRASE: "Exactly",
    Meant.ANY: "One of",
    Meant.WITHOUT: "Without",
    Meant.REF: "Reference",
    Meant.ORGANISATION: LABELS["organisation"],
    Meant.THEME: LABELS["theme"],
    Meant.YEAR: LABELS["year"],
}


@dataclass(frozen=True, slots=True)
class Understood:
    """What a part of the question was taken for, and the question `without` that part."""

    label: str
    words: str
    without: str


@pages.get("/search")
def results() -> str:
    """A page of documents found, with their passages and what narrows them."""
    question = asked(request.args)
    store = access.store()
    page = access.searcher().search(store, question.query)
    in_force = replace(question, filters=page.query.filters)
    meant = Question.of(question.text)
    last = max(1, -(-page.documents // PAGE_SIZE))
    return render_template(
        "search/results.html",
        asked=question,
        page=page,
        documents=shown(page),
        in_force=in_force,
        chips=_chips(question, in_force),
        understood=understood(meant),
        plain=" ".join(_QUOTES.sub(" ", meant.plain).split()) if meant.terms else "",
        by_words=bool(meant.words.content),
        suggestion=access.searcher().suggestion(store, question.text),
        found=found_words(replace(in_force, text=" ".join(meant.words.content)), page),
        last=last,
        facets=_facets(in_force, page),
        labels=LABELS,
        sections=list(SectionKind),
        named=_named(store, in_force, page),
        roles=list(Role),
        role_words=role_words,
        examples=EXAMPLES,
        back=request.full_path.rstrip("?"),
    )


@pages.get("/search/help", endpoint="help")
def how_to() -> str:
    """How to search, with examples that can be followed."""
    return render_template("search/help.html", examples=EXAMPLES)


def _chips(question: Asked, in_force: Asked) -> list[Chip]:
    """Return the address's filters, without those that the question's own words overrule."""
    values = in_force.values()
    return [c for c in question.chips() if values[c.name] == question.values()[c.name]]


def understood(meant: Question) -> list[Understood]:
    """Return what the question's parts were taken for, in words."""
    return [
        Understood(_MEANT[term.meant], _meant_words(term.meant, term.values), meant.without(term))
        for term in meant.terms
    ]


def _meant_words(meant: Meant, values: tuple[str, ...]) -> str:
    if meant is Meant.THEME:
        key = theme_key(values[0])
        book = access.book()
        return book[key].name if key in book else key
    if meant is Meant.YEAR:
        return values[0].replace("-", " to ")
    return joined(values, last="or")


def _named(
    store: Store, question: Asked, page: SearchPage
) -> dict[str, list[tuple[str, str | None]]]:
    """Return whom the documents only name and where, if that is what was asked for."""
    if question.filters.role != Role.MENTIONED:
        return {}
    docnos = {hit.docno for hit in page.hits}
    return mentioned_in(store.db, docnos, part=question.filters.organisation or "")


def found_words(question: Asked, page: SearchPage) -> str:
    """Return "2 passages in 2 documents", or documents alone where no passage was found.

    A document of which only the published details are held counts as a hit but has no passage.
    How many such hits stand on other pages is not known, so only a whole answer tells them apart.
    """
    documents = counted(page.documents, "document")
    bare = sum(hit.passage is None for hit in page.hits)
    passages = page.total - bare
    if question.browsing or not passages or (bare and page.total == page.documents > PAGE_SIZE):
        return documents
    if not bare or len({hit.docno for hit in page.hits}) < page.documents:
        return f"{counted(page.total, 'passage')} in {documents}"
    quoted = counted(page.documents - bare, "document")
    return f"{counted(passages, 'passage')} in {quoted}, and {counted(bare, 'document')} by details"


def _facets(question: Asked, page: SearchPage) -> list[tuple[str, str, list[object]]]:
    in_force = question.values()
    return [
        (name, LABELS[name], list(page.facets[name]))
        for name in _FACETS
        if name not in in_force and page.facets.get(name)
    ]


@pages.get(f"/search.<{TABLES}>")
def download(extension: str) -> Response:
    """The same passages as a file, one row each."""
    question = asked(request.args)
    store = access.store()
    query = replace(question.query, limit=_MOST_ROWS, offset=0, per_document=None)
    page = access.searcher().search(store, query)
    question = replace(question, filters=page.query.filters)
    return table_answer(extension, "pfd-kb-search", about=_about(question, page), rows=_rows(page))


def _about(question: Asked, page: SearchPage) -> Iterator[tuple[Cell, Cell]]:
    yield "Search", question.text or "(everything)"
    for chip in question.chips():
        yield chip.label, chip.words
    if question.counted_as and question.filters.role is None:
        yield LABELS["role"], question.counted_as
    yield "Found", f"{page.total} passages in {page.documents} documents"
    if page.total > len(page.hits):
        yield "Rows", f"the first {len(page.hits)}"
    yield "Method", f"{_FOUND_BY if question.text else _LISTED} {METHOD}"
    if page.notice:
        yield "Note", page.notice


def _rows(page: SearchPage) -> Iterator[tuple[Cell, ...]]:
    yield (
        *("document", "kind", "title", "ref", "date", "organisations", "coroner area", "part"),
        *("page", "text", "whose words", "themes", "why", "passage", "source", "address"),
    )
    for hit in page.hits:
        closed = CLOSED.get(hit.section_kind) if hit.section_kind else None
        yield _row(hit, text=closed or hit.text, note=ORIGIN_NOTES.get(hit.origin))


def _row(hit: SearchHit, *, text: str, note: str | None) -> tuple[Cell, ...]:
    book = access.book()
    return (
        hit.docno,
        hit.kind.label,
        hit.title,
        hit.ref,
        hit.date,
        "; ".join(hit.organisations),
        hit.coroner_area,
        hit.section,
        hit.page,
        text,
        (note or "The document's own words") if hit.passage else "Published details only",
        "; ".join(book[tag.theme].name for tag in hit.themes if tag.theme in book),
        joined(hit.why),
        hit.passage,
        hit.source,
        hit.url,
    )
