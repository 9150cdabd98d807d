"""What the pages of a report carry beside its words: running heads, page numbers, lost pictures.

Furniture stays in the text, so that offsets hold and the page can be shown as it was; passages
leave it out.
"""

import functools
import re
from collections import Counter
from collections.abc import Sequence

from ingest.headings import outline
from ingest.wording import Span, lines, table, trimmed
from kb.documents import Section

# Fewer numbers in a row are a list; on average a page holds at least so many characters.
_FEWEST = 3
_SHORTEST_PAGE = 400
# Numbers may be missing on pages that are all picture.
_LONGEST_STEP = 3
_LONGEST_LINE = 120


@functools.cache
def _pattern(name: str) -> re.Pattern[str]:
    sources = table("furniture")[name]
    joined = sources if isinstance(sources, str) else "|".join(f"(?:{one})" for one in sources)
    return re.compile(joined, re.IGNORECASE)


def find_furniture(text: str, sections: Sequence[Section]) -> tuple[Span, ...]:
    """Return the lines that are furniture, trimmed, in order.

    These are a section's heading where a later page repeats it, pictures of which only the place
    is left, page numbers that count up through the text, and the lines that stand beside these.
    """
    short = [
        span
        for line in lines(text)
        if 0 < (span := trimmed(text, *line))[1] - span[0] <= _LONGEST_LINE
        and "\t" not in text[line[0] : line[1]]
    ]
    pictures = [span for span in short if _pattern("picture").fullmatch(text, *span)]
    numbers = _page_numbers(text, short)
    heads = _repeated_headings(text, sections)
    return tuple(sorted({*pictures, *numbers, *_beside(text, short, numbers), *heads}))


def _repeated_headings(text: str, sections: Sequence[Section]) -> list[Span]:
    headings = outline(text)
    out, at = [], 0
    for section in sections:
        known = {_bare(section.heading)} - {""}
        while at < len(headings) and headings[at].start < section.end:
            heading = headings[at]
            if heading.start == section.start:
                known.add(_bare(heading.written))
            elif _bare(heading.written) in known:
                out.append((heading.start, heading.end))
            at += 1
    return out


def _bare(heading: str) -> str:
    return "".join(filter(str.isalnum, heading.casefold()))


def _page_numbers(text: str, short: Sequence[Span]) -> list[Span]:
    """Return the longest run of lone numbers that count up, a page's words between them."""
    runs: dict[int, list[Span]] = {}
    for span in short:
        match = _pattern("page_number").fullmatch(text, *span)
        if match is not None:
            number = int(match[1])
            before = (runs.get(number - step, []) for step in range(1, _LONGEST_STEP + 1))
            runs[number] = [*max([*before, runs.get(number, [])[:-1]], key=len), span]
    longest = max(runs.values(), key=len, default=[])
    if len(longest) < _FEWEST:
        return []
    pages = longest[-1][0] - longest[0][0]
    return longest if pages >= _SHORTEST_PAGE * (len(longest) - 1) else []


def _beside(text: str, short: Sequence[Span], numbers: Sequence[Span]) -> list[Span]:
    """Return the lines that stand next to page numbers again and again: running heads and feet."""
    places = {span: place for place, span in enumerate(short)}
    near = [
        short[place]
        for number in numbers
        for place in (places[number] - 1, places[number] + 1)
        if 0 <= place < len(short) and not text[slice(*_between(number, short[place]))].strip()
    ]
    counts = Counter(text[start:end] for start, end in near)
    return [span for span in near if counts[text[slice(*span)]] >= _FEWEST]


def _between(one: Span, two: Span) -> Span:
    first, last = sorted((one, two))
    return first[1], last[0]
