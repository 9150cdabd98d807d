"""Which numbers, letters and bullets form a list.

One marker proves nothing: a list is a run of markers of one style in sequence. The outermost list
wins, so that "(a)" under "1." stays inside it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.item_marks import Marker, begins_item, find_marks

__all__ = ["Marker", "begins_item", "top_list"]

_ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii",
          "xiv", "xv", "xvi", "xvii", "xviii", "xix", "xx")  # fmt: skip
_LOST = 3  # so many numbers of a long list may be lost together


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
    named = [chain for chain in chains if _is_named(text, chain)]
    long = [chain for chain in real if len(chain) > 1]
    first = min(real, key=lambda chain: (chain[0].start, -len(chain)))
    if len(first) == 1 and long and text[start : first[0].start].strip():
        first = min(long, key=lambda chain: (chain[0].start, -len(chain)))
    longest: Sequence[Marker] = max([first, *named], key=len)
    return tuple(longest)


def _stands_alone(text: str, start: int, marker: Marker) -> bool:
    """A list of one item must open its section, or a line: "(1) When an individual ..."."""
    return marker.at_line_start or not text[start : marker.start].strip()


def _is_named(text: str, chain: Sequence[Marker]) -> bool:
    """Whether a list's numbers carry a name: "Concern 1", which no list of details does."""
    return len(chain) > 1 and all("concern" in text[one.start : one.end].lower() for one in chain)


def _readings(text: str, start: int, end: int) -> _Styles:
    styles: _Styles = defaultdict(list)
    for marker, shape in find_marks(text, start, end):
        if marker.number is None:
            styles[shape, text[marker.start]].append(_Reading(0, marker))
            continue
        for system, value in _values(marker.number, shape):
            styles[shape, system].append(_Reading(value, marker))
    return styles


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
    best, whole = _run(at_lines), _run(readings)
    # Numbers that ran into the line before them mend a list that lacks them at its line starts.
    mends = set(best) <= set(whole) and not _is_whole(best) and _is_whole(whole)
    if len(whole) > len(best) and (len(best) < 2 or mends):
        best = whole
    return [each.marker for each in best]


def _is_whole(run: Sequence[_Reading]) -> bool:
    return all(two.value in (1, one.value + 1) for one, two in pairwise(run))


def _run(readings: Sequence[_Reading]) -> list[_Reading]:
    """Follow 1, 2, 3 ...; one number may be lost at a page's edge, and a second list may begin."""
    sure = [reading for reading in readings if reading.marker.sure]
    last_sure = {reading.value: reading.marker.start for reading in sure}
    last_any = {reading.value: reading.marker.start for reading in readings}
    run: list[_Reading] = []
    wanted = _first_value(sure)
    inner = 0  # how far a list of the same style has come inside an item
    for place, reading in enumerate(readings):
        marker, value = reading.marker, reading.value
        comes_later = last_sure.get(wanted, -1) > marker.start
        followed = last_any.get(value + 1, -1) > marker.start
        # A list for the next recipient begins under its heading; a writer may use a number twice.
        again = value == 1 and len(run) > 1 and marker.head is not None
        again = again and (marker.at_line_start or followed)
        waited_for = bool(run) and not comes_later and (followed or not marker.doubtful)
        if not (marker.sure or again or waited_for):
            continue
        if inner and value == inner + 1 and not marker.at_line_start:
            inner += 1
            continue
        several = len(run) > 2 and marker.at_line_start and wanted < value <= wanted + _LOST
        lost = bool(run) and not comes_later and (several or value in (1, wanted + 1))
        surely = marker.at_line_start or (value > 2 and last_sure.get(value + 1, -1) > marker.start)
        twice = len(run) > 2 and value == wanted - 1 == readings[place - 1].value
        twice = twice and marker.at_line_start
        if value == wanted or again or twice or (lost and surely):
            run.append(reading)
            wanted = value + 1
            inner = 0
        elif value == 1 and len(run) > 1:
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
    run = [each.marker for each in _run(readings)]
    if len(run) < 2 or any(len(chain) > 1 and chain[0] == run[0] for chain in chains):
        return []
    return run if all(one.start < two.start for one, two in pairwise(run)) else []
