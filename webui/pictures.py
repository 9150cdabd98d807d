"""A chart of a page as a picture of its own, SVG or PNG. The only door to resvg.

On the page a chart gets its colours and letters from the style sheet and its caveats from the text
around it. A file has neither, so both are put into it. The letters of a PNG come from the fonts in
`webui/fonts`: a server need have none, and the same chart is the same bytes on every machine.
"""

import functools
import re
import textwrap
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from math import ceil
from pathlib import Path

import resvg_py

from kb.errors import NotHeld, PfdError
from webui.office_text import possible

SCALE = 2
"""How many pixels of a PNG stand for one unit of the drawing."""

_HERE = Path(__file__).parent
_FONTS = sorted(str(file) for file in (_HERE / "fonts").glob("*.ttf"))
_NAMESPACE = "http://www.w3.org/2000/svg"
_DRAWING = re.compile(r"<svg\b.*?</svg\s*>", re.DOTALL)
_LETTERS = 'Arial, "Liberation Sans", Helvetica, sans-serif'
_INK, _SOFT = "#16201d", "#4a5753"
_MARGIN, _NARROWEST = 24, 680
_TITLE_SIZE, _NOTE_SIZE, _LEADING = 18, 12, 1.4
_LETTER_WIDTH = 0.53
"""The width of a letter of these fonts, on average, in parts of its size; a little too much."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_AT_BLOCK = re.compile(r"@[^{}]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_VARIABLE = re.compile(r"(--[\w-]+)\s*:\s*([^;]+);")
_SHAPES = frozenset("text tspan rect line path circle ellipse polyline polygon g".split())
_PART = re.compile(r"([a-z]*)((?:\.[\w-]+)*)")


class DrawingDamaged(PfdError):
    """A chart is no drawing that can be read."""


def framed(markup: str, notes: Sequence[str]) -> str:
    """Return the first drawing in some markup as an SVG file that stands alone.

    It has a white ground, the drawing's title above it and the notes, a paragraph each, below.
    Raises `NotHeld` where the markup has no drawing and `DrawingDamaged` where it is unreadable.
    """
    chart = _read(markup)
    width, height = _size(chart)
    title = _first(chart, "title")
    wide = ceil(max(width + 2 * _MARGIN, _NARROWEST))
    above = _lines([title] if title else [], size=_TITLE_SIZE, within=wide)
    below = _lines(notes, size=_NOTE_SIZE, within=wide)
    top = _MARGIN + _block(above, _TITLE_SIZE)
    tall = ceil(top + height + _MARGIN / 2 + _block(below, _NOTE_SIZE) + _MARGIN)
    root = ET.Element("svg", {"xmlns": _NAMESPACE, "role": "img"} | _attributes(wide, tall))
    _add(root, "title", {}, title)
    _add(root, "desc", {}, possible(" ".join(notes)))
    _add(root, "style", {}, _styles(chart))
    _add(root, "rect", {"width": _number(wide), "height": _number(tall), "fill": "#fff"})
    _write(root, above, top=_MARGIN, size=_TITLE_SIZE, fill=_INK, weight="bold")
    root.append(_placed(chart, width, height, top=top))
    _write(root, below, top=top + height + _MARGIN / 2, size=_NOTE_SIZE, fill=_SOFT)
    return ET.tostring(root, encoding="unicode")


def png(svg: str) -> bytes:
    """Return an SVG file as PNG, `SCALE` pixels a unit, on white. Raises `DrawingDamaged`."""
    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=svg,
                background="white",
                zoom=SCALE,
                skip_system_fonts=True,
                font_files=_FONTS,
                font_family="Roboto",
                sans_serif_family="Roboto",
            )
        )
    except ValueError as error:
        raise DrawingDamaged(f"The chart cannot be drawn: {error}.") from error


def size(svg: str) -> tuple[float, float]:
    """Return the width and height of an SVG file in its own units. Raises `DrawingDamaged`."""
    return _size(_parsed(svg))


def _read(markup: str) -> ET.Element:
    found = _DRAWING.search(markup)
    if found is None:
        raise NotHeld("There is no chart here: nothing is held that it could show.")
    chart = _parsed(possible(found[0]))
    for element in chart.iter():  # on a page a drawing needs no namespace; here all lose it
        element.tag = element.tag.removeprefix(f"{{{_NAMESPACE}}}")
    return chart


def _parsed(svg: str) -> ET.Element:
    try:
        return ET.fromstring(svg)
    except ET.ParseError as error:
        raise DrawingDamaged(f"The chart is no drawing that can be read: {error}.") from error


def _size(chart: ET.Element) -> tuple[float, float]:
    box = re.split(r"[\s,]+", chart.get("viewBox", "").strip())
    written = box[2:4] if len(box) == 4 else [chart.get("width", ""), chart.get("height", "")]
    try:
        width, height = (float(value.removesuffix("px")) for value in written)
    except ValueError:
        raise DrawingDamaged("The chart does not say how large it is.") from None
    if not 0 < width < float("inf") or not 0 < height < float("inf"):
        raise DrawingDamaged("The chart has no size.")
    return width, height


def _placed(chart: ET.Element, width: float, height: float, *, top: float) -> ET.Element:
    """Return the chart as a drawing within another; its own title and description stay."""
    box = chart.get("viewBox") or f"0 0 {_number(width)} {_number(height)}"
    at = {"x": _number(_MARGIN), "y": _number(top)}
    if any(element.get("class") for element in chart.iter()):
        at["class"] = "chart"  # else it brings its own colours and sizes, which no rule may change
    inner = ET.Element("svg", at | _attributes(width, height) | {"viewBox": box})
    inner.extend(list(chart))
    return inner


def _attributes(width: float, height: float) -> dict[str, str]:
    wide, tall = _number(width), _number(height)
    return {"width": wide, "height": tall, "viewBox": f"0 0 {wide} {tall}"}


def _add(root: ET.Element, tag: str, attributes: dict[str, str], text: str = "") -> None:
    ET.SubElement(root, tag, attributes).text = text or None


def _lines(texts: Sequence[str], *, size: int, within: float) -> list[str]:
    room = max(20, int((within - 2 * _MARGIN) / (size * _LETTER_WIDTH)))
    return [line for text in texts for line in textwrap.wrap(possible(text), room)]


def _block(lines: Sequence[str], size: int) -> float:
    return len(lines) * size * _LEADING + (size * 0.5 if lines else 0)


def _write(
    root: ET.Element,
    lines: Sequence[str],
    *,
    top: float,
    size: int,
    fill: str,
    weight: str = "normal",
) -> None:
    for at, line in enumerate(lines):
        place = {"x": _number(_MARGIN), "y": _number(top + size * (1 + at * _LEADING))}
        look = {"font-family": _LETTERS, "font-size": str(size), "font-weight": weight}
        _add(root, "text", place | look | {"fill": fill}, line)


def _styles(chart: ET.Element) -> str:
    """Return the rules of the pages' style sheet that this chart needs, without variables."""
    used = {name for element in chart.iter() for name in element.get("class", "").split()}
    if not used:
        return ""
    rules = (
        f"{selector} {{{values}}}"
        for selector, values in _sheet()
        if all(_is_drawn(part, used) for part in selector.split())
    )
    return "\n".join(rules)


def _is_drawn(part: str, used: set[str]) -> bool:
    match = _PART.fullmatch(part)
    if match is None:
        return False
    element, classes = match[1], set(match[2].split(".")) - {""}
    return (element in _SHAPES or (not element and bool(classes))) and classes <= used | {"chart"}


@functools.cache
def _sheet() -> tuple[tuple[str, str], ...]:
    text = _COMMENT.sub("", (_HERE / "static" / "style.css").read_text(encoding="utf-8"))
    variables = dict(_VARIABLE.findall(text))
    plain = _AT_BLOCK.sub("", text)
    return tuple(_rules(plain, variables))


def _rules(text: str, variables: dict[str, str]) -> Iterator[tuple[str, str]]:
    for selectors, values in _RULE.findall(text):
        resolved = re.sub(r"var\((--[\w-]+)\)", lambda m: variables.get(m[1], ""), values)
        for selector in selectors.split(","):
            yield selector.strip(), " ".join(resolved.split())


def _first(chart: ET.Element, tag: str) -> str:
    found = chart.find(tag)
    return " ".join("".join(found.itertext()).split()) if found is not None else ""


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
