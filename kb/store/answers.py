"""Which response answers which report, and which documents say nearly the same.

A response is linked where exactly one report held can be meant, by its ref or else by its date and
coroner area; nothing is guessed, and that no response is held does not mean that none was sent.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from kb.areas import area_words
from kb.documents import Kind
from kb.store import records

BY_REF = "by the ref"
BY_DATE_AND_AREA = "by the report's date and coroner area"

_WHOLE_DATE = len("2099-12-31")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedDocument:
    """Another document held. `known_by` says how the link is known, `share` how alike it is (0..1).

    Each is None where it does not apply.
    """

    docno: str
    title: str
    kind: Kind
    date: str | None
    ref: str | None
    known_by: str | None = None
    share: float | None = None


@dataclass(frozen=True, slots=True)
class _Response:
    docno: str
    ref: str | None
    report_date: str | None
    area: str | None


def report_answered(db: Database, docno: str) -> LinkedDocument | None:
    """Return the report that a response answers, None unless exactly one held can be meant."""
    responses = _responses(db, "d.docno = ?", [docno])
    return _meant(db, responses[0]) if responses else None


def answers_to(db: Database, docno: str) -> list[LinkedDocument]:
    """Return the responses held that answer a report, the oldest first."""
    row = db.execute(
        "SELECT ref, date FROM documents WHERE docno = ? AND kind = ?", [docno, Kind.REPORT]
    ).fetchone()
    if row is None:
        return []
    may = _responses(db, "d.ref = ? OR json_extract(d.facts, '$.report_date') = ?", list(row))
    known = {one.docno: meant.known_by for one in may if (meant := _meant(db, one, of=docno))}
    found = _held(db, known)
    return [_linked(one, known_by=known[one["docno"]]) for one in found]


def nearly_the_same(db: Database, docno: str) -> list[LinkedDocument]:
    """Return the documents that say nearly the same as this one, the likest first."""
    shares = dict(records.like(db, docno))
    found = {one["docno"]: one for one in _held(db, shares)}
    return [_linked(found[name], share=share) for name, share in shares.items() if name in found]


def _responses(db: Database, where: str, values: list[str | None]) -> list[_Response]:
    rows = db.execute(
        "SELECT d.docno, d.ref, json_extract(d.facts, '$.report_date'), d.coroner_area"
        f" FROM documents d WHERE d.kind = ? AND ({where}) ORDER BY d.docno",
        [Kind.RESPONSE, *values],
    )
    return [_Response(*row) for row in rows]


def _meant(db: Database, response: _Response, *, of: str | None = None) -> LinkedDocument | None:
    """Return the one report a response can mean; None if there are several, or it is not `of`."""
    for reports, known_by in (
        (_by_ref(db, response), BY_REF),
        (_by_date_and_area(db, response), BY_DATE_AND_AREA),
    ):
        if len(reports) == 1:
            only = reports[0]
            return _linked(only, known_by=known_by) if of in (None, only["docno"]) else None
    return None


def _by_ref(db: Database, response: _Response) -> list[dict[str, str]]:
    return _reports(db, "ref = ?", response.ref) if response.ref else []


def _by_date_and_area(db: Database, response: _Response) -> list[dict[str, str]]:
    wanted, day = area_words(response.area), response.report_date
    if not wanted or day is None or len(day) != _WHOLE_DATE:
        return []
    return [
        one
        for one in _reports(db, "date = ?", day)
        if area_words(one["coroner_area"]) == wanted
        # Another ref is another report, however alike the rest.
        and not (response.ref and one["ref"] and response.ref != one["ref"])
    ]


def _reports(db: Database, where: str, value: str) -> list[dict[str, str]]:
    rows = db.query(
        "SELECT docno, title, kind, date, ref, coroner_area FROM documents"
        f" WHERE kind = ? AND {where} ORDER BY docno",
        [Kind.REPORT, value],
    )
    return [dict(row) for row in rows]


def _held(db: Database, docnos: Iterable[str]) -> list[dict[str, str]]:
    rows = db.query(
        "SELECT docno, title, kind, date, ref FROM documents"
        " WHERE docno IN (SELECT value FROM json_each(?)) ORDER BY date, docno",
        [json.dumps(list(docnos))],
    )
    return [dict(row) for row in rows]


def _linked(
    row: dict[str, str], *, known_by: str | None = None, share: float | None = None
) -> LinkedDocument:
    return LinkedDocument(
        docno=row["docno"],
        title=row["title"],
        kind=Kind(row["kind"]),
        date=row["date"],
        ref=row["ref"],
        known_by=known_by,
        share=share,
    )
