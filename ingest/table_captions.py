"""Captions of tables: which lines are one, and which table each belongs to."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.wording import Span, lines, trimmed

# "Table 9: ...", "**Table 15:** ...", "## **Table 1: Staff**", "Figure 2 and Table 5: ..."
_CAPTION = re.compile(
    r"(?:fig(?:ure|\.) ?\d+ (?:and|&) )?table (?P<number>[a-z]?\d+(?:\.\d+)*[a-z]?)\b"
    r"(?P<mark>\s*[:.–—-](?=\s|$))?\s*(?P<words>.*)",
    re.IGNORECASE | re.DOTALL,
)
_MARKUP = re.compile(r"^#{1,6}\s+|\*\*")
# Without a colon after the number only a short title is a caption: "Table 6 shows that ..." is not.
_LONGEST_TITLE = 120
# A page may set so many paragraphs, of so many characters in all, between caption and table.
_MOST_LINES = 2
_FARTHEST = 5000


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption: its number and words as written (None where it has only the number), its place."""

    number: str
    words: str | None
    start: int
    end: int


def caption_in(words: str, start: int = 0, end: int = 0) -> Caption | None:
    """Return the caption that a line or cell is, None for any other."""
    if "table" not in words.lower():
        return None
    match = _CAPTION.fullmatch(" ".join(_MARKUP.sub("", words).split()))
    if match is None:
        return None
    title = match["words"].strip()
    titled = title[:1].isupper() and len(title) <= _LONGEST_TITLE and not title.endswith(".")
    if title and match["mark"] is None and not titled:
        return None
    return Caption(match["number"], title or None, start, end)


def find_captions(text: str) -> list[Caption]:
    """Return the captions that stand on lines of their own, in order."""
    found = []
    for span in lines(text):
        start, end = trimmed(text, *span)
        in_row = "\t" in text[span[0] : span[1]]
        caption = None if in_row else caption_in(text[start:end], start, end)
        if caption is not None:
            found.append(caption)
    return found


def pair(text: str, captions: Sequence[Caption], tables: Sequence[Span]) -> dict[int, Caption]:
    """Return the caption of each table (by its place in `tables`) that has one.

    Captions and tables pair in their order: as many as can, the nearest ones. A caption that
    touches a table on either side goes to the side on which the document sets its captions.
    """
    starts = [start for start, _ in tables]
    near = [dict(_near(text, caption, tables, starts)) for caption in captions]
    sides = [
        {tables[table][0] > caption.start for table, gap in gaps.items() if gap == 0}
        for caption, gaps in zip(captions, near, strict=True)
    ]
    above = sides.count({True}) >= sides.count({False})
    best = [_Pairs()]
    for caption, gaps in zip(captions, near, strict=True):
        best += [best[-1]] * (max(gaps, default=0) + 2 - len(best))
        for table in sorted(gaps, reverse=True):
            preferred = (tables[table][0] > caption.start) is above
            more = best[table].with_pair(table, caption, gaps[table], preferred)
            best[table + 1] = max(best[table + 1], more, key=lambda pairs: pairs.worth)
        for at in range(min(gaps, default=len(best)) + 1, len(best)):
            best[at] = max(best[at - 1], best[at], key=lambda pairs: pairs.worth)
    return dict(best[-1].pairs())


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs of table and caption as a chain; `worth`: how many, how near, how many as preferred."""

    worth: tuple[int, int, int] = (0, 0, 0)
    last: tuple[int, Caption] | None = None
    before: "_Pairs | None" = None

    def with_pair(self, table: int, caption: Caption, gap: int, preferred: bool) -> "_Pairs":
        count, near, sides = self.worth
        return _Pairs((count + 1, near - gap, sides + preferred), (table, caption), self)

    def pairs(self) -> Iterator[tuple[int, Caption]]:
        chain: _Pairs | None = self
        while chain is not None and chain.last is not None:
            yield chain.last
            chain = chain.before


def _near(
    text: str, caption: Caption, tables: Sequence[Span], starts: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Yield the table before and the one after a caption with the lines between, if few."""
    after = bisect_right(starts, caption.start)
    for table in range(max(0, after - 1), min(after + 1, len(tables))):
        gap = _gap(text, (caption.start, caption.end), tables[table])
        if gap is not None:
            yield table, gap


def _gap(text: str, caption: Span, table: Span) -> int | None:
    """Return how many lines stand between a caption and a table, None where it is too far off.

    No heading and no other table may stand between.
    """
    first, last = sorted((caption, table))
    if last[0] - first[1] > _FARTHEST:
        return None
    filled = [line for line in text[first[1] : last[0]].strip().split("\n") if line.strip()]
    foreign = any("\t" in line or line.startswith("#") for line in filled)
    return None if foreign or len(filled) > _MOST_LINES else len(filled)
