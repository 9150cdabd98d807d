"""The words that every form carries, and where paragraphs and sentences end.

What counts as a form's words is data (data/wording.yaml), since coroners change them a little.
"""

import functools
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from kb.shipped import read_yaml

Span = tuple[int, int]

_LINE = re.compile(r"[^\n]*\n|[^\n]+$")
# A stop, what closes a quotation, a space, and something that can begin a sentence.
_SENTENCE_END = re.compile(
    r"[.!?][\"'”’)\]]*(?=\s+[\"'“‘(\[]*[A-Z0-9])|[;:](?=\s+[•·▪])|(?<=\w)\n(?=\n)"
)
# What may stand between the sentences of a standard opening: marks, and the number of a page.
_BETWEEN_OPENERS = re.compile(r"[\s.:;,–—\-\u00ad]*(?:\d{1,2}(?=\s+[A-Z(])\s+)?")
_DANGLING = re.compile(r"[ \t.:;,–—\-\u00ad]*")
_OTHER_SPACE = re.compile(r"[^\S ]")
_SPACES = re.compile(r" {2,}")
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}")
_ENDS = tuple('.:;!?"”’)')
_LEADING_WORD = re.compile(r"[\w.]+$")


@functools.cache
def table(name: str) -> Any:
    """Return a table of the package's data folder, parsed."""
    return read_yaml(Path(__file__).with_name("data") / f"{name}.yaml")


@functools.cache
def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(source, re.IGNORECASE) for source in table("wording")[name])


def plain(text: str) -> str:
    """Return a text on one line with single spaces and straight apostrophes, for matching."""
    return " ".join(text.split()).replace("’", "'").replace("‘", "'").replace("\u00ad", "-")


def has_letters(text: str) -> bool:
    """Tell whether a text holds a letter: digits, bullets and table pipes alone say nothing."""
    return any(map(str.isalpha, text))


@functools.lru_cache(maxsize=4096)
def is_form_words(text: str) -> bool:
    """Tell whether nothing but the standard words of the form (or page furniture) stands here."""
    rest = plain(text)
    folded = rest.casefold()
    for words, pattern in _phrases():
        if words in folded:
            rest = pattern.sub(" ", rest)
            folded = rest.casefold()
    return _TWO_LETTERS.search(rest) is None


@functools.cache
def _phrases() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the form's phrases, each with words without which it cannot stand in a text.

    To look for words is twenty times faster than to try a pattern, and few texts hold any.
    """
    patterns = (*_patterns("form"), *_patterns("furniture"))
    return tuple((certain_words(pattern.pattern), pattern) for pattern in patterns)


def certain_words(pattern: str) -> str:
    """Return the longest run of letters and spaces in all that a pattern matches, "" if unsure.

    What stands in a group or a class may be one of several, and what "?" follows may be missing.
    """
    bare = re.sub(r"\[[^\]]+\]", "#", re.sub(r"\\.", "#", pattern))
    while (outer := re.sub(r"\([^()]*\)", "#", bare)) != bare:
        bare = outer
    if "|" in bare:
        return ""
    return max(re.split(r".(?:[?*]|\{[^}]*\})|[^a-z ]", bare), key=len)


def is_furniture(line: str) -> bool:
    """Tell whether a line is page furniture: a template's footer, a page number in words."""
    flat = plain(line)
    return any(pattern.fullmatch(flat) for pattern in _patterns("furniture"))


def is_closing(paragraph: str) -> bool:
    """Tell whether a paragraph after a list of concerns closes it rather than adds to it."""
    flat = plain(paragraph)
    return any(pattern.match(flat) for pattern in _patterns("closers"))


def skip_openers(text: str, start: int, end: int) -> int:
    """Return where a concerns section begins to say something, past its standard opening.

    Page numbers and dashes between the opening's sentences are passed over too.
    """
    position = start
    while True:
        gap = _BETWEEN_OPENERS.match(text, position, end)
        after = gap.end() if gap else position
        for candidate in dict.fromkeys((after, position)):
            taken = _opener_length(text[candidate : min(end, candidate + 600)])
            if taken:
                position = candidate + taken
                break
        else:
            dangling = _DANGLING.match(text, position, end)
            return dangling.end() if dangling and position > start else position


def _opener_length(window: str) -> int:
    """Return the length of the opening phrase that the window begins with, or 0."""
    flat = _OTHER_SPACE.sub(" ", window).replace("’", "'")
    squeezed = _SPACES.sub(" ", flat)
    matches = (pattern.match(squeezed) for pattern in _patterns("openers"))
    longest = max((match.end() for match in matches if match), default=0)
    return _unsqueezed(flat, longest)


def _unsqueezed(flat: str, place: int) -> int:
    """Return where a place in a text whose runs of spaces were made one space stands in it."""
    for run in _SPACES.finditer(flat):
        if run.start() >= place:
            break
        place += run.end() - run.start() - 1
    return place


def lines(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Yield the lines of a stretch, each with its line end."""
    for match in _LINE.finditer(text, start, len(text) if end is None else end):
        if match.end() > match.start():
            yield match.span()


def trimmed(text: str, start: int, end: int) -> Span:
    """Return the span without white space at its ends; empty spans stay where they start."""
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    right = len(piece.rstrip())
    return (start + left, start + right) if right > left else (start, start)


def paragraphs(text: str, start: int, end: int) -> list[Span]:
    """Return the paragraphs of a stretch, trimmed, in order.

    A blank line ends one. A single line end does so too where the lines are whole paragraphs, as
    in the exports, and not where they are the wrapped lines of a page.
    """
    spans = [trimmed(text, *span) for span in lines(text, start, end)]
    lengths = [stop - begin for begin, stop in spans if stop > begin]
    wrapped = _is_wrapped(text, spans)
    typical = median(lengths) if lengths else 0.0
    out: list[Span] = []
    open_paragraph = False
    for begin, stop in spans:
        if stop == begin:
            open_paragraph = False
            continue
        if open_paragraph:
            out[-1] = (out[-1][0], stop)
        else:
            out.append((begin, stop))
        short = wrapped and stop - begin < 0.8 * typical
        open_paragraph = wrapped and not (short and text[stop - 1] in _ENDS)
    return out


def _is_wrapped(text: str, spans: list[Span]) -> bool:
    """Tell whether most line ends fall inside sentences, as they do on a page."""
    inner = [
        text[stop - 1] not in _ENDS
        for (begin, stop), (after, after_stop) in pairwise(spans)
        if stop > begin and after_stop > after
    ]
    return len(inner) >= 2 and sum(inner) >= 0.5 * len(inner)


def sentences(text: str, start: int, end: int) -> list[Span]:
    """Return the sentences of a stretch, trimmed, in order; a stop in "Dr. Jones" ends none."""
    out: list[Span] = []
    begin = start
    for match in _SENTENCE_END.finditer(text, start, end):
        near = max(begin, match.start() - 40)  # no abbreviation is longer; a damaged word may be
        word = _LEADING_WORD.search(text, near, match.start())
        if word and (word[0].lower() in table("wording")["abbreviations"] or len(word[0]) == 1):
            continue
        span = trimmed(text, begin, match.end())
        if span[1] > span[0]:
            out.append(span)
        begin = match.end()
    last = trimmed(text, begin, end)
    return [*out, last] if last[1] > last[0] else out
