"""The contents page of a report, and where the chapters that it lists begin in the text.

A title in the contents is not always the heading in the text: a heading may be longer, shorter,
other words altogether, or a picture of which no word is left.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.headings import Heading
from ingest.wording import Span, lines, plain, trimmed

_CONTENTS = re.compile(r"(?:#{1,6}\s+)?\**(?:table of )?contents:?\**:?", re.IGNORECASE)
_PAGE = re.compile(r"[\s.…·](\d{1,3})$")
_BEFORE_TITLE = re.compile(r"[-•*]?\s*(?:\d{1,2}[.)]?\s+)?")
_FEWEST = 3
_MOST = 100
_LONGEST = 200
_NO_RANK = 7
# Words that any two titles may share.
_COMMON = frozenset("a an and at for in meet of on our section the this to with".split())
# So many words after a heading may say what it heads.
_OPENING = 8


_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter as the contents page names it, and where its heading begins in the text."""

    title: str
    start: int


@dataclass(frozen=True, slots=True)
class _Entry:
    title: str
    page: int


def contents_span(text: str) -> Span:
    """Return where the contents page begins and ends, (0, 0) where there is none."""
    span, entries = _contents(text)
    return span if entries else (0, 0)


def _contents(text: str) -> tuple[Span, list[_Entry]]:
    """Return the contents page and its entries: at least three, on pages that do not fall."""
    open_at, end = None, 0
    entries: list[_Entry] = []
    for span in [*lines(text), (len(text), len(text))]:
        begin, stop = trimmed(text, *span)
        entry = _entry(text[begin:stop]) if open_at is not None else None
        if entry is not None:
            entries.append(entry)
            end = stop
        elif begin < stop or span[0] == len(text):
            if open_at is not None and _is_contents(entries):
                return (open_at, end), entries
            open_at = begin if _CONTENTS.fullmatch(text, begin, stop) else None
            entries = []
    return (0, 0), []


def _entry(line: str) -> _Entry | None:
    """Return the title and page that a line of contents holds: "Foreword ..... 3"."""
    match = _PAGE.search(line) if len(line) <= _LONGEST else None
    if match is None:
        return None
    title = line[: match.start()].rstrip(" \t.…·*").removesuffix("page").rstrip(" \t.…·*,")
    opening = _BEFORE_TITLE.match(title)
    title = title[opening.end() if opening else 0 :].strip("* ")
    return _Entry(title, int(match[1])) if any(map(str.isalpha, title)) else None


def _is_contents(entries: Sequence[_Entry]) -> bool:
    rising = all(one.page <= two.page for one, two in pairwise(entries))
    distinct = len({entry.title for entry in entries}) == len(entries)
    return rising and distinct and _FEWEST <= len(entries) <= _MOST


def chapters(text: str, headings: Sequence[Heading]) -> tuple[Chapter, ...]:
    """Return the chapters of the contents page that have a place among the headings, in order.

    A chapter begins at the heading of its name; where there is none, between the chapters around
    it, at a heading of the highest rank there that shares a word with its title or opens with
    one, else at the nearest to where its page should lie. () without a contents page, or where
    fewer than half of its titles stand in the text.
    """
    (_, end), entries = _contents(text)
    after = _first_ones(heading for heading in headings if heading.start >= end)
    named = list(_named(entries, after))
    if not entries or len(named) * 2 < len(entries):
        return ()
    found = dict(named)
    stops = [*named, (len(entries), len(text))]
    for (one, start), (two, stop) in pairwise([(-1, end), *stops]):
        first = entries[max(one, 0)].page
        last = entries[two].page if two < len(entries) else entries[-1].page + 1
        at = start
        for place in range(one + 1, two):
            share = (entries[place].page - first) / max(1, last - first)
            between = {head: key for head, key in after.items() if at < head.start < stop}
            wanted = start + share * (stop - start)
            chosen = _likely(text, entries[place].title, between, wanted)
            if chosen is not None:
                found[place] = at = chosen
    return tuple(Chapter(entries[place].title, start) for place, start in sorted(found.items()))


def _first_ones(headings: Iterable[Heading]) -> dict[Heading, _Key]:
    """Return the headings with their words, each the first time it stands.

    Pages repeat their chapter's head and chapters each other's sub-headings.
    """
    seen: dict[_Key, Heading] = {}
    for heading in headings:
        seen.setdefault(_key(heading.written), heading)
    return {heading: key for key, heading in seen.items()}


def _named(
    entries: Sequence[_Entry], headings: Mapping[Heading, _Key]
) -> Iterator[tuple[int, int]]:
    """Yield the entries whose name a heading bears, each after the one before it."""
    at = -1
    for place, entry in enumerate(entries):
        title = _key(entry.title)
        matches = (h.start for h, key in headings.items() if h.start > at and _same(title, key))
        begin = next(matches, None)
        if begin is not None:
            at = begin
            yield place, at


def _key(title: str) -> _Key:
    words = re.findall(r"[^\W_]+", plain(title).casefold().replace("'", ""))
    return tuple(words[1:] if len(words) > 1 and words[0].isdigit() else words)


def _same(title: _Key, heading: _Key) -> bool:
    """Whether two names are one: equal, or the shorter of them all but the end of the longer."""
    if title == heading:
        return bool(title)
    least = min(len(title), len(heading))
    return least >= 2 and title[:least] == heading[:least]


def _likely(text: str, title: str, between: Mapping[Heading, _Key], wanted: float) -> int | None:
    """Return where a chapter whose heading has other words begins, None without any heading."""
    rank = min((heading.level or _NO_RANK for heading in between), default=_NO_RANK)
    top = [heading for heading in between if (heading.level or _NO_RANK) == rank]
    words = set(_key(title)) - _COMMON
    shared = [heading for heading in top if words & _around(text, heading)]
    best = min(shared or top, key=lambda heading: abs(heading.start - wanted), default=None)
    return best.start if best else None


def _around(text: str, heading: Heading) -> set[str]:
    opening = text[heading.end : heading.end + 200].split()[:_OPENING]
    return {*_key(heading.written), *_key(" ".join(opening))}
