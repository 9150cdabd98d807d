"""One score from several signals: words, meaning, the whole concern section, agreement.

Every signal is scaled to 0..1 within the search before it is weighted, so that the weights say
what each signal is worth. They were chosen on the training queries (docs/search.md).
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

LEAST_MEANING = 0.30
"""Cosine below which two texts of this field have nothing to do with each other (MiniLM)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each signal is worth.

    `floor` is the share of the best score below which hits go. Each further passage of a document
    keeps only the share `repeat` of its score, so that one document does not fill the first page.
    """

    words: float = 0.25
    meaning: float = 0.30
    details: float = 0.40
    agreement: float = 0.20
    themes: float = 0.10
    floor: float = 0.15
    repeat: float = 0.85


@dataclass(slots=True)
class Signals:
    """What speaks for a passage (or, with passage None, for a document of details only)."""

    passage: int | None
    document: int
    words: float = 0.0
    meaning: float = 0.0
    named: float = 0.0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its fused score and the reasons a person is told."""

    passage: int | None
    document: int
    score: float
    why: tuple[str, ...] = field(default=())


def fuse(
    candidates: list[Signals],
    details: Mapping[int, float],
    weights: Weights,
    *,
    themes: Mapping[int, float] | None = None,
) -> list[Ranked]:
    """Return the candidates best first, without those far below the best.

    `details` gives each document's BM25 over its whole concern section, `themes` how far it shows
    the themes of the question, 0..1 (None: that is not known).
    """
    if not candidates:
        return []
    most_words = max(c.words for c in candidates) or 1.0
    most_meaning = max(c.meaning for c in candidates) - LEAST_MEANING or 1.0
    most_details = max(details.values(), default=0.0) or 1.0

    def own(c: Signals) -> float:
        meaning = max(0.0, c.meaning - LEAST_MEANING) / most_meaning
        return weights.words * c.words / most_words + weights.meaning * meaning

    agreement = _agreement(candidates, own)
    ranked = [
        Ranked(
            c.passage,
            c.document,
            own(c)
            + weights.details * details.get(c.document, 0.0) / most_details
            + weights.agreement * agreement.get(c.document, 0.0)
            + weights.themes * (themes or {}).get(c.document, 0.0)
            + c.named,
            _why(c),
        )
        for c in candidates
    ]
    ranked = _spread(ranked, weights.repeat)
    least = weights.floor * ranked[0].score
    return [r for r in ranked if r.score >= least]


def _spread(ranked: list[Ranked], repeat: float) -> list[Ranked]:
    """Sort best first, each further passage of one document standing a little lower."""

    def order(r: Ranked) -> tuple[float, int, int]:
        return -r.score, r.document, r.passage or 0

    seen: Counter[int] = Counter()
    spread = []
    for one in sorted(ranked, key=order):
        spread.append(replace(one, score=one.score * repeat ** seen[one.document]))
        seen[one.document] += 1
    return sorted(spread, key=order)


def _agreement(candidates: list[Signals], own: Callable[[Signals], float]) -> dict[int, float]:
    """Return the second-best passage's score of each document: several passages say the same."""
    by_document: dict[int, list[float]] = {}
    for c in candidates:
        by_document.setdefault(c.document, []).append(own(c))
    return {d: sorted(s)[-2] for d, s in by_document.items() if len(s) > 1}


def _why(c: Signals) -> tuple[str, ...]:
    reasons = (("words", c.words), ("meaning", c.meaning), ("details", c.named))
    return tuple(name for name, value in reasons if value > 0)
