"""An audit of recurring concerns: a drawn number of groups, read and marked, and its shares."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kb.intervals import Share

NOT_AUDITED = "Whether these groups hang together was not audited in this library."


class GroupVerdict(StrEnum):
    """What a reader says of a whole group."""

    COHERENT = "coherent"
    STRAYS = "strays"
    REJECT = "reject"

    @property
    def words(self) -> str:
        """The verdict as a sentence says it."""
        return {"strays": "coherent with strays", "reject": "rejected"}.get(self, str(self))


LARGEST_SEED = 10**18 - 1
_SEED = re.compile(r"-?[0-9]{1,18}")


def seed_of(written: str) -> int | None:
    """Return the seed of a draw, a whole number of at most 18 digits; None for anything else."""
    return int(written) if _SEED.fullmatch(written) else None


MOST_STRAYS = 0.1
"""Of a coherent group's passages; one stray in a group of ten or more does not spoil it."""


def contradiction(verdict: GroupVerdict, fits: Collection[bool]) -> str | None:
    """Return the rule that a verdict breaks, given which passages fit; None: it breaks none."""
    strays = list(fits).count(False) / len(fits)
    broken, rule = {
        GroupVerdict.COHERENT: (
            strays > MOST_STRAYS,
            "of a coherent group at most one passage in ten does not fit",
        ),
        GroupVerdict.STRAYS: (
            strays in (0, 1),
            "a group with strays has members that fit and some not",
        ),
        GroupVerdict.REJECT: (
            strays < 1,
            "a rejected group has no concern that a member could fit",
        ),
    }[verdict]
    return rule if broken else None


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
