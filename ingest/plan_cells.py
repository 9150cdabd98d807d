"""The cells of a plan's rows: words put together over broken lines, every letter's place kept."""

import functools
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.wording import Span, has_letters, trimmed
from kb.records import Claim

_MARKER = re.compile(r"\s*(?:[•·▪●►❖∙◦‣]|[-–—](?=\s)|\(?\d{1,2}[.)](?!\d)|\(?[a-z][.)])(?:\s+|$)")
# "AMHP¹s": a footnote's number is no part of the word that it is glued to.
_SUPERSCRIPTS = frozenset("¹²³⁰⁴⁵⁶⁷⁸⁹")
STOPS = (".", "!", "?", ";", ":", ")", "”", '"')


@dataclass(frozen=True, slots=True)
class Cell:
    """Words as they should be read; `places` holds the offset in the text of each character."""

    words: str
    places: tuple[int, ...]

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def closed(self) -> bool:
        """Whether the words end as a sentence does, so that nothing need follow."""
        return self.words.endswith(STOPS)

    def claim(self, value: str, start: int = 0, end: int | None = None) -> Claim:
        """Return a claim on a stretch of the words; without one, on all of them."""
        last = len(self.words) if end is None else end
        return Claim(value, self.places[start], self.places[last - 1] + 1)

    def whole(self) -> Claim | None:
        """Return a claim on all the words as they read, None for an empty cell."""
        return self.claim(self.words) if self.words else None

    def part(self, start: int, end: int | None = None) -> "Cell":
        """Return a stretch of the cell without white space at its ends."""
        begin, stop = trimmed(self.words, start, len(self.words) if end is None else end)
        return Cell(self.words[begin:stop], self.places[begin:stop])

    def item(self) -> "Cell":
        """Return the cell without the number or bullet that it begins with."""
        match = _MARKER.match(self.words)
        return self.part(match.end()) if match else self


def cell_of(text: str, spans: Iterable[Span]) -> Cell:
    """Return the words of the pieces of one cell.

    A word broken at a hyphen is joined to its rest; a line that the page repeats ("within our
    services." on two lines) is read once.
    """
    words: list[str] = []
    places: list[int] = []
    for span in spans:
        piece, at = _piece(text, *span)
        if not piece or _repeats(words, piece):
            continue
        broken = words and words[-1] == "-" and len(words) > 1 and words[-2].isalpha()
        if words and not (broken and piece[0].islower()):
            words.append(" ")
            places.append(at[0])
        words += piece
        places += at
    return Cell("".join(words), tuple(places))


def _piece(text: str, start: int, end: int) -> tuple[str, list[int]]:
    """Return a piece with its white space made single and its superscripts left out."""
    kept: list[str] = []
    places: list[int] = []
    begin, stop = trimmed(text, start, end)
    for at in range(begin, stop):
        character = " " if text[at].isspace() else text[at]
        if character in _SUPERSCRIPTS or (character == " " and kept and kept[-1] == " "):
            continue
        kept.append(character)
        places.append(at)
    return "".join(kept), places


def _repeats(words: list[str], piece: str) -> bool:
    return len(piece.split()) >= 3 and "".join(words[-len(piece) :]) == piece


def split_cells(text: str, start: int, end: int) -> list[Span]:
    """Return the trimmed cells of a line, parted by tabs, or by pipes where pipes enclose it."""
    begin, stop = trimmed(text, start, end)
    piped = stop - begin > 2 and text[begin] == "|" == text[stop - 1]
    if not piped:
        begin, stop = start, end
        while stop > begin and text[stop - 1] in " \n":
            stop -= 1
    cells, at = [], begin + piped
    for match in re.finditer(r"\|" if piped else r"\t", text[at:stop]):
        cells.append(trimmed(text, at, begin + piped + match.start()))
        at = begin + piped + match.end()
    return cells if piped else [*cells, trimmed(text, at, stop)]


def is_marker(words: str) -> bool:
    """Tell whether a cell holds nothing but a list's number or bullet."""
    return bool(words.strip()) and _MARKER.fullmatch(f"{words.strip()} ") is not None


def begins_with_marker(words: str) -> bool:
    """Tell whether a cell begins as a list item does."""
    return _MARKER.match(words) is not None


_HEAD_WORDS = 2


def is_page_head(text: str, line: str) -> bool:
    """Tell whether the first line of a page's part of a table is debris of the page's head.

    A logo leaves a word or two of a name ("Southwest", "NHS"), a cell cut by the page's edge the
    end of a word that stands nowhere else ("uality" of "Quality").
    """
    words = line.split()
    if not words or len(words) > _HEAD_WORDS or words[-1].endswith(STOPS):
        return False
    if all(word[0].isupper() for word in words):
        return True
    return len(words) == 1 and has_letters(words[0]) and _counts(text)[words[0].lower()] == 1


@functools.lru_cache(maxsize=2)
def _counts(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))
