"""Charts as SVG: from figures to a drawing, without a request, a script or a style sheet.

Every drawing has a title and a description; the figures stand in a table beside it on the page.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from kb.intervals import Share

SHADES = ("#f1f8f5", "#e0f0ea", "#cfe7de", "#bcddd1", "#a9d3c5")
"""From the lightest to the darkest; the style sheet's .heat-1 to .heat-5 are the same."""
BOUNDS = (0.05, 0.1, 0.2, 0.4)
"""Shares at which the next darker shade begins."""
_INK, _SOFT, _LINE, _ACCENT, _OTHER = "#16201d", "#4a5753", "#c5d0cc", "#0d5f4d", "#8a5a00"
_FONT = 'font-family="Arial, Liberation Sans, Helvetica, sans-serif"'
_CHARACTER = 6.6


def shade(share: Share) -> int:
    """Return the shade of a share, 1 to 5; 0 is none: of nothing, or of too few to tell a share."""
    if not share.count or not share.enough:
        return 0
    return 1 + sum(share.count / share.of >= bound for bound in BOUNDS)


@dataclass(frozen=True, slots=True)
class Point:
    """One year of a trend: documents counted, of those held with text, of those held."""

    label: str
    count: int
    with_text: int
    held: int


_LEFT, _COLUMN, _BARS, _COVER = 46, 25, 74, 26
_LEAST_WIDTH = 320
"""Else a chart of one year would be drawn many times as large as one of ten."""


def trend_svg(points: Sequence[Point], *, title: str, unit: str) -> str:
    """Return bars by year, under each the number held with text, and the line of coverage.

    The line is the share of each year's documents held that are held with text: where it is low, a
    low bar says little. `unit` is what is counted, in the plural.
    """
    width = max(_LEAST_WIDTH, _LEFT + _COLUMN * len(points) + 6)
    peak = max((one.count for one in points), default=0)
    top = max(points, key=lambda one: one.count) if peak else None
    most = f"The most, {top.count} of {top.with_text}, in {top.label}. " if top else ""
    span = f"{points[0].label} to {points[-1].label}" if points else "no year"
    described = (
        f"Bars: {unit} by year, {span}, each with the number held with text below it. {most}"
        "Line: the share of each year's documents held that are held with text. The table holds "
        "every figure."
    )
    shapes = [*_bars(points, peak), *_below(points), *_coverage(points)]
    return _svg(width, _BARS + 46 + _COVER + 18, title, described, shapes)


def _bars(points: Sequence[Point], peak: int) -> Iterator[str]:
    for at, one in enumerate(points):
        tall = round((_BARS - 14) * one.count / peak, 1) if peak else 0
        x = _LEFT + _COLUMN * at
        if one.count:
            yield _rect(x + 4, _BARS - tall, _COLUMN - 8, tall, _ACCENT)
            yield _text(x + _COLUMN / 2, _BARS - tall - 3, f"{one.count:,}", "middle")
    yield _stroke(_LEFT, _BARS, _LEFT + _COLUMN * len(points), _BARS, _SOFT)


def _below(points: Sequence[Point]) -> Iterator[str]:
    yield _text(_LEFT - 6, _BARS + 28, "with text", "end", _SOFT, 9.5)
    for at, one in enumerate(points):
        x = _LEFT + _COLUMN * (at + 0.5)
        yield _text(x, _BARS + 14, f"’{one.label[-2:]}", "middle")
        yield _text(x, _BARS + 28, f"{one.with_text:,}", "middle", _SOFT, 9.5)


def _coverage(points: Sequence[Point]) -> Iterator[str]:
    top = _BARS + 42
    end = _LEFT + _COLUMN * len(points)
    yield _text(_LEFT - 6, top + 4, "100%", "end", _SOFT, 9.5)
    yield _text(_LEFT - 6, top + _COVER + 4, "0%", "end", _SOFT, 9.5)
    yield _stroke(_LEFT, top, end, top, _LINE)
    yield _stroke(_LEFT, top + _COVER, end, top + _COVER, _LINE)
    # A year of which nothing is held has no share: the line has a gap there.
    run: list[str] = []
    for at, one in enumerate([*points, Point("", 0, 0, 0)]):
        if one.held:
            share = one.with_text / one.held
            x, y = _LEFT + _COLUMN * (at + 0.5), round(top + _COVER * (1 - share), 1)
            run.append(f"{x:g},{y:g}")
            yield f'<circle cx="{x:g}" cy="{y:g}" r="2.2" fill="{_OTHER}"/>'
        elif run:
            path = " ".join(run)
            yield f'<polyline points="{path}" fill="none" stroke="{_OTHER}" stroke-width="1.5"/>'
            run = []
    yield _text(_LEFT, top + _COVER + 15, "share held with text", "start", _OTHER, 9.5)


_CELL, _ROW, _HEAD = 30, 22, 190


