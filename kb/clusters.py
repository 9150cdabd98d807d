"""A recurring concern: points of several reports that say the same thing went wrong."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Member:
    """A point of a recurring concern: its passage and its place in that passage's text.

    `similarity`, 0 to 1, is the probability that it states the known failing of its group, or else
    its mean likeness (cosine) to the other members.
    """

    passage_id: int
    start: int
    end: int
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Points of one recurring concern, counted by distinct reports and organisations.

    `members` stand with the most typical first; the first is the exemplar. `cohesion` is the mean
    of their similarities. Years are None where no report is dated. `failing` is the key of the
    known failing that names the group; None for one that was found by the likeness of its points.
    `words` are phrases that its reports share, the most telling first.
    """

    id: str
    label: str
    members: tuple[Member, ...]
    reports: int
    organisations: int
    first_year: str | None
    last_year: str | None
    cohesion: float
    failing: str | None = None
    words: tuple[str, ...] = ()

    @property
    def band(self) -> str:
        """How established the concern is, by distinct reports."""
        return band(self.reports)

    @property
    def passages(self) -> tuple[int, ...]:
        """The passages of the members, each once, in the members' order."""
        return tuple(dict.fromkeys(one.passage_id for one in self.members))


class Change(StrEnum):
    """What can become of a recurring concern between two runs."""

    FOUND = "found"
    GREW = "grew"
    SHRANK = "shrank"
    SPLIT = "split"
    MERGED = "merged"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A change of one recurring concern; `other` is the one that it split from or merged into."""

    cluster_id: str
    change: Change
    reports: int
    other: str | None = None
    at: str | None = None

    @property
    def words(self) -> str:
        """The change as a sentence says it, without its date."""
        return {
            Change.FOUND: "found",
            Change.GREW: "grew",
            Change.SHRANK: "became smaller",
            Change.SPLIT: "split from another",
            Change.MERGED: "merged into another",
            Change.ENDED: "ended",
        }[self.change]


_BANDS = ((10, "entrenched"), (5, "established"), (3, "recurring"), (2, "emerging"))


def band(reports: int) -> str:
    """Name a number of distinct reports: isolated, emerging, recurring, established, entrenched."""
    return next((name for least, name in _BANDS if reports >= least), "isolated")
