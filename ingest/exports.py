"""The two public exports of published reports: what a row of each says, as a draft.

A row is a claim about one report. The report's URL is its identity, the same in both exports;
merging is not done here.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.categories import read_categories
from ingest.clean import clean_text
from ingest.dates import parse_date
from ingest.people import person_name
from ingest.reasons import unreadable
from kb.documents import Draft, Kind, Origin, Part, SectionKind
from kb.refs import normalise_ref, slug_of


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that gives no draft; `line` is its row in a spreadsheet program, the header being 1."""

    line: int
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which column of an export holds what; `parts` are in the order of the form."""

    fields: Mapping[str, str]
    parts: Mapping[str, SectionKind]

    @property
    def columns(self) -> list[str]:
        return [*self.fields.values(), *self.parts]


_LAYOUTS = {
    Origin.TRACKER: _Layout(
        fields={
            "date": "date_of_report",
            "ref": "ref",
            "deceased": "deceased_name",
            "coroner": "coroner_name",
            "coroner_area": "coroner_area",
            "categories": "category",
            "recipients_written": "this_report_is_being_sent_to",
            "url": "report_url",
            "pdf_url": "pdf_url",
            "reply_urls": "reply_urls",
        },
        parts={
            "legal": SectionKind.POWERS,
            "inquest": SectionKind.INVESTIGATION,
            "circumstances": SectionKind.CIRCUMSTANCES,
            "concerns": SectionKind.CONCERNS,
            "action": SectionKind.ACTION,
            "response": SectionKind.RESPONSE_DUE,  # the form's section 7, not a reply
        },
    ),
    Origin.TOOLKIT: _Layout(
        fields={
            "date": "date",
            "ref": "id",
            "coroner": "coroner",
            "coroner_area": "area",
            "recipients_written": "receiver",
            "url": "url",
        },
        parts={
            "investigation": SectionKind.INVESTIGATION,
            "circumstances": SectionKind.CIRCUMSTANCES,
            "concerns": SectionKind.CONCERNS,
        },
    ),
}
# "N/A: Not f" is a cell cut short by the toolkit.
_BLANK = re.compile(
    r"\W*(?:n\W?a\b\W*(?:not f\w*)?|not (?:found|known|stated|applicable)|none|nan|null"
    r"|unknown)?\W*",
    re.IGNORECASE,
)
_REDACTED = re.compile(r"\W*redacted\W*", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def is_export(header: Collection[str]) -> Origin | None:
    """Return whose export has this header, or None; further columns do no harm."""
    return next((origin for origin in _LAYOUTS if not _missing(header, origin)), None)


def missing_columns(header: Collection[str]) -> tuple[str, ...]:
    """Return the columns that the nearest layout has and the header lacks."""
    return _missing(header, _nearest(header))


def origin_of(header: Collection[str]) -> Origin:
    """Return whose export this is. Raises `Unreadable` ("unknown_columns") for any other table."""
    origin = is_export(header)
    if origin is None:
        missing = ", ".join(missing_columns(header))
        raise unreadable("unknown_columns", origin=_nearest(header).value, missing=missing)
    return origin


def _missing(header: Collection[str], origin: Origin) -> tuple[str, ...]:
    return tuple(name for name in _LAYOUTS[origin].columns if name not in header)


def _nearest(header: Collection[str]) -> Origin:
    def share(origin: Origin) -> float:
        return len(_missing(header, origin)) / len(_LAYOUTS[origin].columns)

    return min(_LAYOUTS, key=share)


def drafts(
    rows: Iterable[Mapping[str, str]], *, origin: Origin, source: str
) -> Iterator[Draft | Refusal]:
    """Yield a draft for each row of an export, or why there is none; `source` is the file's name.

    Two rows of one report give two drafts with the same key: nothing is dropped here.
    """
    for line, row in enumerate(rows, start=2):
        yield _draft(row, line, origin=origin, source=source)


def _draft(row: Mapping[str, str], line: int, *, origin: Origin, source: str) -> Draft | Refusal:
    layout = _LAYOUTS[origin]
    url = _cell(row, layout.fields["url"])
    if url is None or not slug_of(url):
        detail = f"Row {line} has no address of a report, so it cannot be told from other rows."
        return Refusal(line, "no_url", detail)
    parts = ((kind, _cell(row, column)) for column, kind in layout.parts.items())
    return Draft(
        key=_key(url),
        docno=slug_of(url),
        origin=origin,
        source=source,
        sha256=hashlib.sha256(json.dumps(dict(row), sort_keys=True).encode()).hexdigest(),
        parts=tuple(Part(kind, kind.label, text) for kind, text in parts if text),
        fields=_fields(row, layout),
    )


def _key(url: str) -> str:
    return "url:" + re.split(r"[?#]", url)[0].rstrip("/").lower()


def _fields(row: Mapping[str, str], layout: _Layout) -> dict[str, Any]:
    """Return what the row states; what it does not state is absent."""
    stated: dict[str, Any] = {"kind": Kind.REPORT.value}
    for name, column in layout.fields.items():
        written = _cell(row, column)
        if written is not None:
            stated |= _claims(name, written)
    return {name: value for name, value in stated.items() if value}


def _claims(name: str, written: str) -> dict[str, Any]:
    """Return the fields that one cell gives: the value read, and the words it was read from."""
    line = " ".join(written.split())
    match name:
        case "ref":
            return {"ref": normalise_ref(line), "ref_written": line}
        case "date":
            return {"date": parse_date(line), "date_written": line}
        case "coroner":
            return {"coroner": person_name(line), "coroner_written": line}
        case "coroner_area":
            return {"coroner_area": _area(line)}
        case "categories":
            return {"categories": read_categories(line)}
        case "reply_urls":
            return {"reply_urls": tuple(re.findall(r"https?://[^\s|]+", line))}
        case "deceased":
            return {"deceased": None if _REDACTED.fullmatch(line) else line}
        case "recipients_written":
            return {"recipients_written": written}
    return {name: line}


def _area(written: str) -> str:
    """Drop the marks around an area: ": Amber (West)", "Vale. 2" (the next part's number)."""
    return re.sub(r"^[\s:;,.]+|[\s.;,\]]*(?:\b2)?$", "", written)


def _cell(row: Mapping[str, str], column: str) -> str | None:
    """Return a cell's words, or None where it says nothing ("", "N/A: Not found")."""
    text = clean_text(_BREAK.sub("\n", row.get(column) or ""), entities=True).strip()
    if len(text) > 100:  # the pattern takes the square of a long run of marks
        return text if any(map(str.isalnum, text)) else None
    return None if _BLANK.fullmatch(text) else text
