"""Reading files back without the libraries that wrote them, and asking for every file offered."""

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.library_for_tests import COUNCIL, TRUST

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ESCAPED = re.compile(r"_x([0-9A-F]{4})_")

KNOWN = {"key": "training", "theme": "training", "name": TRUST, "path:name": TRUST}
"""Values for the parts of an address that vary."""
_ASKS = {
    "/across/compare": {"organisation": [TRUST, COUNCIL]},
    "/across/trend": {"theme": "training"},
    "/organisations/": {"name": TRUST},
}


def asks(path: str) -> str:
    """Return what an address must ask for to have a file at all; empty for most."""
    found = next((asked for begins, asked in _ASKS.items() if path.startswith(begins)), {})
    return f"?{urlencode(found, doseq=True)}" if found else ""


@dataclass(frozen=True)
class Sheet:
    """A sheet: its rows as a person sees them, and its XML."""

    name: str
    rows: list[list[str | float | None]]
    xml: ET.Element


def sheets(data: bytes) -> dict[str, Sheet]:
    """Return the sheets of a file by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        names = [
            sheet.attrib["name"]
            for sheet in ET.fromstring(book.read("xl/workbook.xml")).iter(f"{MAIN}sheet")
        ]
        found = {}
        for number, name in enumerate(names, start=1):
            xml = ET.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
            found[name] = Sheet(name, [_row(row) for row in xml.iter(f"{MAIN}row")], xml)
    return found


def table(data: bytes) -> list[list[str | float | None]]:
    """Return the rows of the sheet that holds the table."""
    return sheets(data)["Table"].rows


def about(data: bytes) -> list[tuple[str, str]]:
    """Return the lines of the sheet that tells what the table is about."""
    return [(str(row[0]), str(row[1])) for row in sheets(data)["About"].rows]


def members(data: bytes) -> dict[str, str]:
    """Return every part of a file as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return {name: book.read(name).decode("utf-8", "replace") for name in book.namelist()}


def _row(row: ET.Element) -> list[str | float | None]:
    cells: list[str | float | None] = []
    for cell in row.iter(f"{MAIN}c"):
        column = 0
        for letter in re.match(r"[A-Z]+", cell.attrib["r"])[0]:  # type: ignore[index]
            column = column * 26 + ord(letter) - 64
        cells += [None] * (column - 1 - len(cells))
        cells.append(_value(cell))
    return cells


def _value(cell: ET.Element) -> str | float | None:
    if cell.get("t") == "inlineStr":
        text = "".join(part.text or "" for part in cell.iter(f"{MAIN}t"))
        return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    value = cell.find(f"{MAIN}v")
    return float(value.text) if value is not None and value.text else None
