"""An audit of recurring concerns: a drawn number of groups, read and marked, and its shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

NOT_AUDITED = "Whether these groups hang together was not audited in this library."
_Z = 1.959964


class GroupVerdict(StrEnum):
    """What a reader says of a whole group."""

    COHERENT = "coherent"
    STRAYS = "strays"
    REJECT = "reject"

    @property
    def words(self) -> str:
        """The verdict as a sentence says it."""
        return {"strays": "coherent with strays", "reject": "rejected"}.get(self, str(self))


@dataclass(frozen=True, slots=True)
class Share:
    """A number of a drawn sample that are so, `of` how many."""

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
        low, high = (round(100 * end) for end in self.interval)
        whole = round(100 * self.count / self.of) if self.of else 0
        return f"{self.count} of {self.of} ({whole}%, 95% interval {low} to {high}%)"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMarks:
    """What one reader says of a group; `fits` says for each passage, by key, if it belongs.

    `label` is the name that was read, which may differ from the one that the group has today. `at`
    is None where the marks are not kept yet.
    """

    cluster_id: str
    label: str
    verdict: GroupVerdict
    label_fair: bool
    fits: dict[str, bool]
    at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The groups of one draw that one reader has marked; `standing` of them are as they were."""

    seed: int
    reader: str
    groups: Sequence[GroupMarks]
    standing: int

    def share(self, verdict: GroupVerdict) -> Share:
        """Return how many of the groups got a verdict."""
        return Share(sum(one.verdict is verdict for one in self.groups), len(self.groups))

    @property
    def members(self) -> Share:
        """How many passages fit their group."""
        fits = [fit for one in self.groups for fit in one.fits.values()]
        return Share(sum(fits), len(fits))

    @property
    def labels(self) -> Share:
        """How many groups have a fair name."""
        return Share(sum(one.label_fair for one in self.groups), len(self.groups))

    @property
    def sentence(self) -> str:
        """What the audit found, with an interval for every share."""
        whole = len(self.groups)
        verdicts = ", ".join(f"{self.share(v).words} {v.words}" for v in GroupVerdict)
        changed = whole - self.standing
        later = f" {changed} of these groups have changed since." if changed else ""
        return (
            f"In an audit of {whole} {'group' if whole == 1 else 'groups'} (drawn with seed "
            f"{self.seed}, read by {self.reader}): {verdicts}; {self.members.words} members fit; "
            f"labels fair {self.labels.words}.{later}"
        )
