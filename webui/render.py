"""Text as HTML: marked words, and Markdown made safe. The only door to markdown and nh3."""

from collections.abc import Iterable

import markdown as python_markdown
import nh3
from markupsafe import Markup, escape

_TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "strong", "em", "code", "pre"),
    *("blockquote", "a", "hr", "br", "table", "thead", "tbody", "tr", "th", "td", "abbr"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "ol": {"start"}}
_BEGIN, _END = Markup("<mark>"), Markup("</mark>")


def marked(text: str, spans: Iterable[tuple[int, int]], *, begin: int = 0) -> Markup:
    """Return text from `begin` with the words at `spans` in <mark>, all of it escaped.

    Spans are offsets in `text`; they may overlap, touch or pass its ends, and are cut off there.
    """
    parts: list[str] = []
    at = begin
    for start, end in _merged(spans, begin, len(text)):
        parts += [escape(text[at:start]), _BEGIN, escape(text[start:end]), _END]
        at = end
    parts.append(escape(text[at:]))
    return Markup("".join(parts))


def _merged(spans: Iterable[tuple[int, int]], begin: int, length: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        start, end = max(begin, start), min(end, length)
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def markdown(text: str, *, top: int = 1) -> Markup:
    """Return Markdown as HTML without scripts, styles, images or foreign attributes.

    `top` is the level that a first-level heading becomes, so that headings fit the page.
    """
    html = python_markdown.markdown(
        text,
        extensions=["sane_lists", "tables", "toc"],
        extension_configs={"toc": {"baselevel": top}},
        output_format="html",
    )
    safe = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer",
    )
    return Markup(safe)
