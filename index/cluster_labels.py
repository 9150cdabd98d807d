"""What groups say in words of their own, and names of those that no known failing names."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from index.words import STOP_WORDS, stem
from kb.store.points import ConcernUnit

_LONGEST = 5
_MOST = 5
_WORD = re.compile(r"[a-z][a-z'’-]+")
_EMPTY = frozenset(
    """coroner concern concerns concerned evidence heard inquest death deaths died future matter
    matters person following received given make made trust report case time also however
    therefore place way light particular clear said told""".split()
)


def phrases(units: Sequence[ConcernUnit], wider: Counter[str]) -> tuple[str, ...]:
    """Return the runs of words that a group's reports share and that say most by their rarity.

    This is c-TF-IDF over runs of at most five words, the telling ones first; no word stands in two
    of them. `wider` counts the library's points that hold each stem.
    """
    reports: dict[tuple[str, ...], set[str]] = defaultdict(set)
    written: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for unit in units:
        for words in _runs(unit.words):
            key = tuple(stem(word) for word in words)
            reports[key].add(unit.report)
            written[key][" ".join(words)] += 1
    total = max(1, sum(wider.values()))
    number = len({unit.report for unit in units})

    def worth(key: tuple[str, ...]) -> float:
        said = sum(np.log(total / (1 + wider[one])) for one in key if one not in STOP_WORDS)
        return float((len(reports[key]) / number) ** 1.5 * said**0.5)

    shared = [key for key in sorted(reports) if len(reports[key]) > 1] or sorted(reports)
    chosen: list[tuple[str, ...]] = []
    for key in sorted(shared, key=lambda one: -worth(one)):
        if not {one for other in chosen for one in other} & set(key):
            chosen.append(key)
        if len(chosen) == _MOST:
            break
    return tuple(max(sorted(written[key]), key=lambda one: written[key][one]) for key in chosen)


def label(units: Sequence[ConcernUnit], words: Sequence[str]) -> str:
    """Return a name for a group that no known failing names: its most telling phrase."""
    name = words[0] if words else units[0].words[:60].lower()
    return name[:1].upper() + name[1:]


def _runs(text: str) -> list[list[str]]:
    words = _WORD.findall(text.lower())
    found = []
    for begin in range(len(words)):
        for end in range(begin + 1, min(begin + _LONGEST, len(words)) + 1):
            run = words[begin:end]
            if not any(word in STOP_WORDS or word in _EMPTY for word in (run[0], run[-1])):
                found.append(run)
    return found


def stems(units: Iterable[ConcernUnit]) -> Counter[str]:
    """Count the points that hold each stem."""
    return Counter(
        one for unit in units for one in {stem(w) for w in _WORD.findall(unit.words.lower())}
    )
