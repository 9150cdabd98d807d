"""Labelled passages: what people or annotators say that a passage shows."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import UsageError
from kb.themes import themes


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A passage, the themes it shows, and `disputed` ones, which count neither way.

    `report` names the document it is from, so that one document is never trained and tested on.
    """

    text: str
    themes: frozenset[str]
    disputed: frozenset[str] = frozenset()
    report: str = ""


Lookup = Callable[[dict[str, Any]], str | None]
"""Finds the words of a label that names only their place; None where they are not held."""


def read_lines(file: Path, *, need: str = "text") -> list[dict[str, Any]]:
    """Read a file of one JSON object a line. Raises `UsageError` naming the line that is none."""
    rows = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict) or not isinstance(row.get(need), str):
            raise UsageError(f'{file}, line {number} is not a JSON object with a "{need}".')
        rows.append(row)
    return rows


def read_labels(file: Path) -> list[Labelled]:
    """Return the labelled passages of a file of {"text", "themes", "disputed", "report"}.

    Raises `UsageError` naming the line whose labels are missing or of no theme of the codebook.
    """
    return [_labelled(row, row["text"], file) for row in read_lines(file)]


def read_places(file: Path, lookup: Lookup) -> tuple[list[Labelled], int]:
    """Return the labels whose words the library holds, and how many it does not hold.

    The file tells the place of the words only (see `place_of`): no report's text goes with it.
    """
    found, lost = [], 0
    for row in read_lines(file, need="sha256"):
        text = lookup(row)
        if text is None:
            lost += 1
        else:
            found.append(_labelled({**row, "report": row["document"]}, text, file))
    return found, lost


def place_of(docno: str, start: int, text: str) -> dict[str, Any]:
    """Return a passage's place: its document by a hash (a docno may name a person), and its words.

    `start` counts characters of the document's text.
    """
    return {
        "document": short_hash(docno),
        "start": start,
        "length": len(text),
        "sha256": short_hash(text),
    }


def short_hash(text: str) -> str:
    """Return the first 16 hexadecimal digits of the sha256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _labelled(row: dict[str, Any], text: str, file: Path) -> Labelled:
    given = {key: row.get(key, [] if key == "disputed" else None) for key in ("themes", "disputed")}
    for key, value in given.items():
        if not isinstance(value, list) or not set(map(str, value)) <= set(themes()):
            unknown = ", ".join(_unknown(value)) or "no list"
            raise UsageError(
                f'{file}: the "{key}" of "{row.get("id", text[:40])}" hold {unknown}. '
                f"The themes are: {', '.join(themes())}."
            )
    return Labelled(
        text=text,
        themes=frozenset(given["themes"] or ()),
        disputed=frozenset(given["disputed"] or ()),
        report=str(row.get("report", "")),
    )


def _unknown(value: object) -> Iterable[str]:
    return [str(one) for one in value if one not in themes()] if isinstance(value, list) else []
