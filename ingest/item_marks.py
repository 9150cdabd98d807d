"""The numbers, letters and bullets that list items begin with, and how sure each one is.

Which of them form a list is told elsewhere: one alone proves nothing ("s.17 leave", "at 2.30").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = r"\d{1,2}|[A-Za-z]|[ivx]{2,5}|[IVX]{2,5}"
_FOLLOWED = r"(?=\s*\S)"
_MARKER = re.compile(
    rf"""(?:
      \((?P<paren>{_TOKEN})[ ]?\)[.:]?{_FOLLOWED}
    | (?P<decimal>\d{{1,2}}\.\d{{1,2}})[.)]?(?=\s+["“‘'\[(]*[A-Z])
    | (?P<close>{_TOKEN})\)(?=\s|["“‘'\[(]*[A-Z])
    | (?P<dot>{_TOKEN})\s?\.[:)]?(?=\s|["“‘'\[(]*[A-Z])(?!\s*\Z)
    | (?:\#{{1,6}}\s+)?(?:\*\*)?(?:[o•·–-][ \t]+){{0,3}}
      (?:coroner['’]?s?['’]?\s+)?(?:matter\s+of\s+)?
      (?:concern|recommendation|issue)\s+(?:no\.?\s*|number\s+)?
      (?:\((?P<words>\d{{1,2}})\)
        |(?P<word>\d{{1,2}})\b(?=\s*[:.)\-–—\n*]|\s+(?:\d{{1,2}}\s+)?(?-i:[A-Z])))
    | (?P<bullet>[•·▪●►❖∙◦‣])(?=\s*[\w£]|\s*["“‘'\[(])
    | (?P<dash>[-–—*o\x7f])(?:(?<![oO])(?-i:(?=[A-Z]))|[ \t]+(?=["“‘'\[(]*\w))
    | (?P<bare>\d{{1,2}})(?=[ \t]+["“‘'\[(]*[A-Z])
    )""",
    re.VERBOSE | re.IGNORECASE,
)
# Only where one of the forms above can begin: trying them at every word took half of all reading.
_PLACE = re.compile(
    r"^[ \t]*|(?<=\s)(?=[(\d•·▪●►❖∙◦‣–—\-]|[A-Za-z]{1,5}\s?[.)]|o[ \t]"
    r"|(?:[Cc]oncern|[Cc]oroner|[Mm]atter|[Rr]ecommendation|[Ii]ssue|CO|MA|REC|ISS))",
    re.MULTILINE,
)
# What stands before a marker in running text: the end of a sentence or clause, perhaps with a page
# number that strayed in ("as follows. – 2 (1) That ..."), the date of the template's footer, or the
# bare word "Concerns".
_CLAUSE_END = re.compile(
    r"(?:[.;:,!?–—\-\u00ad][\"'”’)]?|\band|\bor|\d/\d{4}|\bconcerns)\s+(?:\d{1,2}\s+)?$",
    re.IGNORECASE,
)
_SENTENCE_STOP = re.compile(r"[.;:]\s+$")
# A short line that ends in no stop: "Borset Council".
_HEADING_ABOVE = re.compile(r"(?:\A|\n)[ \t]*(?P<head>[A-Z][^\n]{2,70}[\w):])[ \t]*\n\s*\Z")
# The same where an export lost the line ends: "... slept. For Borset Council 1. No lamp ...".
_HEADING_BEFORE = re.compile(
    r"[.!?][\"'”’)]?\s+(?P<head>[A-Z](?:[^\s.;:!?]*\s+"
    r"(?:[A-Z(\[&]|(?:\d{1,2}|of|and|the|for|to|in|on|with)(?=\s))){0,12}[^\s.;:!?]*)\s+\Z"
)
_STOPS_INSIDE = re.compile(r"[.;!?]")
# "Ward 2. The nurse ..." names a thing and numbers nothing.
_NAMED = re.compile(
    r"\b(?:age[ds]?|appendix|article|box|cat(?:egory)?|day|figure|grade|level|no|number|page|para(?:graph)?"
    r"|part|phase|regulation|room|rule|s|schedule|score|section|stage|step|table|type|unit|ward|week|year"
    r"|at|by|in|of|on|to)[.:]?\s+$",
    re.IGNORECASE,
)
_STARTS_SENTENCE = re.compile(r"\s*[\"“‘'\[(]*[A-Z\d\[]")
_OPENING = 100  # characters; a heading before a section's first number is not longer


@dataclass(frozen=True, slots=True)
class Marker:
    """Where a list item begins. `number` is as written, without brackets; None for a bullet.

    An unsure one stands inside a line where no sentence seems to have ended: it can only be the
    number that a list is waiting for. A doubtful one, after a word that figures follow ("Ward 2.")
    or before a small letter, needs the next number after it too. `head` is where the heading
    begins that stands above the line or right before the marker, None where none does.
    """

    number: str | None
    start: int
    end: int
    at_line_start: bool
    sure: bool = True
    doubtful: bool = False
    head: int | None = None


def begins_item(text: str, start: int, end: int) -> bool:
    """Tell whether a line begins as a list item does."""
    match = _MARKER.match(text, start, end)
    return match is not None and (match["dash"] or "").lower() != "o"


def find_marks(text: str, start: int, end: int) -> Iterator[tuple[Marker, str]]:
    """Yield what may begin a list item, in order, with its shape ("paren", "dot", "bullet" ...)."""
    last = -1
    for place in _PLACE.finditer(text, start, end):
        match = _MARKER.match(text, place.end(), end)
        if match is None or match.start() <= last or match.lastgroup is None:
            continue
        shape = match.lastgroup.removesuffix("s")
        line_start = _at_line_start(text, start, match.start())
        sure = line_start or _plausible_inline(text, start, match, shape)
        if not sure and not _could_follow(text, start, match, shape):
            continue
        last = match.start()
        number = match[match.lastgroup] if shape not in ("bullet", "dash") else None
        head = _head(text, start, match.start(), line_start=line_start)
        doubtful = not sure and _is_doubtful(text, start, match)
        yield Marker(number, last, match.end(), line_start, sure, doubtful, head), shape


def _at_line_start(text: str, start: int, at: int) -> bool:
    """Whether only white space stands before a place on its line; no run of it is longer."""
    near = max(start, at - 80)
    before = text[near:at].rstrip(" \t")
    return before.endswith("\n") or (not before and near == start)


def _head(text: str, start: int, at: int, *, line_start: bool) -> int | None:
    """Return where a heading begins that ends right before a place, None if there is none."""
    window = max(start, at - 100)
    pattern = _HEADING_ABOVE if line_start else _HEADING_BEFORE
    found = pattern.search(text[window:at])
    if found is None or (found.start() == 0 and window > start):
        return None  # the line began before the window
    return window + found.start("head")


def _plausible_inline(text: str, start: int, match: re.Match[str], shape: str) -> bool:
    """Whether a marker inside a line can begin an item; "(2)" needs less around it than "2."."""
    if shape == "bare":
        return False
    before = text[max(start, match.start() - 12) : match.start()]
    opens = _CLAUSE_END.search(before) is not None or not before.strip()
    capital = _STARTS_SENTENCE.match(text, match.end()) is not None
    if shape == "bullet":
        return True
    if shape == "dash":
        return capital and _SENTENCE_STOP.search(before) is not None
    if shape == "word":
        return not match[0].islower() and (opens or _after_name(before))
    if shape == "paren":
        return opens or (capital and match[shape].isdigit())
    return capital and (opens or _opens_section(text, start, match))


def _after_name(before: str) -> bool:
    """Whether the word before is one of a heading's: "For Borset Council Concern 2 ..."."""
    words = before.split()
    return bool(words) and (words[-1][0].isupper() or words[-1].endswith((")", "]")))


def _opens_section(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether nothing but a heading or a page's number stands before the first item."""
    first = match[match.lastgroup or 0] in ("1", "a", "A", "i")
    before = text[start : match.start()] if first and match.start() - start <= _OPENING else "."
    return _STOPS_INSIDE.search(before) is None and _NAMED.search(before[-12:]) is None


def _could_follow(text: str, start: int, match: re.Match[str], shape: str) -> bool:
    """Whether a figure inside a line may go on with a list though its surroundings look wrong.

    A stop is lost at a page's edge ("... skill mix of staff 5. However"), or the item's first word
    is ("... in schools. 3. is not blocked"), or nobody set one ("... of the child (2) the visit").
    """
    if shape not in ("dot", "close", "paren"):
        return False
    capital = _STARTS_SENTENCE.match(text, match.end()) is not None
    return match[shape].isdigit() or (capital and match[shape].islower())


def _is_doubtful(text: str, start: int, match: re.Match[str]) -> bool:
    before = text[max(start, match.start() - 12) : match.start()]
    if _NAMED.search(before):
        return True
    capital = _STARTS_SENTENCE.match(text, match.end()) is not None
    return not (capital or match["paren"] or _CLAUSE_END.search(before))
