"""One score from several signals: words, meaning, the whole concern section, agreement.

Every signal is scaled to 0..1 within the search before it is weighted, so that the weights say
what each signal is worth. They were chosen on the training queries (docs/search.md).
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

LEAST_MEANING = 0.30
"""Cosine below which two texts of this field have nothing to do with each other (MiniLM)."""
LEAST_FAILING = 0.30
"""The same for the model that tells failings apart."""


_Scored = tuple[float, int, int, int]
"""A score, its document, its passage (0: none), and the place of the candidate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each signal is worth.

    `floor` is the share of the best score below which hits go. Each further passage of a document
    keeps only the share `repeat` of its score, so that one document does not fill the first page.
    """

    words: float = 0.25
    meaning: float = 0.20
    details: float = 0.35
    agreement: float = 0.10
    themes: float = 0.15
    reports: float = 0.20
    failing: float = 0.15
    floor: float = 0.15
    repeat: float = 0.85


@dataclass(slots=True)
class Signals:
    """What speaks for a passage (or, with passage None, for a document of details only).

    `failing` is the cosine of the question and its nearest point of concern, by the model that
    tells failings apart; 0.0 where it has none.
    """

    passage: int | None
    document: int
    words: float = 0.0
    meaning: float = 0.0
    failing: float = 0.0
    named: float = 0.0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its fused score; `signals` None where nothing was asked in words."""

    passage: int | None
    document: int
    score: float
    signals: Signals | None = None

    @property
    def why(self) -> tuple[str, ...]:
        """The reasons that a person is told."""
        if self.signals is None:
            return ()
        values = ("words", self.signals.words), ("meaning", self.signals.meaning)
        reasons = (*values, ("details", self.signals.named))
        return tuple(name for name, value in reasons if value > 0)


def fuse(
    candidates: list[Signals],
    details: Mapping[int, float],
    weights: Weights,
    *,
    themes: Mapping[int, float] | None = None,
    reports: Collection[int] = (),
) -> list[Ranked]:
    """Return the candidates best first, without those far below the best.

    `details` gives each document's BM25 over its whole concern section, `themes` how far it shows
    the themes of the question, 0..1 (None: that is not known). `reports` are the documents that
    raise concerns themselves: they stand a little before those that answer or repeat them.
    """
    if not candidates:
        return []
    own = _own(candidates, weights)
    whole = _whole(candidates, own, details, weights, themes or {})
    lift = dict.fromkeys(reports, weights.reports)
    failing = _failing(candidates, weights)
    scored = [
        (
            own[at] + failing[at] + whole[c.document] + lift.get(c.document, 0) + c.named,
            c.document,
            c.passage or 0,
            at,
        )
        for at, c in enumerate(candidates)
    ]
    ranked = _spread(scored, weights.repeat)
    least = weights.floor * ranked[0][0]
    return [_ranked(candidates[at], score) for score, _, _, at in ranked if score >= least]


def _own(candidates: list[Signals], weights: Weights) -> list[float]:
    """Return what each passage by itself is worth: its words and its meaning."""
    most_words = max(c.words for c in candidates) or 1.0
    most_meaning = max(c.meaning for c in candidates) - LEAST_MEANING or 1.0
    by_words, by_meaning = weights.words / most_words, weights.meaning / most_meaning
    return [
        by_words * c.words + by_meaning * max(0.0, c.meaning - LEAST_MEANING) for c in candidates
    ]


def _failing(candidates: list[Signals], weights: Weights) -> list[float]:
    """Return what it is worth that a passage states the failing asked about."""
    most = max(c.failing for c in candidates) - LEAST_FAILING
    if most <= 0:
        return [0.0] * len(candidates)
    share = weights.failing / most
    return [share * max(0.0, c.failing - LEAST_FAILING) for c in candidates]


def _whole(
    candidates: list[Signals],
    own: list[float],
    details: Mapping[int, float],
    weights: Weights,
    themes: Mapping[int, float],
) -> dict[int, float]:
    """Return what each document as a whole is worth.

    That is its concern section, its themes, and its second-best passage: that several say the same.
    """
    of: dict[int, list[float]] = {}
    for c, value in zip(candidates, own, strict=True):
        of.setdefault(c.document, []).append(value)
    by_details = weights.details / (max(details.values(), default=0.0) or 1.0)
    return {
        document: by_details * details.get(document, 0.0)
        + weights.agreement * (sorted(values)[-2] if len(values) > 1 else 0.0)
        + weights.themes * themes.get(document, 0.0)
        for document, values in of.items()
    }


def _spread(scored: list[_Scored], repeat: float) -> list[_Scored]:
    """Sort best first, each further passage of one document standing a little lower."""
    seen: Counter[int] = Counter()
    spread = []
    for score, document, passage, at in sorted(scored, key=_order):
        spread.append((score * repeat ** seen[document], document, passage, at))
        seen[document] += 1
    return sorted(spread, key=_order)


def _order(one: _Scored) -> tuple[float, int, int]:
    return -one[0], one[1], one[2]


def _ranked(c: Signals, score: float) -> Ranked:
    return Ranked(c.passage, c.document, score, c)
