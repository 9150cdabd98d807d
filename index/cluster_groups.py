"""From pairs to groups: what is joined while the mean cosine of all pairs stays high."""

import heapq
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kb.encoder import Vectors

JOIN = 0.72
"""Mean cosine of the pairs of two groups below which they are not joined."""
KEEP = 0.66
"""Mean cosine of a member to the others below which it is dropped."""
_NEAR = 0.55
"""Cosine below which a pair is not looked at."""
_UNKNOWN = 0.3
"""Taken for the cosine of a pair that was not looked at."""
_AT_ONCE = 40_000_000
"""Cosines that are looked at together: 160 MB."""

Rows = NDArray[np.int64]


def candidates(vectors: Vectors) -> tuple[Rows, Rows, NDArray[np.float64]]:
    """Return the pairs of rows that are near each other, each once, with their cosines."""
    ones, others, cosines = [], [], []
    block = max(1, _AT_ONCE // max(1, len(vectors)))
    for begin in range(0, len(vectors), block):
        near = vectors[begin : begin + block] @ vectors[begin:].T
        one, other = np.nonzero(near >= _NEAR)
        later = other > one
        ones.append(one[later] + begin)
        others.append(other[later] + begin)
        cosines.append(near[one[later], other[later]])
    if not ones:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, np.zeros(0)
    return (
        np.concatenate(ones),
        np.concatenate(others),
        np.concatenate(cosines).astype(np.float64).round(6),
    )


def group(
    number: int, one: Rows, other: Rows, cosine: NDArray[np.float64], *, join: float = JOIN
) -> list[list[int]]:
    """Join rows by average linkage over the pairs given; return groups of two rows or more.

    Ties are broken by the rows' numbers, so that the same pairs give the same groups.
    """
    links = _Links(number, one, other, cosine)
    heap = [
        (-p, a, b)
        for a, b, p in zip(one.tolist(), other.tolist(), cosine.tolist(), strict=True)
        if p >= join
    ]
    heapq.heapify(heap)
    while heap:
        mean, a, b = heapq.heappop(heap)
        if links.mean(a, b) != -mean:
            continue  # one of them has been joined to others since
        for c in links.join(a, b):
            again = links.mean(a, c)
            if again >= join:
                heapq.heappush(heap, (-again, min(a, c), max(a, c)))
    return sorted(sorted(rows) for rows in links.members.values() if len(rows) > 1)


class _Links:
    """Sums of the cosines between groups; a group goes by its lowest row."""

    def __init__(self, number: int, one: Rows, other: Rows, cosine: NDArray[np.float64]) -> None:
        self.members = {row: [row] for row in range(number)}
        self._sums: dict[int, dict[int, tuple[float, int]]] = defaultdict(dict)
        for a, b, p in zip(one.tolist(), other.tolist(), cosine.tolist(), strict=True):
            self._sums[a][b] = self._sums[b][a] = (p, 1)

    def mean(self, a: int, b: int) -> float:
        """The mean over all pairs of two groups; -1 where one is gone."""
        if a not in self.members or b not in self.members or b not in self._sums[a]:
            return -1.0
        total, compared = self._sums[a][b]
        pairs = len(self.members[a]) * len(self.members[b])
        return round((total + _UNKNOWN * (pairs - compared)) / pairs, 6)

    def join(self, a: int, b: int) -> list[int]:
        """Put b into a; return the groups that a is linked with."""
        self.members[a] += self.members.pop(b)
        for c, (total, compared) in self._sums.pop(b).items():
            self._sums[c].pop(b)
            if c != a:
                held = self._sums[a].get(c, (0.0, 0))
                both = (held[0] + total, held[1] + compared)
                self._sums[a][c] = self._sums[c][a] = both
        return sorted(self._sums[a])


def coherent(rows: Sequence[int], vectors: Vectors) -> dict[int, float]:
    """Drop the loosest members one by one; return what stays with its mean cosine to the others.

    Empty where no two members are left.
    """
    at = np.array(rows, dtype=np.int64)
    table = (vectors[at] @ vectors[at].T).astype(np.float64).round(6)
    np.fill_diagonal(table, 0.0)
    kept = list(range(len(rows)))
    while len(kept) > 1:
        means = table[np.ix_(kept, kept)].sum(axis=1) / (len(kept) - 1)
        worst = int(np.argmin(means))
        if means[worst] >= KEEP:
            return {rows[k]: round(float(m), 4) for k, m in zip(kept, means, strict=True)}
        kept.pop(worst)
    return {}
