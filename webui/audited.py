"""What a reader's audit says of one recurring concern, as its page shows it."""

from collections.abc import Iterable
from dataclasses import dataclass

from kb.audits import Audit, GroupMarks


@dataclass(frozen=True, slots=True)
class Reading:
    """One reader's marks of one group."""

    reader: str
    marks: GroupMarks

    @property
    def at(self) -> str:
        """The day of the reading."""
        return (self.marks.at or "")[:10]

    @property
    def fitting(self) -> int:
        """How many of the passages read fit."""
        return sum(self.marks.fits.values())

    def strays(self, key: str) -> bool:
        """Tell whether the reader found that a passage does not fit; an unread one does not."""
        return not self.marks.fits.get(key, True)


def readings(audits: Iterable[Audit], cluster_id: str) -> list[Reading]:
    """Return what each audit says of a group, the newest first; nothing where it was not drawn."""
    return [
        Reading(audit.reader, marks)
        for audit in audits
        for marks in audit.groups
        if marks.cluster_id == cluster_id
    ]
