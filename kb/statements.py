"""A document's record as JSON: what it states, each value with its place in the text."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from kb.documents import Document, Kind, Role

RESPONSE_DAYS = 56
"""Regulation 29 of the Coroners (Investigations) Regulations 2013; the coroner may extend."""


def days_taken(document: Document) -> tuple[int, str] | None:
    """Return how many days a response took and since when, None where a date is not whole.

    Counted from the report's date where the response states it, else from its receipt.
    """
    if document.kind is not Kind.RESPONSE:
        return None
    for fact, since in (("report_date", "report"), ("received_date", "receipt")):
        begun, ended = _whole(document.facts.get(fact)), _whole(document.date)
        if begun and ended:
            return (ended - begun).days, since
    return None


def response_due(document: Document) -> tuple[str, str] | None:
    """Return when a report's responses are due and how we know: "stated", else "56 days"."""
    if document.kind is not Kind.REPORT:
        return None
    stated = document.facts.get("response_due")
    if stated:
        return stated, "stated"
    written = _whole(document.date)
    if written is None:
        return None
    return (written + timedelta(days=RESPONSE_DAYS)).isoformat(), f"{RESPONSE_DAYS} days"


def record_json(document: Document) -> dict[str, Any]:
    """Return a document's record; spans count in its text, unknown values are left out."""
    text = document.text
    taken, due = days_taken(document), response_due(document)
    fields = {
        "kind": str(document.kind),
        "ref": document.ref,
        "ref_written": document.ref_written,
        "date": document.date,
        "coroner": document.coroner,
        "coroner_area": document.coroner_area,
        "recipients": _names(document, Role.RECIPIENT),
        "respondents": _names(document, Role.RESPONDENT),
        "owners": _names(document, Role.OWNER),
        "authors": _names(document, Role.AUTHOR),
        "mentioned": _names(document, Role.MENTIONED),
        "categories": list(document.categories),
        "days_taken": taken[0] if taken else None,
        "days_counted_from": taken[1] if taken else None,
        "due": due[0] if due else None,
        "due_known_by": due[1] if due else None,
        "url": document.url,
        **document.facts,
    }
    return {
        "docno": document.docno,
        "title": document.title,
        "verbatim": document.verbatim,
        "source": document.source,
        "fields": {name: value for name, value in fields.items() if value not in (None, [])},
        "claims": dict(document.claims),
        "organisations": [{**asdict(p), "role": str(p.role)} for p in document.parties],
        "sections": [{**asdict(s), "kind": str(s.kind)} for s in document.sections],
        "concerns": [asdict(c) | {"text": text[c.start : c.end]} for c in document.concerns],
        "actions": [asdict(a) | {"text": text[a.start : a.end]} for a in document.actions],
        "recommendations": [
            asdict(r) | {"text": text[r.start : r.end]} for r in document.recommendations
        ],
        "tables": [asdict(table) for table in document.tables],
        "doubts": [asdict(doubt) for doubt in document.doubts],
    }


def _names(document: Document, role: Role) -> list[str]:
    return [party.name for party in document.parties if party.role is role]


def _whole(value: str | None) -> date | None:
    return date.fromisoformat(value) if value and len(value) == len("2099-12-31") else None
