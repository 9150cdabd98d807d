"""How good the shipped tagger is, as measured on labelled passages and kept beside its weights."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MEASURED = Path(__file__).resolve().parent.parent / "ingest" / "data" / "tagger" / "measured.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeMeasure:
    """Precision and recall of one theme, and the number of labels behind them."""

    labels: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured on so many labelled passages. No person labelled them."""

    passages: int
    micro_f1: float
    macro_f1: float
    themes: Mapping[str, ThemeMeasure]


@functools.cache
def measured(file: Path = MEASURED) -> Measured | None:
    """Return the shipped figures; None where there are none. Raises `ValueError` if damaged."""
    if not file.exists():
        return None
    gold = json.loads(file.read_text(encoding="utf-8"))["gold"]
    names = ThemeMeasure.__dataclass_fields__
    return Measured(
        passages=gold["passages"],
        micro_f1=gold["micro_f1"],
        macro_f1=gold["macro_f1"],
        themes={
            key: ThemeMeasure(**{name: row[name] for name in names})
            for key, row in gold["themes"].items()
        },
    )
