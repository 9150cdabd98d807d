"""Keeping recurring concerns, and the facts that they are counted by."""

from dataclasses import dataclass

from sqlite_utils import Database

from kb.clusters import Cluster
from kb.documents import Kind, SectionKind
from kb.errors import NotHeld
from kb.store import meta


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernUnit:
    """A concern passage of a report, with what counting needs."""

    passage_id: int
    document_id: int
    text: str
    year: str | None
    organisations: frozenset[int]


def concern_units(db: Database) -> list[ConcernUnit]:
    """Return every passage of a report that states a concern, in order of id.

    What leads up to the concerns ("the evidence revealed matters giving rise to concern ...") is no
    concern; counted as one it would be the commonest of all.
    """
    rows = db.execute(
        "SELECT p.id, p.document_id, p.text, substr(d.date, 1, 4),"
        " (SELECT group_concat(DISTINCT y.organisation_id) FROM parties y"
        "  WHERE y.document_id = d.id AND y.role = 'recipient')"
        " FROM passages p JOIN documents d ON d.id = p.document_id"
        " WHERE p.boilerplate = 0 AND p.section_kind = ? AND d.kind = ? AND EXISTS (SELECT 1"
        "  FROM concerns c WHERE c.document_id = d.id AND p.start < c.end AND p.end > c.start)"
        " ORDER BY p.id",
        [SectionKind.CONCERNS, Kind.REPORT],
    )
    return [
        ConcernUnit(
            passage_id=row[0],
            document_id=row[1],
            text=row[2],
            year=row[3],
            organisations=frozenset(int(one) for one in (row[4] or "").split(",") if one),
        )
        for row in rows
    ]


def replace(db: Database, clusters: list[Cluster]) -> None:
    """Store the recurring concerns of this generation of the library, in one transaction."""
    with db.atomic():
        db.execute("DELETE FROM cluster_members")
        db.execute("DELETE FROM clusters")
        for c in clusters:
            db.execute(
                "INSERT INTO clusters VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    c.id,
                    c.label,
                    c.members[0][0],
                    c.reports,
                    c.organisations,
                    c.first_year,
                    c.last_year,
                    c.cohesion,
                ],
            )
            db.conn.executemany(
                "INSERT INTO cluster_members VALUES (?, ?, ?)",
                ((c.id, passage_id, similarity) for passage_id, similarity in c.members),
            )
        meta.put(db, "clusters_generation", meta.generation(db))


def stale(db: Database) -> bool:
    """Tell whether documents have changed since the recurring concerns were found."""
    return bool(meta.get(db, "clusters_generation") != meta.generation(db))


def held(db: Database) -> list[Cluster]:
    """Return all recurring concerns, those of most reports first."""
    members: dict[str, list[tuple[int, float]]] = {}
    for cluster_id, passage_id, similarity in db.execute(
        "SELECT cluster_id, passage_id, similarity FROM cluster_members"
        " ORDER BY cluster_id, similarity DESC, passage_id"
    ):
        members.setdefault(cluster_id, []).append((passage_id, similarity))
    rows = db.query(
        "SELECT id, label, reports, organisations, first_year, last_year, cohesion FROM clusters"
        " ORDER BY reports DESC, organisations DESC, id"
    )
    return [Cluster(**row, members=tuple(members.get(row["id"], ()))) for row in rows]


def cluster(db: Database, cluster_id: str) -> Cluster:
    """Return one recurring concern. Raises `NotHeld`."""
    for one in held(db):
        if one.id == cluster_id:
            return one
    raise NotHeld("There is no such recurring concern. It may have changed with the library.")
