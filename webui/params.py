"""From an address to a question (SearchQuery), and from a question back to addresses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kb.citations import date_words
from kb.documents import Kind, Role, SectionKind
from kb.errors import UnknownFilterValue, UsageError
from kb.queries import Filters, SearchQuery
from kb.themes import is_own, themes
from webui import access
from webui.phrases import joined

PAGE_SIZE = 10
"""Documents on a page of results."""
PER_DOCUMENT = 3
"""Passages shown of one document."""
_LONGEST_TEXT = 1_000
_LONGEST_VALUE = 300
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")

FILTERS = {
    "kind": "kind",
    "theme": "theme",
    "organisation": "organisation",
    "role": "role",
    "area": "area",
    "category": "category",
    "section": "section",
    "year": "year",
    "from": "from_date",
    "to": "to_date",
}
"""The name in an address and the field of `Filters` it stands for."""

LABELS = {
    "kind": "Kind",
    "theme": "Theme",
    "organisation": "Organisation",
    "role": "Counted as",
    "area": "Coroner area",
    "category": "Category",
    "section": "Part",
    "year": "Year",
    "from": "From",
    "to": "To",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force: its name in the address, its label and its value in words."""

    name: str
    label: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an address asks. `clipped` tells that the words were too many and the rest fell away."""

    text: str
    filters: Filters
    page: int = 1
    clipped: bool = False

    @property
    def query(self) -> SearchQuery:
        """The question for one page of documents."""
        return SearchQuery(
            text=self.text,
            filters=self.filters,
            limit=PAGE_SIZE,
            offset=(self.page - 1) * PAGE_SIZE,
            per_document=PER_DOCUMENT,
        )

    @property
    def browsing(self) -> bool:
        """Whether documents are listed, not passages: no words, no theme and no section asked."""
        return not self.text and self.filters.theme is None and self.filters.section is None

    def values(self) -> dict[str, str]:
        """Return the filters in force by their names in an address."""
        found = {name: getattr(self.filters, field) for name, field in FILTERS.items()}
        return {name: value for name, value in found.items() if value is not None}

    def args(self, **changes: str | int | None) -> dict[str, str | int]:
        """Return the address's parameters with changes; None takes one away.

        A changed filter leads to the first page again. `from_` stands for `from`.
        """
        given = {name.rstrip("_"): value for name, value in changes.items()}
        merged: dict[str, str | int | None] = {"q": self.text or None, **self.values(), **given}
        return {name: value for name, value in merged.items() if value not in (None, "", 1)}

    @property
    def counted_as(self) -> str | None:
        """As what organisations are counted, in words; None where none is asked for."""
        if self.filters.organisation is None and self.filters.role is None:
            return None
        return role_words(self.filters.role)

    def chips(self) -> list[Chip]:
        """Return the filters in force in words."""
        return [Chip(n, LABELS[n], _words(n, value)) for n, value in self.values().items()]


def asked(args: Mapping[str, str]) -> Asked:
    """Read an address. Raises `UsageError` with a sentence for values that cannot be.

    Control characters (a NUL breaks a search in words) count as spaces.
    """
    text = _clean(args.get("q", ""))
    given = {field: _filter(name, args.get(name, "")) for name, field in FILTERS.items()}
    section = given["section"]
    if section is not None and section not in set(SectionKind):
        parts = ", ".join(SectionKind)
        raise UnknownFilterValue(f"There is no part '{section}'. The parts are: {parts}.")
    return Asked(
        text=text[:_LONGEST_TEXT],
        filters=Filters(**given),
        page=whole_number(args.get("page", ""), name="page", most=100_000),
        clipped=len(text) > _LONGEST_TEXT,
    )


def role_words(role: str | None) -> str:
    """Return as what organisations are counted; None stands for every role but mentioned."""
    if role is not None:
        return Role(role).label.lower()
    every = [one.label.lower() for one in Role if one is not Role.MENTIONED]
    return joined(every, last="or")


def without_filters(question: Asked) -> Asked:
    """Return the same words without any filter, on the first page."""
    return replace(question, filters=Filters(), page=1)


def whole_number(written: str, *, name: str, most: int, otherwise: int = 1) -> int:
    """Return a number from 1 to `most`, or `otherwise` where nothing is written.

    Raises `UsageError` for anything else.
    """
    if not written.strip():
        return otherwise
    if not re.fullmatch(r"[0-9]{1,7}", written.strip()) or not 1 <= int(written) <= most:
        shown = written[:20]
        raise UsageError(f"'{shown}' cannot be a {name}: it is a number from 1 to {most:,}.")
    return int(written)


def _filter(name: str, written: str) -> str | None:
    value = _clean(written)
    if len(value) > _LONGEST_VALUE:
        raise UsageError(f"The {LABELS[name].lower()} asked for is too long to be one.")
    return value or None


def _clean(written: str) -> str:
    return _CONTROL.sub(" ", written).strip()


def _words(name: str, value: str) -> str:
    if name == "kind":
        return Kind(value).label
    if name == "role":
        return Role(value).label
    if name == "theme":
        book = access.book() if is_own(value) else themes()
        return book[value].name if value in book else value
    if name == "section":
        return SectionKind(value).label
    return date_words(value) if name in ("from", "to") else value
