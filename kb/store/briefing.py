"""What a briefing needs to know of a set of documents: figures by one question each, no text."""

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from kb.documents import Kind, Origin, SectionKind
from kb.queries import Filters
from kb.store import answers
from kb.store.answers import LinkedDocument
from kb.store.filters import of_document

_AMONG = "IN (SELECT value FROM json_each(:{0}))"
_IDS = _AMONG.format("ids")
_VERBATIM = ",".join(f"'{one}'" for one in Origin if one.verbatim)
# What leads up to the concerns ("the evidence revealed matters giving rise to ...") states none.
_A_CONCERN = (
    "p.section_kind = :concerns AND EXISTS (SELECT 1 FROM concerns c"
    " WHERE c.document_id = d.id AND p.start < c.end AND p.end > c.start)"
)
_OF_OTHERS = ",".join(
    f"'{one}'" for one in (SectionKind.ANSWER, SectionKind.RECOMMENDATIONS, SectionKind.BODY)
)
"""A response may restate the coroner's concerns; those words are not its own."""
_NAME = re.compile(r"[^\W\d_]{2,}")
_NO_NAMES = frozenset("Mr Mrs Ms Miss Dr Baby The and of known as formerly aka nee né née".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much is held of one kind: documents, those with text, those in their own words."""

    kind: Kind
    documents: int
    with_text: int
    verbatim: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A passage that could be quoted. `theme` and `score` are one of its tags, or None and 0.

    `names` tells that it holds a part of the name of who died, as far as that is known.
    """

    passage: int
    document: int
    theme: str | None
    score: float
    date: str
    verbatim: bool
    names: bool


def documents_in(db: Database, filters: Filters) -> list[int]:
    """Return every document that the filters on documents let through.

    Raises `UnknownFilterValue` for an organisation that the library does not name.
    """
    where, values = of_document(db, filters)
    return [row[0] for row in db.execute(f"SELECT d.id FROM documents d WHERE {where}", values)]


def documents_named(db: Database, docnos: Iterable[str]) -> list[int]:
    """Return the documents of these names."""
    sql = f"SELECT id FROM documents WHERE docno {_IDS}"
    return [row[0] for row in db.execute(sql, {"ids": json.dumps(list(docnos))})]


def of_kind(db: Database, ids: Iterable[int], kind: Kind) -> list[int]:
    """Return those of the documents that are of a kind, held with text or not."""
    sql = f"SELECT id FROM documents WHERE id {_IDS} AND kind = :kind"
    return [row[0] for row in db.execute(sql, {"ids": _json(ids), "kind": str(kind)})]


def with_text(db: Database, ids: Iterable[int]) -> list[int]:
    """Return those of the documents that are held with text."""
    sql = f"SELECT id FROM documents WHERE id {_IDS} AND text <> ''"
    return [row[0] for row in db.execute(sql, {"ids": _json(ids)})]


def showing(
    db: Database,
    ids: Iterable[int],
    *,
    themes: Collection[str],
    section: str | None,
    passages: Collection[int] | None,
) -> list[int]:
    """Return those of the documents of which one passage shows one of the themes in a section.

    No themes, no section and None for `passages` mean no limit.
    """
    limits = ["p.boilerplate = 0"]
    if themes:
        limits.append(
            "EXISTS (SELECT 1 FROM tags t WHERE t.passage_id = p.id AND t.rejected = 0"
            f" AND t.theme {_AMONG.format('themes')})"
        )
    if section is not None:
        limits.append("p.section_kind = :section")
    if passages is not None:
        limits.append(f"p.id {_AMONG.format('passages')}")
    rows = db.execute(
        f"SELECT DISTINCT p.document_id FROM passages p WHERE p.document_id {_IDS}"
        f" AND {' AND '.join(limits)}",
        {
            "ids": _json(ids),
            "themes": json.dumps(list(themes)),
            "section": section,
            "passages": _json(passages or ()),
        },
    )
    return [row[0] for row in rows]


def coverage(db: Database, ids: Iterable[int]) -> list[Coverage]:
    """Return how much is held of each kind, kinds of which nothing is held left out."""
    rows = db.execute(
        "SELECT kind, count(*), count(CASE WHEN text <> '' THEN 1 END),"
        f" count(CASE WHEN text <> '' AND origin IN ({_VERBATIM}) THEN 1 END)"
        f" FROM documents WHERE id {_IDS} GROUP BY 1",
        {"ids": _json(ids)},
    )
    found = {
        Kind(kind): Coverage(kind=Kind(kind), documents=n, with_text=text, verbatim=own)
        for kind, n, text, own in rows
    }
    return [found[kind] for kind in Kind if kind in found]


def themes_shown(db: Database, ids: Iterable[int]) -> dict[str, int]:
    """Return how many of the documents show each theme, the most first."""
    rows = db.execute(
        "SELECT t.theme, count(DISTINCT p.document_id) AS n FROM passages p"
        " JOIN tags t ON t.passage_id = p.id AND t.rejected = 0"
        f" WHERE p.boilerplate = 0 AND p.document_id {_IDS} GROUP BY 1 ORDER BY n DESC, 1",
        {"ids": _json(ids)},
    )
    return dict(rows.fetchall())


def years(db: Database, ids: Iterable[int]) -> dict[str, int]:
    """Return how many of the documents are of each year; those without a date are left out."""
    rows = db.execute(
        "SELECT substr(date, 1, 4), count(*) FROM documents"
        f" WHERE date IS NOT NULL AND id {_IDS} GROUP BY 1 ORDER BY 1",
        {"ids": _json(ids)},
    )
    return dict(rows.fetchall())


def candidates(db: Database, ids: Iterable[int], *, shortest: int) -> list[Candidate]:
    """Return every passage that states a concern, answer or recommendation, once a theme.

    Never one of circumstances or of the form's own words, nor a digest's; at least `shortest`
    characters long.
    """
    rows = db.execute(
        "SELECT p.id, d.id, t.theme, coalesce(t.score, 0), coalesce(d.date, ''),"
        f" d.origin IN ({_VERBATIM}), d.deceased, CASE WHEN d.deceased <> '' THEN p.text END"
        " FROM passages p JOIN documents d ON d.id = p.document_id"
        " LEFT JOIN tags t ON t.passage_id = p.id AND t.rejected = 0"
        f" WHERE d.id {_IDS} AND d.origin <> :digest AND p.boilerplate = 0"
        f" AND length(p.text) >= :shortest AND CASE WHEN d.kind = :report"
        f" THEN {_A_CONCERN} ELSE p.section_kind IN ({_OF_OTHERS}) END",
        {
            "ids": _json(ids),
            "digest": str(Origin.DIGEST),
            "shortest": shortest,
            "report": str(Kind.REPORT),
            "concerns": str(SectionKind.CONCERNS),
        },
    )
    return [
        Candidate(
            passage=row[0],
            document=row[1],
            theme=row[2],
            score=row[3],
            date=row[4],
            verbatim=bool(row[5]),
            names=_names(row[6], row[7]),
        )
        for row in rows
    ]


def _names(deceased: str | None, text: str | None) -> bool:
    """Tell whether a text holds a part of a name; an unknown name is in no text."""
    parts = set(_NAME.findall(deceased or "")) - _NO_NAMES
    return bool(text and parts and not parts.isdisjoint(_NAME.findall(text)))


def responses_to(db: Database, docnos: Collection[str]) -> dict[str, list[LinkedDocument]]:
    """Return the responses held that answer these reports, by report; none means none is held."""
    found: dict[str, list[LinkedDocument]] = {}
    rows = db.query(
        "SELECT docno, title, kind, date, ref FROM documents WHERE kind = ? ORDER BY date, docno",
        [str(Kind.RESPONSE)],
    )
    wanted = set(docnos)
    for row in rows:
        report = answers.report_answered(db, row["docno"])
        if report is not None and report.docno in wanted:
            linked = LinkedDocument(
                docno=row["docno"],
                title=row["title"],
                kind=Kind(row["kind"]),
                date=row["date"],
                ref=row["ref"],
                known_by=report.known_by,
            )
            found.setdefault(report.docno, []).append(linked)
    return found


def _json(ids: Iterable[int]) -> str:
    return json.dumps(list(ids))
