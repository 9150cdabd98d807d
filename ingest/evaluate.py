"""Measures of tagging on labelled passages."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from ingest.tag import tag
from kb.documents import SectionKind
from kb.errors import UsageError
from kb.themes import themes


def read_lines(file: Path) -> list[dict[str, Any]]:
    """Read a file of one JSON object a line. Raises `UsageError` naming the line that is none."""
    rows = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise UsageError(f'{file}, line {number} is not a JSON object with a "text".')
        rows.append(row)
    return rows


def evaluate_tagger(file: Path) -> dict[str, Any]:
    """Tag the passages of a file and compare with their labels.

    Returns per-theme labels, precision, recall and F1, and macro (over themes that have labels)
    and micro F1. A disputed theme is neither a hit nor a miss.
    """
    rows = read_lines(file)
    right: Counter[str] = Counter()
    given: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    tags = 0
    for row in rows:
        gold, disputed = set(row.get("themes", ())), set(row.get("disputed", ()))
        found = {one.theme for one in tag(row["text"], section=SectionKind.CONCERNS)}
        tags += len(found)
        right.update(found & gold)
        given.update(found - (disputed - gold))
        wanted.update(gold)
    scored = {key: _scores(right[key], given[key], wanted[key]) for key in themes()}
    labelled = [row["f1"] for key, row in scored.items() if wanted[key]]
    overall = _scores(right.total(), given.total(), wanted.total())
    return {
        "passages": len(rows),
        "themes": scored,
        "macro_f1": sum(labelled) / len(labelled) if labelled else 0.0,
        "micro_f1": overall["f1"],
        "micro_precision": overall["precision"],
        "micro_recall": overall["recall"],
        "tags_a_passage": tags / len(rows) if rows else 0.0,
    }


def _scores(right: int, given: int, wanted: int) -> dict[str, Any]:
    precision = right / given if given else 0.0
    recall = right / wanted if wanted else 0.0
    both = precision + recall
    f1 = 2 * precision * recall / both if both else 0.0
    return {"labels": wanted, "precision": precision, "recall": recall, "f1": f1}
