"""From pairs to groups: what is joined while the mean probability of all pairs stays high."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from kb.encoder import Vectors

JOIN = 0.64
"""Mean probability of the pairs of two groups below which they are not joined."""
KEEP = 0.58
"""Mean probability of a member with the others below which it is dropped."""
NEIGHBOURS = 50
_UNKNOWN = 0.05
"""Of a pair that was not compared: neither is among the other's nearest."""
_BLOCK = 2048

Rows = NDArray[np.int64]
Compare = Callable[[Rows, Rows], NDArray[np.float64]]


def candidates(core: Vectors, whole: Vectors, *, among: int = NEIGHBOURS) -> tuple[Rows, Rows]:
    """Return the pairs of rows of which one is among the other's nearest, each pair once."""
    joined = np.concatenate([core, whole], axis=1)
    number = len(joined)
    few = min(among, number - 1)
    found: set[int] = set()
    for begin in range(0, number, _BLOCK):
        near = joined[begin : begin + _BLOCK] @ joined.T
        rows = np.arange(begin, begin + len(near))
        near[np.arange(len(near)), rows] = -np.inf
        nearest = np.argpartition(-near, few - 1, axis=1)[:, :few]
        low = np.minimum(rows[:, None], nearest)
        high = np.maximum(rows[:, None], nearest)
        found.update((low * number + high).ravel().tolist())
    pairs = np.array(sorted(found), dtype=np.int64)
    return pairs // number, pairs % number


def group(
    number: int, one: Rows, other: Rows, probable: NDArray[np.float64], *, join: float = JOIN
) -> list[list[int]]:
    """Join rows by average linkage over the compared pairs; return groups of two rows or more.

    Ties are broken by the rows' numbers, so that the same pairs give the same groups.
    """
    links = _Links(number, one, other, probable)
    heap = [
        (-p, a, b)
        for a, b, p in zip(one.tolist(), other.tolist(), probable.tolist(), strict=True)
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
    """Sums of the probabilities between groups; a group goes by its lowest row."""

    def __init__(self, number: int, one: Rows, other: Rows, probable: NDArray[np.float64]) -> None:
        self.members = {row: [row] for row in range(number)}
        self._sums: dict[int, dict[int, tuple[float, int]]] = defaultdict(dict)
        for a, b, p in zip(one.tolist(), other.tolist(), probable.tolist(), strict=True):
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


def coherent(rows: Sequence[int], compare: Compare) -> dict[int, float]:
    """Drop the loosest members one by one; return what stays with its mean probability.

    All pairs are compared. Empty where no two members are left.
    """
    left = list(rows)
    one, other = np.triu_indices(len(left), 1)
    at = np.array(left, dtype=np.int64)
    table = np.zeros((len(left), len(left)))
    table[one, other] = table[other, one] = compare(at[one], at[other])
    kept = list(range(len(left)))
    while len(kept) > 1:
        means = table[np.ix_(kept, kept)].sum(axis=1) / (len(kept) - 1)
        worst = int(np.argmin(means))
        if means[worst] >= KEEP:
            return {left[k]: float(m) for k, m in zip(kept, means, strict=True)}
        kept.pop(worst)
    return {}
