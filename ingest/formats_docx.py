"""The words of a Word document, walked in the order in which they are read."""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ingest.clean import BULLET
from ingest.numerals import numeral
from ingest.reasons import unreadable

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
# Words that Word does not show: text moved away, and the second copy of a text box.
_HIDDEN = (f"{_W}moveFrom", f"{_W}del", _FALLBACK)
_FORM_COLUMNS = 2
_MOST_XML = 100 << 20  # bytes; as a tree they take ten times that


def read_docx(data: bytes) -> str:
    """Return the text of a .docx: a line a paragraph, a table row's cells parted by tabs.

    Raises `Unreadable` ("damaged") where the package cannot be opened, `MemoryError` where its
    parts would unpack to more than any document holds.
    """
    import docx

    try:
        _check_size(data)
        document = docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError, EOFError) as error:
        # lxml's errors are SyntaxErrors; a missing part is a KeyError
        fault = f"it cannot be opened as a Word document: {error or 'its end is missing'}"
        raise unreadable("damaged", fault=fault) from None
    numbers = _Numbers(document)
    return "\n".join(_lines(document.element.body, numbers))


def _check_size(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [one.file_size for one in package.infolist() if one.filename.endswith(".xml")]
    if sum(parts) > _MOST_XML:  # lxml would end in "unknown error", if it ended
        raise MemoryError


def _lines(container: Any, numbers: "_Numbers") -> Iterator[str]:
    """Yield the lines of a body or cell; content controls and the like are looked into."""
    for child in container:
        if child.tag == f"{_W}p":
            text = _text(child)
            yield f"{numbers.mark(child)}{text}" if text.strip() else text
        elif child.tag == f"{_W}tbl":
            yield ""
            yield from _rows(child, numbers)
            yield ""
        elif child.tag not in _HIDDEN:
            yield from _lines(child, numbers)


def _rows(table: Any, numbers: "_Numbers") -> Iterator[str]:
    """Yield a line a row. The form is a table of two columns, whose cells hold whole sections:

    there the lines of a cell stay lines. In a wider table a cell is one line.
    """
    rows = [
        [_cell(cell, numbers) for cell in _own(row, "tc", within="tr")]
        for row in _own(table, "tr", within="tbl")
    ]
    if max(map(len, rows), default=0) <= _FORM_COLUMNS:
        yield from ("\t".join("\n".join(lines) for lines in cells if lines) for cells in rows)
    else:
        for cells in rows:
            yield "\t".join(" ".join(lines).replace("\t", " ") for lines in cells)


def _own(container: Any, name: str, *, within: str) -> Iterator[Any]:
    """Yield the rows or cells of a table itself, not those of a table inside one of its cells."""
    for element in container.iter(f"{_W}{name}"):
        if next(element.iterancestors(f"{_W}{within}")) is container:
            yield element


def _cell(cell: Any, numbers: "_Numbers") -> list[str]:
    """Return the lines of a cell: none where it only continues the cell above."""
    merged = cell.find(f"{_W}tcPr/{_W}vMerge")
    if merged is not None and merged.get(f"{_W}val") != "restart":
        return []
    lines = "\n".join(_lines(cell, numbers)).split("\n")  # a paragraph may hold line breaks
    return [line.strip() for line in lines if line.strip()]


def _text(paragraph: Any) -> str:
    parts = []
    for node in _shown(paragraph):
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag == f"{_W}p":  # a text box stands inside the paragraph it hangs from
            parts.append("\n")
        else:
            parts.append(_BREAKS.get(node.tag, ""))
    return "".join(parts)


def _shown(element: Any) -> Iterator[Any]:
    for child in element:
        if child.tag not in _HIDDEN:
            yield child
            yield from _shown(child)


class _Numbers:
    """The numbers that Word prints before list paragraphs; they stand nowhere in the text."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._lists: dict[str, str] = {}
        self._styles = dict(_styled(document.styles.element))
        self._counts: dict[str, Counter[int]] = {}
        for relation in document.part.rels.values():
            if relation.reltype.endswith("/numbering"):
                self._learn(relation.target_part.element)

    def _learn(self, numbering: Any) -> None:
        for abstract in numbering.iter(f"{_W}abstractNum"):
            self._levels[abstract.get(f"{_W}abstractNumId")] = {
                _whole(level.get(f"{_W}ilvl"), 0): (
                    _value(level, "numFmt") or "decimal",
                    _value(level, "lvlText") or "",
                    _whole(_value(level, "start"), 1),
                )
                for level in abstract.iter(f"{_W}lvl")
            }
        for number in numbering.iter(f"{_W}num"):
            self._lists[number.get(f"{_W}numId")] = _value(number, "abstractNumId") or ""

    def mark(self, paragraph: Any) -> str:
        """Return "• ", "(1) " and the like, or "" where a paragraph is no list item."""
        properties = paragraph.find(f"{_W}pPr")
        style = None if properties is None else _value(properties, "pStyle")
        number, depth = self._styles.get(style or "", (None, None))
        own = None if properties is None else properties.find(f"{_W}numPr")
        if own is not None:
            number, depth = _value(own, "numId") or number, _value(own, "ilvl") or depth
        levels = self._levels.get(self._lists.get(number or "", ""), {})
        at = _whole(depth, 0)
        if number is None or at not in levels or levels[at][0] == "none":
            return ""
        if levels[at][0] == "bullet":
            return f"{BULLET} "
        return f"{self._count(number, at, levels)} "

    def _count(self, number: str, at: int, levels: dict[int, tuple[str, str, int]]) -> str:
        counts = self._counts.setdefault(number, Counter())
        counts[at] += 1
        for deeper in [level for level in counts if level > at]:
            del counts[deeper]
        text = levels[at][1]
        for level, (style, _, start) in levels.items():
            shown = numeral(start + max(counts[level], 1) - 1, style)
            text = text.replace(f"%{level + 1}", shown)
        return text


def _styled(styles: Any) -> Iterator[tuple[str, tuple[str | None, str | None]]]:
    """Yield each paragraph style that makes its paragraphs list items."""
    for style in styles.iter(f"{_W}style"):
        numbered = style.find(f"{_W}pPr/{_W}numPr")
        if numbered is not None:
            yield style.get(f"{_W}styleId"), (_value(numbered, "numId"), _value(numbered, "ilvl"))


def _value(element: Any, name: str) -> str | None:
    found = element.find(f"{_W}{name}")
    return None if found is None else str(found.get(f"{_W}val"))


def _whole(written: str | None, otherwise: int) -> int:
    """Return a whole number as written in an attribute; damaged ones are as good as absent."""
    sound = written is not None and written.isdecimal() and len(written) < 10
    return int(written) if sound and written else otherwise
