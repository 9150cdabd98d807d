"""What several sources say of one document becomes one document.

A value is a claim with a source: fields are merged one by one in the order of `Origin`, and the
document keeps which origin each came from. Its text is that of the first origin that has any; a
digest beside a real text stays as the summary and is never searched as a second document.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from ingest.actions import read_actions
from ingest.chunk import concerns_of, split_passages
from ingest.classify import classify
from ingest.concerns import find_concerns
from ingest.doubts import doubts
from ingest.fields import read_fields
from ingest.furniture import find_furniture
from ingest.organisations import organisation_key
from ingest.plans import read_plan
from ingest.recipient_pieces import is_scraped
from ingest.recipients import split_recipients
from ingest.resolve import resolve
from ingest.sections import split_sections
from ingest.tables import read_tables
from kb.documents import (
    Document,
    Draft,
    Kind,
    Origin,
    Party,
    Passage,
    Role,
    Section,
    SectionKind,
)
from kb.errors import UsageError
from kb.refs import is_partial_date

_GAP = "\n\n"
_WITH_TABLES = frozenset({Kind.ANNUAL_REPORT, Kind.OTHER, Kind.RESPONSE})
"""A report's form is itself a table on paper, and a plan's rows are read as recommendations."""

_FACTS = (
    "report_date",
    "received_date",
    "response_due",
    "addressee",
    "year",
    "pdf_url",
    "date_written",
    "ocr_confidence",
    "ocr_pages",
    "pages_without_text",
)


def compose(
    drafts: Sequence[Draft],
    *,
    count: Callable[[str], int],
    corrections: Mapping[str, str] = MappingProxyType({}),
) -> Document:
    """Return the document that these drafts of one docno make, divided into passages.

    `count` gives the model tokens of a text. Drafts stand in order of preference. `corrections`
    are an editor's words on fields and outrank every draft.
    """
    lead = _lead(drafts)
    kind = Kind(corrections["kind"]) if "kind" in corrections else _kind(drafts, lead)
    text, sections = _text_and_sections(lead, kind)
    found = {lead.origin: dict(lead.fields)}
    if lead.origin is Origin.FILE:
        found[Origin.FILE] = read_fields(text, sections, kind) | found[Origin.FILE]
    for draft in drafts:
        found.setdefault(draft.origin, dict(draft.fields))
    _leave_out_scraped(found)
    fields, claims = _merge(found)
    _correct(fields, claims, corrections)
    tables = read_tables(text) if kind in _WITH_TABLES else ()
    concerns = concerns_of(text, sections)
    document = Document(
        docno=lead.docno,
        kind=kind,
        title=_title(fields, kind, lead),
        text=text,
        origin=lead.origin,
        source=lead.source,
        pages=lead.pages,
        ref=fields.get("ref"),
        ref_written=fields.get("ref_written"),
        date=fields.get("date"),
        coroner=fields.get("coroner"),
        coroner_area=fields.get("coroner_area"),
        categories=tuple(fields.get("categories", ())),
        parties=_parties(fields, claims, kind),
        url=fields.get("url"),
        deceased=fields.get("deceased"),
        licence=fields.get("licence"),
        digest=_digest(drafts, lead),
        facts={name: str(fields[name]) for name in _FACTS if name in fields},
        claims=claims,
        sections=sections,
        concerns=concerns,
        actions=read_actions(text, sections) if kind is Kind.RESPONSE else (),
        recommendations=read_plan(text, sections) if kind is Kind.ACTION_PLAN else (),
        tables=tables,
    )
    return replace(
        document, passages=_passages(document, count), doubts=tuple(doubts(document, fields))
    )


def _passages(document: Document, count: Callable[[str], int]) -> tuple[Passage, ...]:
    text, sections, kind = document.text, document.sections, document.kind
    return split_passages(
        text,
        sections,
        kind=kind,
        count=count,
        concerns=document.concerns,
        pages=document.pages,
        tables=document.tables if kind is not Kind.RESPONSE else (),
        furniture=find_furniture(text, sections) if kind is Kind.ANNUAL_REPORT else (),
    )


CORRECTABLE = ("kind", "title", "ref", "date", "coroner", "coroner_area", "recipients")


def check_correction(field: str, value: str) -> None:
    """Refuse a correction that cannot be. Raises `UsageError` saying what can."""
    if field not in CORRECTABLE:
        raise UsageError(f"'{field}' cannot be corrected. What can: {', '.join(CORRECTABLE)}.")
    if not value.strip():
        raise UsageError("A correction needs a value.")
    if field == "kind" and value not in set(Kind):
        raise UsageError(f"There is no kind '{value}'. The kinds are: {', '.join(Kind)}.")
    if field == "date" and not is_partial_date(value):
        raise UsageError(f"'{value}' is not a date. Write 2021, 2021-09 or 2021-09-11.")


def _correct(
    fields: dict[str, Any], claims: dict[str, str], corrections: Mapping[str, str]
) -> None:
    for name, value in corrections.items():
        if name == "recipients":
            fields["recipients"] = tuple(part.strip() for part in value.split(";") if part.strip())
            fields.pop("recipients_written", None)
        else:
            fields[name] = value
        claims[name] = "correction"


def _lead(drafts: Sequence[Draft]) -> Draft:
    """Return the draft whose text becomes the document's: the first that has any.

    Where the tracker's row holds nothing but the form's opening, and the toolkit's the concerns,
    the concerns are worth more than their being verbatim.
    """
    held = [draft for draft in drafts if draft.has_text]
    exports = [draft for draft in held if draft.origin in (Origin.TRACKER, Origin.TOOLKIT)]
    if len(exports) > 1 and held[0] is exports[0]:
        return next(filter(_states_concerns, exports), exports[0])
    return held[0] if held else drafts[0]


def _states_concerns(draft: Draft) -> bool:
    texts = (part.text for part in draft.parts if part.kind is SectionKind.CONCERNS)
    return any(find_concerns(text, 0, len(text)) for text in texts)


def _kind(drafts: Sequence[Draft], lead: Draft) -> Kind:
    stated = next((d.fields["kind"] for d in drafts if "kind" in d.fields), None)
    if stated in set(Kind):
        return Kind(stated)
    return classify(_joined(lead), name=lead.source)


def _joined(draft: Draft) -> str:
    return _GAP.join(part.text for part in draft.parts)


def _text_and_sections(lead: Draft, kind: Kind) -> tuple[str, tuple[Section, ...]]:
    """Return the text and its sections: the parts of the form if known, else as found in it."""
    if len(lead.parts) == 1 and lead.parts[0].kind is SectionKind.BODY:
        text = lead.parts[0].text
        return text, split_sections(text, kind)
    text = _joined(lead)
    sections, at = [], 0
    for number, part in enumerate(lead.parts):
        last = number == len(lead.parts) - 1
        end = at + len(part.text) + (0 if last else len(_GAP))
        sections.append(Section(part.kind, part.heading, at, end))
        at = end
    return text, tuple(sections)


def _leave_out_scraped(found: dict[Origin, dict[str, Any]]) -> None:
    """Leave out a list of recipients that a scraper put together, where there is a better one."""
    tracker, toolkit = found.get(Origin.TRACKER, {}), found.get(Origin.TOOLKIT, {})
    written = tracker.get("recipients_written")
    if written and is_scraped(written) and toolkit.get("recipients_written"):
        del tracker["recipients_written"]


def _merge(found: dict[Origin, dict[str, Any]]) -> tuple[dict[str, Any], dict[str, str]]:
    fields: dict[str, Any] = {}
    claims: dict[str, str] = {}
    for origin in Origin:
        for name, value in found.get(origin, {}).items():
            if name not in fields and value not in (None, "", ()):
                fields[name] = value
                claims[name] = str(origin)
    return fields, claims


def _parties(fields: dict[str, Any], claims: dict[str, str], kind: Kind) -> tuple[Party, ...]:
    """Return who a report was sent to, who answered, whose plan it is, or who wrote the rest."""
    maker = Role.of_maker(kind)
    if maker is None:
        listed = tuple(Party(Role.RECIPIENT, n, n) for n in fields.get("recipients", ()))
        written = fields.get("recipients_written")
        parties = split_recipients(written) if written else ()
        # Published lists are preferred to our digest's, but a list from which no organisation
        # could be read is worth less than one written by hand.
        return _once(parties or listed)
    names = fields.get("respondent") or fields.get("organisation") or ()
    listed_names = (names,) if isinstance(names, str) else tuple(names)
    return _once(tuple(Party(maker, name, name) for name in listed_names))


def _once(parties: Sequence[Party]) -> tuple[Party, ...]:
    """Drop a body named twice: a report sent to two people of one trust went to one trust.

    Names go by the register where it is certain of them, else they stay as written.
    """
    kept: dict[str, Party] = {}
    for party in (replace(one, name=resolve(one.name).name) for one in parties):
        kept.setdefault(organisation_key(party.name), party)
    kept.pop("", None)
    return tuple(kept.values())


def _title(fields: dict[str, Any], kind: Kind, lead: Draft) -> str:
    """Return a title that names no deceased person: the digest's or document's own, else made."""
    stated = fields.get("title")
    if stated:
        return str(stated)
    area, respondent = fields.get("coroner_area"), fields.get("respondent")
    if kind is Kind.REPORT:
        named = f"PFD report {fields['ref']}" if "ref" in fields else "PFD report without a ref"
        return f"{named}, {area}" if area else named
    if kind is Kind.RESPONSE and respondent:
        return f"Response of {respondent}"
    return f"{kind.label}: {lead.docno}"


def _digest(drafts: Sequence[Draft], lead: Draft) -> str | None:
    beside = next((d for d in drafts if d.origin is Origin.DIGEST and d is not lead), None)
    return _joined(beside) if beside else None
