"""A recurring concern: passages of several reports that say the same thing went wrong."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Passages of one recurring concern, counted by distinct reports and organisations.

    `members` are (passage id, similarity to the centre), the most typical first; the first is the
    exemplar. `cohesion` is the mean of the similarities. Years are None where no report is dated.
    """

    id: str
    label: str
    members: tuple[tuple[int, float], ...]
    reports: int
    organisations: int
    first_year: str | None
    last_year: str | None
    cohesion: float

    @property
    def band(self) -> str:
        """How established the concern is, by distinct reports."""
        return band(self.reports)


_BANDS = ((10, "entrenched"), (5, "established"), (3, "recurring"), (2, "emerging"))


def band(reports: int) -> str:
    """Name a number of distinct reports: isolated, emerging, recurring, established, entrenched."""
    return next((name for least, name in _BANDS if reports >= least), "isolated")
