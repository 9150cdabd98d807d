"""Shares with the interval that so many cases allow, and where a number stays a count."""

from dataclasses import dataclass
from math import sqrt

LEAST = 10
"""Of fewer documents than this no share is told: a count out of them says all there is to say."""
_Z = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """A number of cases that are so, `of` how many."""

    count: int
    of: int

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval that holds the share with 95% confidence, between 0 and 1.

        The plain interval about the share says "0% to 0%" where none of ten is so; this does not.
        """
        if not self.of:
            return 0.0, 1.0
        share, room = self.count / self.of, _Z * _Z / self.of
        middle = (share + room / 2) / (1 + room)
        half = sqrt(share * (1 - share) * room + room * room / 4) / (1 + room)
        return max(0.0, middle - half), min(1.0, middle + half)

    @property
    def words(self) -> str:
        """The share with its interval, as in "7 of 10 (70%, 95% interval 40 to 89%)"."""
        return f"{self.count} of {self.of} ({self.percent}%, 95% interval {self.interval_words})"

    @property
    def enough(self) -> bool:
        """Whether it is of enough cases to be told as a share."""
        return self.of >= LEAST

    @property
    def told(self) -> str:
        """The share with its interval where it is of enough cases, else the bare count."""
        return self.words if self.enough else f"{self.count} of {self.of}"

    @property
    def percent(self) -> int:
        """The share in whole per cent; 0 of none."""
        return round(100 * self.count / self.of) if self.of else 0

    @property
    def interval_words(self) -> str:
        """The interval in whole per cent, as in "40 to 89%"."""
        low, high = (round(100 * end) for end in self.interval)
        return f"{low} to {high}%"
