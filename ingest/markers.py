"""The numbers, letters and bullets that list items begin with, and which of them form a list.

One marker proves nothing ("s.17 leave", "at 2.30"): a list is a run of markers of one style in
sequence. The outermost list wins, so that "(a)" under "1." stays inside it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii",
          "xiv", "xv", "xvi", "xvii", "xviii", "xix", "xx")  # fmt: skip
_TOKEN = r"\d{1,2}|[A-Za-z]|[ivx]{2,5}|[IVX]{2,5}"
_FOLLOWED = r"(?=\s*\S)"
_MARKER = re.compile(
    rf"""(?:
      \((?P<paren>{_TOKEN})[ ]?\)[.:]?{_FOLLOWED}
    | (?P<decimal>\d{{1,2}}\.\d{{1,2}})[.)]?(?=\s+["“‘'\[(]*[A-Z])
    | (?P<close>{_TOKEN})\)(?=\s|["“‘'\[(]*[A-Z])
    | (?P<dot>{_TOKEN})\s?\.[:)]?(?=\s|["“‘'\[(]*[A-Z])(?!\s*\Z)
    | (?:\#{{1,6}}\s+)?(?:\*\*)?(?:coroner['’]?s?['’]?\s+)?(?:matter\s+of\s+)?
      (?:concern|recommendation|issue)\s+(?:no\.?\s*|number\s+)?
      (?:\((?P<words>\d{{1,2}})\)|(?P<word>\d{{1,2}})\b(?=\s*[:.)\-–—\n*]|\s+(?-i:[A-Z])))
    | (?P<bullet>[•·▪●►❖∙◦‣])(?=\s*[\w£]|\s*["“‘'\[(])
    | (?P<dash>[-–—*o\x7f])(?:(?<![oO])(?-i:(?=[A-Z]))|[ \t]+(?=["“‘'\[(]*\w))
    | (?P<bare>\d{{1,2}})(?=[ \t]+["“‘'\[(]*[A-Z])
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_PLACE = re.compile(r"^[ \t]*|(?<=[\s])(?=\(|[A-Za-z0-9•·▪●►❖∙◦‣–—\-])", re.MULTILINE)
# What stands before a marker in running text: the end of a sentence or clause, perhaps with a page
# number that strayed in ("as follows. – 2 (1) That ..."), the date of the template's footer, or the
# bare word "Concerns".
_CLAUSE_END = re.compile(
    r"(?:[.;:,!?–—\-\u00ad][\"'”’)]?|\band|\bor|\d/\d{4}|\bconcerns)\s+(?:\d{1,2}\s+)?$",
    re.IGNORECASE,
)
_SENTENCE_STOP = re.compile(r"[.;:]\s+$")
# A short line that ends in no stop: "Borset Council".
_HEADING_ABOVE = re.compile(r"(?:\A|\n)[ \t]*[A-Z][^\n]{2,70}[\w):][ \t]*\n\s*\Z")
# "Ward 2. The nurse ..." names a thing and numbers nothing.
_NAMED = re.compile(
    r"(?:age[ds]?|appendix|article|box|cat(?:egory)?|day|figure|grade|level|no|number|page|para(?:graph)?"
    r"|part|phase|regulation|room|rule|s|schedule|score|section|stage|step|table|type|unit|ward|week|year"
    r"|at|by|in|of|on|to)[.:]?\s+$",
    re.IGNORECASE,
)
_STARTS_SENTENCE = re.compile(r"\s*[\"“‘'\[(]*[A-Z\d\[]")


@dataclass(frozen=True, slots=True)
class Marker:
    """Where a list item begins. `number` is as written, without brackets; None for a bullet.

    An unsure one stands inside a line where no sentence seems to have ended: it can only be the
    number that a list is waiting for. A headed one stands under a line that reads as a heading.
    """

    number: str | None
    start: int
    end: int
    at_line_start: bool
    sure: bool = True
    headed: bool = False


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a marker: as the `value`-th of its style."""

    value: int
    marker: Marker


_Styles = dict[tuple[str, str], list[_Reading]]


def top_list(text: str, start: int, end: int) -> tuple[Marker, ...]:
    """Return the markers of the outermost list in a stretch of text, or () if there is none."""
    styles = _readings(text, start, end)
    chains = [chain for key, found in styles.items() if (chain := _chain(key, found))]
    mixed = _mixed(styles, chains)
    if mixed:
        chains.append(mixed)
    real = [chain for chain in chains if len(chain) > 1 or _stands_alone(text, start, chain[0])]
    if not real:
        return ()
    long = [chain for chain in real if len(chain) > 1]
    first = min(real, key=lambda chain: (chain[0].start, -len(chain)))
    if len(first) == 1 and long and text[start : first[0].start].strip():
        first = min(long, key=lambda chain: (chain[0].start, -len(chain)))
    return tuple(first)


def begins_item(text: str, start: int, end: int) -> bool:
    """Tell whether a line begins as a list item does."""
    match = _MARKER.match(text, start, end)
    return match is not None and (match["dash"] or "").lower() != "o"


def _stands_alone(text: str, start: int, marker: Marker) -> bool:
    """A list of one item must open its section, or a line: "(1) When an individual ..."."""
    return marker.at_line_start or not text[start : marker.start].strip()


def _readings(text: str, start: int, end: int) -> _Styles:
    styles: _Styles = defaultdict(list)
    for marker, shape in _markers(text, start, end):
        if marker.number is None:
            styles[shape, text[marker.start]].append(_Reading(0, marker))
            continue
        for system, value in _values(marker.number, shape):
            styles[shape, system].append(_Reading(value, marker))
    return styles


def _markers(text: str, start: int, end: int) -> Iterator[tuple[Marker, str]]:
    last = -1
    for place in _PLACE.finditer(text, start, end):
        match = _MARKER.match(text, place.end(), end)
        if match is None or match.start() <= last or match.lastgroup is None:
            continue
        shape = match.lastgroup.removesuffix("s")
        line_start = not text[
            max(start, text.rfind("\n", start, match.start()) + 1) : match.start()
        ].strip()
        sure = line_start or _plausible_inline(text, start, match, shape)
        if not sure and not _could_follow(text, start, match, shape):
            continue
        last = match.start()
        number = match[match.lastgroup] if shape not in ("bullet", "dash") else None
        headed = (
            line_start
            and _HEADING_ABOVE.search(text[max(start, match.start() - 100) : match.start()])
            is not None
        )
        yield Marker(number, match.start(), match.end(), line_start, sure, headed), shape


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
        return opens and text[match.start()].isupper()
    if shape == "paren":
        return opens or (capital and match[shape].isdigit())
    return opens and capital


def _could_follow(text: str, start: int, match: re.Match[str], shape: str) -> bool:
    """Whether a figure inside a line may go on with a list though its surroundings look wrong.

    A stop is lost at a page's edge ("... skill mix of staff 5. However"), or the item's first word
    is ("... in schools. 3. is not blocked").
    """
    if shape not in ("dot", "close") or not match[shape].isdigit():
        return False
    before = text[max(start, match.start() - 12) : match.start()]
    if _CLAUSE_END.search(before):
        return True
    capital = _STARTS_SENTENCE.match(text, match.end()) is not None
    return capital and _NAMED.search(before) is None


def _values(token: str, shape: str) -> Iterator[tuple[str, int]]:
    """Yield how a token can be read; "(I)" and "(l)" are also how a scanner writes "(1)"."""
    if "." in token:
        chapter, _, item = token.partition(".")
        yield f"{chapter}.", int(item)
    elif token.isdigit():
        yield "1", int(token)
    else:
        if len(token) == 1:
            yield ("a" if token.islower() else "A"), ord(token.lower()) - ord("a") + 1
        if token.lower() in _ROMAN and (token.islower() or token.isupper()):
            yield ("i" if token.islower() else "I"), _ROMAN.index(token.lower())
        if token in "Il" and shape == "paren":
            yield "1", 1


def _chain(key: tuple[str, str], readings: Sequence[_Reading]) -> list[Marker]:
    """Return the run of markers of one style that are in sequence, line starts preferred."""
    at_lines = [each for each in readings if each.marker.at_line_start]
    if key[0] in ("bullet", "dash"):
        chosen = at_lines if len(at_lines) > 1 else readings
        return [each.marker for each in chosen]
    best = _run(at_lines)
    return best if len(best) > 1 else max(best, _run(readings), key=len)


def _run(readings: Sequence[_Reading]) -> list[Marker]:
    """Follow 1, 2, 3 ...; one number may be lost at a page's edge, and a second list may begin."""
    sure = [reading for reading in readings if reading.marker.sure]
    last_place = {reading.value: reading.marker.start for reading in sure}
    run: list[Marker] = []
    wanted = _first_value(sure)
    inner = 0  # how far a list of the same style has come inside an item
    for place, reading in enumerate(readings):
        marker = reading.marker
        comes_later = last_place.get(wanted, -1) > marker.start
        if not marker.sure and (len(run) < 2 or comes_later):
            continue
        out_of_turn = reading.value in (1, wanted + 1) and bool(run) and not comes_later
        if inner and reading.value == inner + 1 and not marker.at_line_start:
            inner += 1
            continue
        # A list for the next recipient begins under its heading; a writer may use a number twice.
        again = reading.value == 1 and len(run) > 1 and marker.headed
        twice = len(run) > 2 and reading.value == wanted - 1 == readings[place - 1].value
        if reading.value == wanted or ((out_of_turn or again or twice) and marker.at_line_start):
            run.append(marker)
            wanted = reading.value + 1
            inner = 0
        elif reading.value == 1 and len(run) > 1:
            inner = 1
    return run


def _first_value(readings: Sequence[_Reading]) -> int:
    """Return 2 where a list of three or more lost its first number, else 1."""
    at_lines = [reading.value for reading in readings if reading.marker.at_line_start]
    lost = 1 not in {reading.value for reading in readings} and at_lines[:3] == [2, 3, 4]
    return 2 if lost else 1


def _mixed(styles: _Styles, chains: Iterable[Sequence[Marker]]) -> list[Marker]:
    """Return a list whose figures change their brackets on the way ("1.", "(2)", "3)").

    Only where the first style gives no list of its own, or sub-items would be taken for items.
    """
    readings = sorted(
        (each for (shape, system), found in styles.items() if system == "1" for each in found),
        key=lambda each: each.marker.start,
    )
    run = _run(readings)
    if len(run) < 2 or any(len(chain) > 1 and chain[0] == run[0] for chain in chains):
        return []
    return run if all(one.start < two.start for one, two in pairwise(run)) else []
