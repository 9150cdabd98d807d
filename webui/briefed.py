"""From an address to the documents that a briefing is about.

It takes the parameters of a search (`q` and its filters; `organisation` and `theme` may stand more
than once) or, where `by` or `body` is among them, those of a table across providers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from kb.errors import UnknownFilterValue, UsageError
from kb.queries import Filters, SearchQuery
from kb.store import Store, briefing
from kb.store.across import cell
from kb.themes import Theme
from webui import access
from webui.hits import rows_of
from webui.params import LABELS, Asked, asked, role_words
from webui.phrases import joined
from webui.scopes import scope_asked, scope_words

Args = MultiDict[str, str]
_MOST = 60
"""Organisations, and themes, that one address may ask for."""
_MOST_PASSAGES = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewAsked:
    """The documents asked for, in `ids`, and what narrows them further.

    `themes` and `section` narrow documents by what one of their passages shows; no themes and None
    mean no limit. `ranks` are the places of the passages that a search in words found, by id; None
    where nothing was asked in words. `words` say it all, as (label, value).
    `filters` are those of a search that finds the same documents, None where no search does.
    """

    ids: tuple[int, ...]
    themes: tuple[Theme, ...]
    section: str | None
    kind: str | None
    organisations: tuple[str, ...]
    ranks: dict[int, int] | None
    words: tuple[tuple[str, str], ...]
    filters: Filters | None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the themes asked for."""
        return tuple(theme.key for theme in self.themes)


def view_asked(store: Store, args: Args) -> ViewAsked:
    """Read an address. Raises `UsageError` with a sentence for values that cannot be."""
    if any(len(args.getlist(name)) > _MOST for name in ("organisation", "theme")):
        raise UsageError(f"Ask for at most {_MOST} organisations or themes at once.")
    return _of_table(store, args) if {"by", "body"} & set(args) else _of_search(store, args)


def _of_table(store: Store, args: Args) -> ViewAsked:
    scope = scope_asked(store, args)
    themes = _themes(args)
    found = cell(store.db, scope, row=None, theme=None)
    return ViewAsked(
        ids=tuple(sorted({document for _, document in found})),
        themes=themes,
        section=None,
        kind=scope.kind,
        organisations=scope.organisations,
        ranks=None,
        words=(*scope_words(scope), *_theme_words(themes)),
        filters=None,
    )


def _of_search(store: Store, args: Args) -> ViewAsked:
    given = [one for one in args.getlist("organisation") if one.strip()]
    plain = MultiDict([(n, v) for n, v in args.items(multi=True) if n not in ("theme", "page")])
    each = [_with(plain, organisation=name) for name in given] or [plain]
    questions = [asked(one) for one in each]
    themes = _themes(args)
    question = questions[0]
    names = tuple(one.filters.organisation for one in questions if one.filters.organisation)
    ranks: dict[int, int] | None = None
    if question.text:
        ids, ranks, filters = _found(store, questions)
        if filters.theme and not themes:
            themes = (_theme(filters.theme),)
        kind = filters.kind
    else:
        ids = {d for one in questions for d in briefing.documents_in(store.db, one.filters)}
        kind = question.filters.kind
    return ViewAsked(
        ids=tuple(sorted(ids)),
        themes=themes,
        section=question.filters.section,
        kind=kind,
        organisations=names,
        ranks=ranks,
        words=tuple(_words(question, names, themes)),
        filters=None if question.text or len(names) > 1 else question.filters,
    )


def _found(store: Store, questions: Sequence[Asked]) -> tuple[set[int], dict[int, int], Filters]:
    """Return the documents found in words, the places of their passages, the filters in force."""
    docnos: set[str] = set()
    places: dict[int, int] = {}
    filters = questions[0].filters
    for question in questions:
        query = SearchQuery(text=question.text, filters=question.filters, limit=_MOST_PASSAGES)
        page = access.searcher().search(store, query)
        filters = page.query.filters
        docnos |= {hit.docno for hit in page.hits}
        rows = rows_of(store, page.hits)
        for hit in page.hits:
            if hit.passage in rows:
                place = rows[hit.passage].id
                places[place] = min(hit.rank, places.get(place, hit.rank))
    return set(briefing.documents_named(store.db, docnos)), places, filters


def _words(question: Asked, names: Sequence[str], themes: Sequence[Theme]) -> list[tuple[str, str]]:
    said = [("Search", question.text)] if question.text else []
    said += [
        (chip.label, chip.words)
        for chip in question.chips()
        if chip.name not in ("organisation", "role")
    ]
    if names:
        said.append((LABELS["organisation"], joined(names, last="or")))
    if names or question.filters.role:
        said.append((LABELS["role"], role_words(question.filters.role)))
    return said + _theme_words(themes)


def _theme_words(themes: Sequence[Theme]) -> list[tuple[str, str]]:
    return [(LABELS["theme"], joined([one.name for one in themes], last="or"))] if themes else []


def _themes(args: Args) -> tuple[Theme, ...]:
    keys = dict.fromkeys(one.strip() for one in args.getlist("theme") if one.strip())
    return tuple(_theme(key) for key in keys)


def _theme(key: str) -> Theme:
    try:
        return access.book()[key]
    except KeyError:
        known = ", ".join(access.book())
        raise UnknownFilterValue(
            f"There is no theme '{key[:60]}'. The themes are: {known}."
        ) from None


def _with(args: Args, *, organisation: str) -> Args:
    changed = MultiDict(args)
    changed.setlist("organisation", [organisation])
    return changed
