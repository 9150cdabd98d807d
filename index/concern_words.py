"""What a concern is about, how things failed, and which known failings it may state.

The patterns stand in `data/concern_words.yaml` and `data/concern_catalogue.yaml`. They are one
part of how alike two concerns are; none of them decides alone.
"""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

_DATA = Path(__file__).with_name("data")
_NAMED = re.compile(r"\{(\w+)\}")

Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Failing:
    """A failing of the catalogue: its name, a plain statement, and which words it asks for."""

    label: str
    statement: str
    needed: tuple[re.Pattern[str], ...]
    barred: tuple[re.Pattern[str], ...]

    def met(self, text: str) -> bool:
        """Tell whether lower-case words meet every pattern."""
        return all(one.search(text) for one in self.needed) and not any(
            one.search(text) for one in self.barred
        )


def describe(texts: Sequence[str], *, known: bool = True) -> Marks:
    """Return what each text names: columns are things, then ways of failing, then the catalogue.

    Without `known` the catalogue's columns stay empty, which takes a third of the time.
    """
    found = np.zeros((len(texts), width()), dtype=bool)
    words = [*things().values(), *failings().values()]
    for row, text in enumerate(texts):
        lower = text.lower()
        found[row] = [
            *(pattern.search(lower) is not None for pattern in words),
            *(known and one.met(lower) for one in catalogue()),
        ]
    return found


def width() -> int:
    """How many columns `describe` gives."""
    return len(things()) + len(failings()) + len(catalogue())


@functools.cache
def things() -> dict[str, re.Pattern[str]]:
    """What concerns are about."""
    return {name: _pattern(words) for name, words in _words()["things"].items()}


@functools.cache
def failings() -> dict[str, re.Pattern[str]]:
    """How things fail."""
    return {name: _pattern(words) for name, words in _words()["failings"].items()}


@functools.cache
def catalogue() -> tuple[Failing, ...]:
    """The failings that coroners name again and again."""
    return tuple(
        Failing(
            label,
            statement,
            needed=tuple(_pattern(one) for one in patterns if not one.startswith("!")),
            barred=tuple(_pattern(one[1:]) for one in patterns if one.startswith("!")),
        )
        for label, statement, patterns in _read("concern_catalogue.yaml")
    )


@functools.cache
def _words() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = _read("concern_words.yaml")
    return found


def _pattern(words: str) -> re.Pattern[str]:
    known = {name: one for part in _words().values() for name, one in part.items()}
    put = _NAMED.sub(lambda m: f"(?:{known[m.group(1)]})", words.strip())
    return re.compile(rf"\b(?:{put})")


def _read(name: str) -> Any:
    return yaml.safe_load((_DATA / name).read_text(encoding="utf-8"))
