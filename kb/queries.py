"""The question (SearchQuery) and the answer (SearchPage), shared by command line and pages."""

from dataclasses import dataclass, field
from typing import Any

from kb.documents import Kind, Origin, Role, SectionKind
from kb.errors import UnknownFilterValue
from kb.refs import is_partial_date
from kb.themes import ThemeTag, is_own, theme


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a search is narrowed to; None means no limit.

    `role` says as what an organisation is counted; None stands for every role but mentioned. Raises
    `UnknownFilterValue` on an unknown kind, role or theme or something that is no date.
    """

    kind: str | None = None
    theme: str | None = None
    organisation: str | None = None
    role: str | None = None
    area: str | None = None
    category: str | None = None
    section: str | None = None
    year: str | None = None
    from_date: str | None = None
    to_date: str | None = None

    def __post_init__(self) -> None:
        for value in (getattr(self, name) for name in self.__dataclass_fields__):
            if value is not None and not _is_text(value):
                raise UnknownFilterValue("A filter holds bytes that are no text. Type it again.")
        if self.kind is not None and self.kind not in set(Kind):
            kinds = ", ".join(Kind)
            raise UnknownFilterValue(f"There is no kind '{self.kind}'. The kinds are: {kinds}.")
        if self.role is not None:
            role_named(self.role)
        if self.theme is not None and not is_own(self.theme):  # the library knows its own themes
            theme(self.theme)
        for value in (self.from_date, self.to_date, self.year):
            if value is not None and not is_partial_date(value):
                raise UnknownFilterValue(
                    f"'{value}' is not a date. Write 2021, 2021-09 or 2021-09-11."
                )

    @property
    def empty(self) -> bool:
        """Whether nothing is narrowed."""
        return all(getattr(self, name) is None for name in self.__dataclass_fields__)


def _is_text(value: str) -> bool:
    """Tell whether a value is text: bytes that are none reach us as half a surrogate pair."""
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


def role_named(value: str) -> Role:
    """Return a role by its name. Raises `UnknownFilterValue`."""
    if value not in set(Role):
        raise UnknownFilterValue(f"There is no role '{value}'. The roles are: {', '.join(Role)}.")
    return Role(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What a person asks: words (may be empty to browse), filters, and which hits to show.

    `limit` and `offset` count passages; with `per_document` they count documents, each with at
    most so many of its best passages.
    """

    text: str = ""
    filters: Filters = field(default_factory=Filters)
    limit: int = 10
    offset: int = 0
    per_document: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """A passage found, with everything needed to cite it.

    `passage` is None for a document of which only the published details are held. `why` holds
    "words", "meaning", "details" or nothing (browsing). `label` is the number of its concern.
    `highlights` are spans of `text`. `score` grows with relevance and compares only within one
    search. `more` counts the document's further passages that matched but are not shown.
    """

    rank: int
    score: float
    docno: str
    passage: str | None
    kind: Kind
    title: str
    organisations: tuple[str, ...]
    date: str | None
    ref: str | None
    coroner_area: str | None
    section_kind: SectionKind | None
    heading: str
    label: str | None
    page: int | None
    text: str
    why: tuple[str, ...]
    highlights: tuple[tuple[int, int], ...]
    themes: tuple[ThemeTag, ...]
    url: str | None
    source: str
    origin: Origin
    more: int = 0

    @property
    def section(self) -> str | None:
        """The heading over the passage, or what kind of part it stands in."""
        return self.heading or (self.section_kind.label if self.section_kind else None)

    @property
    def verbatim(self) -> bool:
        """Whether the words are the document's own."""
        return self.origin.verbatim


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet and the number of distinct documents that have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """One page of an answer. `total` counts passages, `documents` the documents they stand in.

    `notice` is a sentence where the answer is less than it should be (words only, say).
    """

    query: SearchQuery
    total: int
    documents: int
    hits: tuple[SearchHit, ...]
    facets: dict[str, tuple[FacetValue, ...]]
    notice: str | None = None


def hit_json(hit: SearchHit) -> dict[str, Any]:
    """Return a hit in the form that the command line and the web interface print."""
    return {
        "rank": hit.rank,
        "score": hit.score,
        "docno": hit.docno,
        "passage": hit.passage,
        "kind": str(hit.kind),
        "title": hit.title,
        "organisations": list(hit.organisations),
        "date": hit.date,
        "ref": hit.ref,
        "section": hit.section,
        "page": hit.page,
        "text": hit.text,
        "verbatim": hit.verbatim,
        "why": list(hit.why),
        "highlights": [list(span) for span in hit.highlights],
        "themes": [tag_json(tag) for tag in hit.themes],
        "url": hit.url,
        "source": hit.source,
    }


def tag_json(tag: ThemeTag) -> dict[str, Any]:
    """Return a tag in the form that `pfdkb tag` prints; offsets count in the passage's text."""
    return {
        "theme": tag.theme,
        "score": round(tag.score, 4),
        "start": tag.start,
        "end": tag.end,
        "source": str(tag.source),
    }


def page_json(page: SearchPage) -> dict[str, Any]:
    """Return an answer in the form that the command line and the web interface print."""
    return {
        "query": page.query.text,
        "total": page.total,
        "documents": page.documents,
        "notice": page.notice,
        "hits": [hit_json(hit) for hit in page.hits],
        "facets": {
            name: [{"value": v.value, "label": v.label, "count": v.count} for v in values]
            for name, values in page.facets.items()
        },
    }
