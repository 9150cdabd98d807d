"""What keeps happening?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, render_template, request

from index.failings import catalogue
from kb.audits import NOT_AUDITED
from kb.citations import ORIGIN_NOTES, after_heading
from kb.clusters import Cluster, Member
from kb.errors import UnknownFilterValue
from kb.store import Store, answers, audits, own_themes, passages, points
from kb.store import clusters as kept
from kb.store.answers import LinkedDocument
from kb.store.passages import DocumentRow, PassageRow
from webui import access
from webui.audited import readings
from webui.params import whole_number

pages = Blueprint("clusters", __name__)

BANDS = {
    "entrenched": "raised in ten reports or more",
    "established": "raised in five to nine reports",
    "recurring": "raised in three or four reports",
    "emerging": "raised in two reports",
}
_PAGE_SIZE = 20
_NAMES = 4


@dataclass(frozen=True, slots=True)
class Wording:
    """A point of a recurring concern with its passage and document."""

    passage: PassageRow
    document: DocumentRow
    member: Member

    @property
    def text(self) -> str:
        """The point's own words, without a first line that only repeats the section's heading."""
        start = max(self.member.start, after_heading(self.passage.text, self.passage.heading))
        return self.passage.text[start : self.member.end].strip()

    @property
    def note(self) -> str | None:
        """What to say of words that are not the document's own; None for verbatim text."""
        return ORIGIN_NOTES.get(self.document.origin)


@dataclass(frozen=True, slots=True)
class ShownCluster:
    """A recurring concern, its most typical passage, and the organisations it was raised with."""

    cluster: Cluster
    members: tuple[Wording, ...]

    @property
    def exemplar(self) -> Wording:
        """The most typical passage."""
        return self.members[0]

    @property
    def organisations(self) -> list[tuple[str, int]]:
        """Organisations with the number of distinct reports, most first."""
        reports = {member.document.id: member.document for member in self.members}
        counted = Counter(name for row in reports.values() for name in row.organisations)
        return sorted(counted.items(), key=lambda item: (-item[1], item[0]))

    @property
    def years(self) -> list[tuple[str, int]]:
        """Years with the number of distinct reports, in order; undated reports last."""
        dates = {member.document.id: member.document.date for member in self.members}
        counted = Counter((date or "")[:4] or "undated" for date in dates.values())
        return sorted(counted.items())

    @property
    def themes(self) -> list[tuple[str, int]]:
        """Themes of the passages with the number of distinct reports, most first."""
        held = {(m.document.id, tag.theme) for m in self.members for tag in m.passage.tags}
        counted = Counter(theme for _, theme in held)
        return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


@pages.get("/clusters")
def every() -> str:
    """The recurring concerns of one band, those of most reports first."""
    store = access.store()
    held = kept.held(store.db)
    counts = Counter(cluster.band for cluster in held)
    band = request.args.get("band", "") or next((b for b in BANDS if counts[b]), "emerging")
    if band not in BANDS:
        raise UnknownFilterValue(f"There is no such band. The bands are: {', '.join(BANDS)}.")
    chosen = [cluster for cluster in held if cluster.band == band]
    page = whole_number(request.args.get("page", ""), name="page", most=100_000)
    start = (page - 1) * _PAGE_SIZE
    return render_template(
        "clusters/every.html",
        bands=[(name, meaning, counts[name]) for name, meaning in BANDS.items()],
        band=band,
        meaning=BANDS[band],
        total=len(chosen),
        clusters=shown_clusters(store, chosen[start : start + _PAGE_SIZE]),
        names=_NAMES,
        page=page,
        last=max(1, -(-len(chosen) // _PAGE_SIZE)),
        stale=kept.stale(store.db),
        waiting=points.waiting(store.db),
        audits=audits.held(store.db),
        not_audited=NOT_AUDITED,
    )


@pages.get("/clusters/<cluster_id>")
def one(cluster_id: str) -> str:
    """One recurring concern: every wording, by document, newest first."""
    store = access.store()
    (found,) = shown_clusters(store, [kept.cluster(store.db, cluster_id)])
    members = sorted(found.members, key=lambda m: m.document.docno)
    members.sort(key=lambda m: m.document.date or "", reverse=True)
    held = audits.held(store.db)
    statements = {failing.key: failing.statement for failing in catalogue()}
    return render_template(
        "clusters/one.html",
        found=found,
        statement=statements.get(found.cluster.failing or ""),
        readings=readings(held, cluster_id),
        audits=held,
        not_audited=NOT_AUDITED,
        history=kept.history(store.db, cluster_id),
        answered=_answered(store, found),
        themes=[(own_themes.book(store.db).get(key), key, n) for key, n in found.themes],
        documents=[
            (group[0].document, group[0].note, group)
            for _, each in groupby(members, key=lambda m: m.document.docno)
            for group in [list(each)]
        ],
        back=request.full_path.rstrip("?"),
    )


def _answered(store: Store, found: ShownCluster) -> list[tuple[DocumentRow, list[LinkedDocument]]]:
    """Return each report with the responses held that answer it, the newest report first."""
    reports = {member.document.docno: member.document for member in found.members}
    ordered = sorted(reports.values(), key=lambda row: (row.date or "", row.docno), reverse=True)
    return [(row, answers.answers_to(store.db, row.docno)) for row in ordered]


def shown_clusters(store: Store, clusters: Sequence[Cluster]) -> list[ShownCluster]:
    """Return recurring concerns with their passages and documents."""
    rows = passages.passages_by_id(
        store.db, {passage for cluster in clusters for passage in cluster.passages}
    )
    documents = passages.documents_of(store.db, {row.document_id for row in rows.values()})
    return [
        ShownCluster(
            cluster,
            tuple(
                Wording(rows[one.passage_id], documents[rows[one.passage_id].document_id], one)
                for one in cluster.members
                if one.passage_id in rows
            ),
        )
        for cluster in clusters
    ]
