"""Draws cost against size as SVG: two panels, logarithms on both axes."""

from collections.abc import Mapping, Sequence
from html import escape
from math import log10
from typing import Any

WIDTH, HEIGHT, PANEL, TOP, FLOOR = 940, 350, 250, 46, 290
LEFTS = (60, 520)
PANELS = (
    (
        "Milliseconds of the processor",
        (
            ("a page", "page_ms", "#1d4f91"),
            ("of it words", "words_ms", "#8a4b00"),
            ("nearest in meaning", "nearest_ms", "#00703c"),
        ),
    ),
    (
        "Megabytes",
        (
            ("database", "database_mb", "#1d4f91"),
            ("peak of pages", "page_peak_mb", "#8a4b00"),
            ("index file", "index_mb", "#00703c"),
        ),
    ),
)


def drawing(costs: Sequence[Mapping[str, Any]]) -> str:
    """Return an SVG of costs, each the measures of one size by name."""
    sizes = ", ".join(f"{cost['passages']:,}" for cost in costs)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        ' font-family="sans-serif" font-size="13">',
        f"<title>Cost against the number of passages: {sizes}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for left, (title, lines) in zip(LEFTS, PANELS, strict=True):
        parts += _panel(left, title, lines, costs)
    return "\n".join([*parts, "</svg>", ""])


def _panel(
    left: int,
    title: str,
    lines: Sequence[tuple[str, str, str]],
    costs: Sequence[Mapping[str, Any]],
) -> list[str]:
    across = _Axis([cost["passages"] for cost in costs], left, left + PANEL)
    values = [max(0.1, cost[name]) for _, name, _ in lines for cost in costs]
    up = _Axis(values, FLOOR, TOP)
    parts = [_text(left, TOP - 24, title, "#111111", weight="bold")]
    for power in up.powers:
        y = up.at(10**power)
        parts.append(f'<path d="M{left} {y:.1f}h{PANEL}" stroke="#d0d0d0"/>')
        parts.append(_text(left - 8, y + 4, _plain(power), "#444444", anchor="end"))
    for power in across.powers:
        x = across.at(10**power)
        parts.append(f'<path d="M{x:.1f} {FLOOR}v5" stroke="#444444"/>')
        parts.append(_text(x, FLOOR + 20, _plain(power), "#444444", anchor="middle"))
    parts.append(_text(left + PANEL / 2, FLOOR + 42, "passages", "#444444", anchor="middle"))
    taken: list[float] = []
    for label, name, colour in lines:
        points = [(across.at(c["passages"]), up.at(max(0.1, c[name]))) for c in costs]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points]
        x, y = points[-1]
        while any(abs(y - other) < 15 for other in taken):
            y += 1  # labels of lines that end together stand below each other
        taken.append(y)
        parts.append(_text(x + 9, y + 4, f"{label} {costs[-1][name]:,.0f}", colour))
    return parts


class _Axis:
    """Maps values to places by their logarithm, from a power of ten to another."""

    def __init__(self, values: Sequence[float], first: float, last: float) -> None:
        low, high = log10(min(values)), log10(max(values))
        bottom, top = int(low // 1), -int(-high // 1)
        self.powers = range(bottom, max(top, bottom + 1) + 1)
        self._first, self._last = first, last

    def at(self, value: float) -> float:
        """Return the place of a value."""
        share = (log10(value) - self.powers[0]) / (self.powers[-1] - self.powers[0])
        return self._first + share * (self._last - self._first)


def _plain(power: int) -> str:
    return f"{10**power:,}" if power >= 0 else f"{10.0**power:g}"


def _text(
    x: float, y: float, words: str, colour: str, *, anchor: str = "start", weight: str = "normal"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}"'
        f' font-weight="{weight}">{escape(words)}</text>'
    )
