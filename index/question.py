"""What a person asks for by quotes, -word, OR, ref:, org:, theme: and year:, and plain words.

What cannot be read as one of these is taken as plain words, so that no question is an error.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from index.words import Words, any_of, tokens
from kb.queries import Filters
from kb.refs import normalise_ref
from kb.themes import themes

_QUOTED = r'["“”](?P<{}>[^"“”]+)["“”]'
_ITEM = re.compile(
    r"(?<!\S)(?P<prefix>ref|org|theme|year):(?:"
    + _QUOTED.format("value")
    + r'|(?P<bare>[^\s"“”]+))(?!\S)'
    # A hyphen before a digit is part of a ref or a range, not a word to leave out.
    + r"|(?<!\S)-(?:"
    + _QUOTED.format("unphrase")
    + r'|(?P<unword>[^\W\d_][^\s"“”:]*))(?!\S)'
    + "|"
    + _QUOTED.format("phrase")
    + r'|(?P<word>[^\s"“”]+)',
    re.IGNORECASE,
)
_YEARS = re.compile(r"([0-9]{4})(?:[-–]([0-9]{4}))?")
_LONGEST_VALUE = 300
_MOST = 32
"""Phrases and words to leave out; more than these are taken as plain words."""


class Meant(StrEnum):
    """What a part of a question was understood to be."""

    PHRASE = "phrase"
    ANY = "any"
    WITHOUT = "without"
    REF = "ref"
    ORGANISATION = "organisation"
    THEME = "theme"
    YEAR = "year"


_PREFIXES = {
    "ref": Meant.REF,
    "org": Meant.ORGANISATION,
    "theme": Meant.THEME,
    "year": Meant.YEAR,
}


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a question that is more than plain words; `start` and `end` count in the text."""

    meant: Meant
    values: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood.

    `plain` is what is left to search for by meaning: the text without its commands, quotes kept.
    `spans` are the places of the words that are searched for.
    """

    text: str
    plain: str
    words: Words
    terms: tuple[Term, ...]
    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str) -> "Question":
        """Read any text at all; nothing raises."""
        terms = tuple(_terms(list(_ITEM.finditer(text))))
        plain, spans = _left(text, terms)
        required = [term for term in terms if term.meant in (Meant.PHRASE, Meant.ANY)]
        groups = tuple(tuple(tuple(tokens(v)) for v in term.values) for term in required)
        words = Words(Words.of(plain).content, groups)
        return cls(text, plain, words, terms, spans)

    @property
    def match(self) -> str:
        """An FTS5 query for passages; "" where there are no words to find."""
        return self.without_excluded(self.words.match)

    def without_excluded(self, query: str) -> str:
        """Return an FTS5 query for passages with what the question leaves out taken from it."""
        return f"({query}) NOT ({self.excluded})" if query and self.excluded else query

    @property
    def excluded(self) -> str:
        """An FTS5 query for what must not stand in a passage; "" where nothing is left out."""
        return any_of([tokens(one) for one in self._values(Meant.WITHOUT)])

    @property
    def ref(self) -> str | None:
        """The ref that the documents must have, normalised; None where any will do."""
        found = self._values(Meant.REF)
        return normalise_ref(found[0]) if found else None

    def narrowed(self, filters: Filters) -> Filters:
        """Return the filters with those of the question put over them.

        Raises `UnknownFilterValue` for a theme that is none.
        """
        changes: dict[str, str] = {}
        for name in self._values(Meant.ORGANISATION):
            changes["organisation"] = name
        for name in self._values(Meant.THEME):
            changes["theme"] = theme_key(name)
        for name in self._values(Meant.YEAR):
            first, _, last = name.partition("-")
            changes |= {"from_date": first, "to_date": last} if last else {"year": first}
        return replace(filters, **changes)

    def without(self, term: Term) -> str:
        """Return the text with one part taken away."""
        return " ".join(f"{self.text[: term.start]} {self.text[term.end :]}".split())

    def _values(self, meant: Meant) -> list[str]:
        return [value for term in self.terms if term.meant is meant for value in term.values]


def theme_key(written: str) -> str:
    """Return the key of a theme of the codebook by its key or its name; others stand as written."""
    plain = " ".join(written.split()).casefold()
    by_name = {one.name.casefold(): key for key, one in themes().items()}
    key = plain.replace(" ", "_")
    return key if key in themes() else by_name.get(plain, written)


def _terms(items: Sequence[re.Match[str]]) -> Iterator[Term]:
    seen: dict[Meant, int] = {}
    at = 0
    while at < len(items):
        term, used = _term(items, at)
        at += used
        if term is None:
            continue
        seen[term.meant] = seen.get(term.meant, 0) + len(term.values)
        if seen[term.meant] <= (1 if term.meant in _PREFIXES.values() else _MOST):
            yield term


def _term(items: Sequence[re.Match[str]], at: int) -> tuple[Term | None, int]:
    """Return what begins at an item (None: a plain word), and how many items it takes."""
    item = items[at]
    if prefix := item["prefix"]:
        value = _value(prefix.lower(), (item["value"] or item["bare"]).strip())
        meant = _PREFIXES[prefix.lower()]
        return (Term(meant, (value,), *item.span()) if value else None), 1
    if out := item["unphrase"] or item["unword"]:
        return (Term(Meant.WITHOUT, (_tidy(out),), *item.span()) if tokens(out) else None), 1
    last = at
    while _operand(items, last) and _is_or(items, last + 1) and _operand(items, last + 2):
        last += 2
    chosen = [items[n]["phrase"] or items[n]["word"] for n in range(at, last + 1, 2)]
    meant = Meant.ANY if last > at else Meant.PHRASE
    if meant is Meant.PHRASE and not (item["phrase"] and tokens(item["phrase"])):
        return None, 1
    values = tuple(dict.fromkeys(_tidy(one) for one in chosen))
    return Term(meant, values, item.start(), items[last].end()), last + 1 - at


def _operand(items: Sequence[re.Match[str]], at: int) -> bool:
    if at >= len(items) or _is_or(items, at):
        return False
    return bool(tokens(items[at]["phrase"] or items[at]["word"] or ""))


def _is_or(items: Sequence[re.Match[str]], at: int) -> bool:
    return at < len(items) and items[at]["word"] == "OR"


def _value(prefix: str, written: str) -> str | None:
    """Return the value of a prefix as it is used, None where it cannot be one."""
    if prefix == "ref":
        return normalise_ref(written)
    if prefix == "year":
        years = _YEARS.fullmatch(written)
        return "-".join(sorted({one for one in years.groups() if one})) if years else None
    return written if tokens(written) and len(written) <= _LONGEST_VALUE else None


def _left(text: str, terms: Sequence[Term]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the text to search for by meaning, and the places of its words."""
    plain: list[str] = []
    spans: list[tuple[int, int]] = []
    at = 0
    for term in terms:
        spans.append((at, term.start))
        plain.append(text[at : term.start])
        at = term.end
        if term.meant in (Meant.PHRASE, Meant.ANY):
            inner = text[term.start : term.end]
            plain.append(re.sub(r"\s+OR(?=\s)", "", inner) if term.meant is Meant.ANY else inner)
            spans.append((term.start, term.end))
    plain.append(text[at:])
    spans.append((at, len(text)))
    return "".join(plain).strip(), tuple(span for span in spans if span[0] < span[1])


def _tidy(words: str) -> str:
    return " ".join(words.split())
