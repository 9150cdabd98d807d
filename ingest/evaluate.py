"""Measures of tagging on labelled passages."""

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from ingest.labels import Labelled
from kb.documents import SectionKind
from kb.tagging import Taggable, Tagger
from kb.themes import themes


def evaluate_tagger(labelled: Sequence[Labelled], tagger: Tagger) -> dict[str, Any]:
    """Tag passages as coroners' concerns and compare with their labels; see `measure`."""
    asked = [Taggable(text=one.text, section=SectionKind.CONCERNS) for one in labelled]
    return measure(labelled, [{tag.theme for tag in found} for found in tagger.tag(asked)])


def measure(labelled: Sequence[Labelled], found: Sequence[AbstractSet[str]]) -> dict[str, Any]:
    """Compare themes with labels.

    Returns per-theme labels, precision, recall and F1, and macro (over themes that have labels)
    and micro F1. A disputed theme is neither a hit nor a miss.
    """
    right: Counter[str] = Counter()
    given: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for one, tags in zip(labelled, found, strict=True):
        right.update(tags & one.themes)
        given.update(tags - (one.disputed - one.themes))
        wanted.update(one.themes)
    scored = {key: _scores(right[key], given[key], wanted[key]) for key in themes()}
    counted = [row["f1"] for key, row in scored.items() if wanted[key]]
    overall = _scores(right.total(), given.total(), wanted.total())
    return {
        "passages": len(labelled),
        "themes": scored,
        "macro_f1": sum(counted) / len(counted) if counted else 0.0,
        "micro_f1": overall["f1"],
        "micro_precision": overall["precision"],
        "micro_recall": overall["recall"],
        "tags_a_passage": sum(map(len, found)) / len(labelled) if labelled else 0.0,
    }


def _scores(right: int, given: int, wanted: int) -> dict[str, Any]:
    precision = right / given if given else 0.0
    recall = right / wanted if wanted else 0.0
    both = precision + recall
    f1 = 2 * precision * recall / both if both else 0.0
    return {"labels": wanted, "precision": precision, "recall": recall, "f1": f1}