def heat_svg(
    rows: Sequence[tuple[str, int, Sequence[Share]]],
    columns: Sequence[str],
    *,
    title: str,
    described: str,
) -> str:
    """Return the heat table as a drawing: (name, documents held with text, a share a column)."""
    widest = max((len(name) for name, *_ in rows), default=0)
    left = int(_CHARACTER * min(widest, 70)) + 60
    shapes = []
    for at, name in enumerate(columns):
        x = left + _CELL * (at + 0.5) + 4
        shapes.append(
            f'<text transform="translate({x:g} {_HEAD - 6}) rotate(-90)" font-size="12" '
            f'fill="{_INK}" {_FONT}>{escape(name)}</text>'
        )
    shapes.append(_text(left - 8, _HEAD - 6, "with text", "end", _SOFT, 11))
    for at, (name, of, shares) in enumerate(rows):
        y = _HEAD + _ROW * at
        shapes.append(_text(0, y + 15, name, "start", _INK, 12))
        shapes.append(_text(left - 8, y + 15, f"{of:,}", "end", _SOFT, 12))
        for column, share in enumerate(shares):
            x = left + _CELL * column
            dark = shade(share)
            if dark:
                shapes.append(_rect(x, y, _CELL - 1, _ROW - 1, SHADES[dark - 1]))
            colour = _INK if share.count else _SOFT
            shapes.append(_text(x + _CELL / 2, y + 15, f"{share.count:,}", "middle", colour, 12))
    wide = left + _CELL * len(columns) + 90
    return _svg(wide, _HEAD + _ROW * len(rows) + 4, title, described, shapes)


def interval_svg(
    rows: Sequence[tuple[str, Sequence[Share]]], names: Sequence[str], *, title: str
) -> str:
    """Return for each row the shares as dots with their 95% intervals, one line a name.

    Shares of too few documents are left out, as everywhere.
    """
    left = int(_CHARACTER * max((len(name) for name, _ in rows), default=0)) + 12
    wide, step = 320, 12 * len(names) + 8
    far = max((s.interval[1] for _, shares in rows for s in shares if s.enough), default=1.0)
    end = next(one for one in (0.25, 0.5, 1.0) if one >= far)
    colours = (_ACCENT, _OTHER, "#553a7a", "#16201d", "#a03a2c", "#2c6ea0")
    shapes: list[str] = []
    for at, name in enumerate(names):
        shapes.append(_dot(left + 6, 10 + 14 * at, colours[at % len(colours)], at))
        shapes.append(_text(left + 16, 14 + 14 * at, name, "start", _INK, 12))
    top = 14 * len(names) + 22
    bottom = top + step * len(rows)
    for nth in range(5):
        tick = 25 * end * nth
        x = left + wide * nth / 4
        shapes.append(_stroke(x, top, x, bottom, _LINE))
        shapes.append(_text(x, bottom + 14, f"{tick:g}%", "middle", _SOFT, 11))
    for at, (name, shares) in enumerate(rows):
        y = top + step * at + 10
        shapes.append(_text(left - 8, y + 6 * len(names) - 3, name, "end", _INK, 12))
        for line, share in enumerate(shares):
            if share.enough:
                shapes += _whisker(share, left, wide / end, y + 12 * line, colours[line % 6], line)
    described = (
        "For each theme a dot for the share and a line for its 95% interval: "
        f"{', '.join(names)}. The table holds every figure."
    )
    return _svg(left + wide + 40, bottom + 20, title, described, shapes)


def _whisker(
    share: Share, left: int, wide: float, y: float, colour: str, shape: int
) -> Iterator[str]:
    low, high = (left + wide * end for end in share.interval)
    yield _stroke(round(low, 1), y, round(high, 1), y, colour, 2)
    yield _dot(round(left + wide * share.count / share.of, 1), y, colour, shape)


def _dot(x: float, y: float, colour: str, shape: int) -> str:
    """Return a dot whose form differs, so that colour is not all that tells two apart."""
    if shape % 2:
        return f'<rect x="{x - 4:g}" y="{y - 4:g}" width="8" height="8" fill="{colour}"/>'
    return f'<circle cx="{x:g}" cy="{y:g}" r="4.5" fill="{colour}"/>'


def every_label(by_year: Mapping[str, object], *, most: int = 40) -> list[str]:
    """Return the years from the first to the last; those held alone where they lie far apart."""
    years = sorted(int(year) for year in by_year if year.isdigit())
    if not years:
        return []
    span = range(years[0], years[-1] + 1)
    return [f"{year:04}" for year in (span if len(span) <= most else years)]


def _text(
    x: float, y: float, words: str, anchor: str, colour: str = _INK, size: float = 10.5
) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size:g}" fill="{colour}" '
        f"{_FONT}>{escape(words)}</text>"
    )


def _rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{colour}"/>'


def _stroke(x: float, y: float, to_x: float, to_y: float, colour: str, width: int = 1) -> str:
    return (
        f'<line x1="{x:g}" y1="{y:g}" x2="{to_x:g}" y2="{to_y:g}" stroke="{colour}" '
        f'stroke-width="{width}"/>'
    )


def _svg(width: float, height: float, title: str, described: str, shapes: Iterable[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" role="img" '
        f'aria-label="{escape(title)}. {escape(described)}">'
        f"<title>{escape(title)}</title><desc>{escape(described)}</desc>"
        f"{''.join(shapes)}</svg>"
    )
