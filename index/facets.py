"""What narrows an answer: the values of what was found, with counts of distinct documents."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from itertools import chain

from kb.documents import Kind
from kb.queries import FacetValue
from kb.store.facts import DocumentFacts, PassageFacts
from kb.themes import Theme

_SHOWN = 12


def facets(
    found: Iterable[PassageFacts],
    documents: Collection[DocumentFacts],
    *,
    book: Mapping[str, Theme],
    role: str | None = None,
) -> dict[str, tuple[FacetValue, ...]]:
    """Return, for each facet, its commonest values with counts of distinct documents.

    Themes are counted over the passages found, everything else over their documents. Years stand
    newest first, all others by count. Organisations count in a role, or in all but mentioned.
    """
    kinds = Counter(one.kind for one in documents)
    years = Counter(one.year for one in documents if one.year)
    return {
        "theme": _themes(found, book),
        "kind": tuple(FacetValue(k, Kind(k).label, n) for k, n in _commonest(kinds)),
        "organisation": _values(_commonest(_organisations(documents, role))),
        "year": _values(sorted(years.items(), reverse=True)),
        "area": _values(_commonest(Counter(one.area for one in documents if one.area))),
        "category": _values(
            _commonest(Counter(chain.from_iterable(one.categories for one in documents)))
        ),
    }


def _themes(found: Iterable[PassageFacts], book: Mapping[str, Theme]) -> tuple[FacetValue, ...]:
    shown = {(one.document, theme) for one in found for theme in one.themes}
    counts = Counter(theme for _, theme in shown if theme in book)
    return tuple(FacetValue(key, book[key].name, n) for key, n in _commonest(counts))


def _organisations(documents: Iterable[DocumentFacts], role: str | None) -> Counter[str]:
    """Count each organisation once a document, whatever its roles there."""
    if role is None:
        return Counter(chain.from_iterable(one.standing for one in documents))
    return Counter(name for one in documents for its, name in one.parties if its == role)


def _commonest(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:_SHOWN]


def _values(counts: Iterable[tuple[str, int]]) -> tuple[FacetValue, ...]:
    return tuple(FacetValue(value, value, count) for value, count in counts)
