"""Names that a person would give a group: a known failing, or the words its reports share."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from index.concern_words import Marks, catalogue, failings, things
from index.words import STOP_WORDS, stem
from kb.store.points import ConcernUnit

_SHARE = 0.6
"""Of a group's reports that must hold a name's words."""
_LONGEST = 5
_WORD = re.compile(r"[a-z][a-z'’-]+")
_EMPTY = frozenset(
    """coroner concern concerns concerned evidence heard inquest death deaths died future matter
    matters person following received given make made trust report case time also however
    therefore place way light particular clear said told""".split()
)
_BEFORE = (
    ("shortage", "shortage of"), ("not_told", "not told:"), ("delayed", "delay:"),
    ("absent", "lack of"), ("unclear", "unclear:"), ("inadequate", "inadequate"),
    ("wrong", "wrong:"), ("not_done", "failure:"),
)  # fmt: skip


def label(units: Sequence[ConcernUnit], marks: Marks, wider: Counter[str]) -> str:
    """Return a short name; `wider` counts the library's points that hold each stem."""
    known = _known(units, marks)
    if known is not None:
        return known
    phrase = _phrase(units, wider)
    start = len(things())
    held = marks[:, start : start + len(failings())].mean(axis=0)
    for failing, words in _BEFORE:
        if held[list(failings()).index(failing)] >= _SHARE:
            return f"{words} {phrase}"
    return phrase


def _known(units: Sequence[ConcernUnit], marks: Marks) -> str | None:
    share = marks[:, len(things()) + len(failings()) :].mean(axis=0)
    best = int(np.argmax(share))
    return catalogue()[best].label if share[best] >= _SHARE else None


def _phrase(units: Sequence[ConcernUnit], wider: Counter[str]) -> str:
    """The run of words that most reports share and that says most by its rarity."""
    reports: dict[tuple[str, ...], set[str]] = defaultdict(set)
    written: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for unit in units:
        for words in _runs(unit.core):
            key = tuple(stem(word) for word in words)
            reports[key].add(unit.report)
            written[key][" ".join(words)] += 1
    total = max(1, sum(wider.values()))
    number = len({unit.report for unit in units})

    def worth(key: tuple[str, ...]) -> float:
        said = sum(np.log(total / (1 + wider[one])) for one in key if one not in STOP_WORDS)
        return float((len(reports[key]) / number) ** 1.5 * said**0.5)

    if not reports:
        return units[0].core[:60].lower()
    best = max(sorted(reports), key=worth)
    return max(sorted(written[best]), key=lambda one: written[best][one])


def _runs(text: str) -> list[list[str]]:
    words = _WORD.findall(text.lower())
    found = []
    for begin in range(len(words)):
        for end in range(begin + 1, min(begin + _LONGEST, len(words)) + 1):
            run = words[begin:end]
            if not any(word in STOP_WORDS or word in _EMPTY for word in (run[0], run[-1])):
                found.append(run)
    return found


def stems(units: Sequence[ConcernUnit]) -> Counter[str]:
    """Count the points that hold each stem."""
    return Counter(
        one for unit in units for one in {stem(w) for w in _WORD.findall(unit.core.lower())}
    )
