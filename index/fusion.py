"""One score from several signals: words, meaning, the whole concern section, agreement.

Every signal is scaled to 0..1 within the search before it is weighted, so that the weights say
what each signal is worth. They were chosen on the training queries (docs/search.md).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEAST_MEANING = 0.30
"""Cosine below which two texts of this field have nothing to do with each other (MiniLM)."""
LEAST_FAILING = 0.30
"""The same for the model that tells failings apart."""


Values = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each signal is worth.

    `floor` is the share of the best score below which hits go. Each further passage of a document
    keeps only the share `repeat` of its score, so that one document does not fill the first page.
    """

    words: float = 0.20
    meaning: float = 0.15
    details: float = 0.35
    agreement: float = 0.10
    themes: float = 0.15
    reports: float = 0.20
    failing: float = 0.10
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


class Ranked(NamedTuple):
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
    ids = np.array([(c.document, c.passage or 0) for c in candidates], np.int64)
    documents, passages = ids.T
    values = np.array([(c.words, c.meaning, c.failing, c.named) for c in candidates], np.float64)
    words, meaning, failing, named = values.T
    own = _own(words, meaning, weights)
    scores = own + _failing(failing, weights) + named
    scores += _whole(documents, own, details, weights, themes or {}, frozenset(reports))
    scores, order = _spread(scores, documents, passages, weights.repeat)
    least = weights.floor * scores[order[0]]
    return [
        Ranked((c := candidates[at]).passage, c.document, score, c)
        for at, score in zip(order.tolist(), scores[order].tolist(), strict=True)
        if score >= least
    ]


def _own(words: Values, meaning: Values, weights: Weights) -> Values:
    """Return what each passage by itself is worth: its words and its meaning."""
    found: Values = weights.words / (words.max() or 1.0) * words
    most = meaning.max() - LEAST_MEANING or 1.0
    found += weights.meaning / most * np.maximum(0.0, meaning - LEAST_MEANING)
    return found


def _failing(failing: Values, weights: Weights) -> Values:
    """Return what it is worth that a passage states the failing asked about."""
    over = np.maximum(0.0, failing - LEAST_FAILING)
    found: Values = weights.failing * over / (over.max() or 1.0)
    return found


def _whole(
    documents: Places,
    own: Values,
    details: Mapping[int, float],
    weights: Weights,
    themes: Mapping[int, float],
    reports: Collection[int],
) -> Values:
    """Return, for each passage, what its document as a whole is worth.

    That is its concern section, its themes, whether it is a report, and its second-best passage:
    that several say the same.
    """
    each, of = np.unique(documents, return_inverse=True)
    by_details = weights.details / (max(details.values(), default=0.0) or 1.0)
    whole = np.array(
        [
            by_details * details.get(document, 0.0)
            + weights.themes * themes.get(document, 0.0)
            + weights.reports * (document in reports)
            for document in each.tolist()
        ]
    )
    order = np.lexsort((-own, of))
    second = _place_within(of[order]) == 1
    whole[of[order][second]] += weights.agreement * own[order][second]
    found: Values = whole[of]
    return found


def _spread(
    scores: Values, documents: Places, passages: Places, repeat: float
) -> tuple[Values, Places]:
    """Let each further passage of a document stand a little lower; return scores and the order."""
    order = np.lexsort((passages, -scores, documents))
    spread = scores.copy()
    spread[order] *= repeat ** _place_within(documents[order])
    return spread, np.lexsort((passages, documents, -spread))


def _place_within(sorted_groups: Places) -> Places:
    """Return each row's place in its group, from nought; rows of a group stand together."""
    first = np.flatnonzero(np.r_[True, sorted_groups[1:] != sorted_groups[:-1]])
    begins = np.repeat(first, np.diff(np.r_[first, len(sorted_groups)]))
    found: Places = np.arange(len(sorted_groups)) - begins
    return found
