"""The words of a web page, laid out as they are read."""

import re
from typing import Any

from ingest.clean import BULLET
from ingest.numerals import numeral

_DROPPED = ("script", "style", "nav", "footer", "noscript", "template", "svg", "title")
_APART = {"blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul"}
_BLOCKS = _APART | {"address", "article", "aside", "caption", "dd", "details", "div", "dl", "dt"}
_BLOCKS |= {"fieldset", "figcaption", "figure", "form", "header", "hr", "main", "section"}
_BLOCKS |= {"summary", "tr"}
_DEEPEST = 200  # browsers stop at 512; below that the words are kept and the layout is not


def read_html(source: str) -> str:
    """Return the text of a page: a block a line, list items marked, table cells parted by tabs."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(source)
    for name in _DROPPED:
        for node in tree.css(name):
            node.decompose()
    if tree.body is None:
        return ""
    lines = [re.sub(r" *\t *", "\t", line).strip(" ") for line in _laid_out(tree.body).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _laid_out(node: Any, depth: int = 0) -> str:
    if depth > _DEEPEST:
        return f" {_collapsed(node.text(separator=' '))} "
    parts: list[str] = []
    number = int(_digits(node, "start") or 1)
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            parts.append(child.text() if node.tag == "pre" else _collapsed(child.text()))
        elif child.tag == "br":
            parts.append("\n")
        elif child.tag in ("td", "th"):
            parts.append(f"{' '.join(_laid_out(child, depth + 1).split())}\t")
        elif child.tag == "li":
            number = int(_digits(child, "value") or number)
            parts.append(f"\n{_mark(node, number)} {_laid_out(child, depth + 1).strip()}\n")
            number += 1
        elif child.tag in _BLOCKS:
            gap = "\n\n" if child.tag in _APART else "\n"
            inner = _laid_out(child, depth + 1).strip("\n ")
            parts.append(f"{gap}{inner.removesuffix(chr(9)) if child.tag == 'tr' else inner}{gap}")
        else:
            parts.append(_laid_out(child, depth + 1))
    return re.sub(r" *\n *", "\n", "".join(parts))


def _mark(items: Any, number: int) -> str:
    if items.tag != "ol":
        return BULLET
    return f"{numeral(number, items.attributes.get('type') or '1')}."


def _digits(node: Any, attribute: str) -> str | None:
    value = (node.attributes.get(attribute) or "").strip()
    return value if value.isdecimal() and len(value) < 10 else None


def _collapsed(text: str) -> str:
    return re.sub(r"[ \t\r\n\f]+", " ", text)
