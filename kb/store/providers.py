"""Organisations one by one: by name, what they answered, which recurring concerns they stand in."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from kb.clusters import Cluster
from kb.documents import Kind, Role
from kb.errors import NotHeld
from kb.store.answers import LinkedDocument, report_answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The reports that an organisation was sent and its responses, as far as they are held.

    `pairs` are (response, the report sent to it that it answers); `others` are its responses that
    answer no one report held that was sent to it. No response in the material held does not mean
    that none was sent.
    """

    received: int
    pairs: tuple[tuple[str, LinkedDocument], ...]
    others: tuple[str, ...]

    @property
    def answered(self) -> int:
        """The distinct reports sent to it that a response of its own, held here, answers."""
        return len({report.docno for _, report in self.pairs})

    @property
    def without(self) -> int:
        """The reports sent to it without a response of its own in the material held."""
        return self.received - self.answered


def answered(db: Database, name: str) -> Answered:
    """Return which of its reports an organisation answered, by its exact name."""
    received = set(_documents(db, name, Role.RECIPIENT, Kind.REPORT))
    pairs, others = [], []
    for docno in _documents(db, name, Role.RESPONDENT, Kind.RESPONSE):
        report = report_answered(db, docno)
        if report is not None and report.docno in received:
            pairs.append((docno, report))
        else:
            others.append(docno)
    return Answered(received=len(received), pairs=tuple(pairs), others=tuple(others))


def concerns_of(db: Database, name: str, clusters: Iterable[Cluster]) -> list[tuple[Cluster, int]]:
    """Return the recurring concerns in which reports sent to an organisation stand.

    Each comes with how many of them, distinct; those of most of its reports first.
    """
    passages = dict(
        db.execute(
            "SELECT p.id, p.document_id FROM parties y JOIN organisations o"
            " ON o.id = y.organisation_id JOIN passages p ON p.document_id = y.document_id"
            " WHERE o.name = ? AND y.role = ?",
            [name, Role.RECIPIENT],
        ).fetchall()
    )
    found: dict[str, set[int]] = defaultdict(set)
    held = list(clusters)
    for cluster in held:
        for passage in cluster.passages:
            if passage in passages:
                found[cluster.id].add(passages[passage])
    standing = [(one, len(found[one.id])) for one in held if one.id in found]
    return sorted(standing, key=lambda item: (-item[1], -item[0].reports, item[0].id))


def organisations_named(db: Database, names: Sequence[str]) -> tuple[str, ...]:
    """Return organisations by their names in whatever case, each once, in the order asked.

    Raises `NotHeld` for a name that the library has not.
    """
    found = []
    for name in names:
        row = db.execute(
            "SELECT name FROM organisations WHERE name = ? COLLATE NOCASE", [name]
        ).fetchone()
        if row is None:
            raise NotHeld(f"No document held here names an organisation '{name}'.")
        found.append(row[0])
    return tuple(dict.fromkeys(found))


def organisations_like(db: Database, part: str, role: Role, *, limit: int) -> list[str]:
    """Return the organisations that have a role and whose name contains some words, by name."""
    rows = db.execute(
        "SELECT o.name FROM organisations o WHERE instr(lower(o.name), lower(:part)) AND o.id IN"
        " (SELECT y.organisation_id FROM parties y WHERE y.role = :role)"
        " ORDER BY lower(o.name), o.name LIMIT :limit",
        {"part": part, "role": str(role), "limit": limit},
    )
    return [name for (name,) in rows]


def _documents(db: Database, name: str, role: Role, kind: Kind) -> list[str]:
    rows = db.execute(
        "SELECT DISTINCT d.docno FROM documents d JOIN parties y ON y.document_id = d.id"
        " JOIN organisations o ON o.id = y.organisation_id"
        " WHERE o.name = ? AND y.role = ? AND d.kind = ? ORDER BY d.date, d.docno",
        [name, role, kind],
    )
    return [docno for (docno,) in rows]
