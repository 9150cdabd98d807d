"""What can be relied on: the fields filled, what is in doubt, which sources failed and why."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from kb.documents import Kind


@dataclass(frozen=True, slots=True)
class FieldCount:
    """How many documents of a kind have a field filled, of how many that could."""

    field: str
    label: str
    filled: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KindQuality:
    """What is known of the documents of one kind; only fields that such a document can have."""

    kind: Kind
    documents: int
    with_text: int
    fields: tuple[FieldCount, ...]


@dataclass(frozen=True, slots=True)
class DoubtCount:
    """How often a field is in doubt for a reason."""

    field: str
    reason: str
    doubts: int
    documents: int


@dataclass(frozen=True, slots=True)
class FailureCount:
    """How many sources failed for a reason (a short key), and the sentence that says what to do."""

    reason: str
    detail: str
    sources: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityReport:
    """The whole of it: every kind in the order of `Kind`, doubts and failures commonest first."""

    kinds: tuple[KindQuality, ...]
    doubts: tuple[DoubtCount, ...]
    failures: tuple[FailureCount, ...]


@dataclass(frozen=True, slots=True)
class _Field:
    """A field: the SQL that says it is filled in `documents d`, and the kinds that can have it.

    `read` marks what is read out of the text: a document without text cannot have it.
    """

    name: str
    label: str
    filled: str
    kinds: tuple[Kind, ...]
    read: bool = False


def _party(role: str) -> str:
    return f"EXISTS (SELECT 1 FROM parties y WHERE y.document_id = d.id AND y.role = '{role}')"


def _record(kind: str, also: str = "") -> str:
    return (
        f"EXISTS (SELECT 1 FROM records r WHERE r.document_id = d.id AND (r.kind = '{kind}'{also}))"
    )


_ALL = tuple(Kind)
_OF_INQUESTS = (Kind.REPORT, Kind.RESPONSE)
_PLANNED = " OR (r.kind = 'recommendation' AND json_array_length(r.payload, '$.actions') > 0)"
_FIELDS = (
    _Field("ref", "Ref", "d.ref IS NOT NULL", _OF_INQUESTS),
    _Field("date_whole", "Date, whole", "length(d.date) = 10", _ALL),
    _Field("date_partial", "Date, only in part", "length(d.date) < 10", _ALL),
    _Field("date_none", "Date, none", "d.date IS NULL", _ALL),
    _Field("coroner", "Coroner", "d.coroner IS NOT NULL", _OF_INQUESTS),
    _Field("coroner_area", "Coroner area", "d.coroner_area IS NOT NULL", _OF_INQUESTS),
    _Field("recipients", "Recipients", _party("recipient"), (Kind.REPORT,)),
    _Field("respondents", "Respondents", _party("respondent"), (Kind.RESPONSE,)),
    _Field("owners", "Owners of the plan", _party("owner"), (Kind.ACTION_PLAN,)),
    _Field("authors", "Authors", _party("author"), (Kind.ANNUAL_REPORT, Kind.OTHER)),
    _Field(
        "categories",
        "Categories",
        "EXISTS (SELECT 1 FROM categories c WHERE c.document_id = d.id)",
        (Kind.REPORT,),
    ),
    _Field(
        "concerns",
        "Concerns",
        "EXISTS (SELECT 1 FROM concerns c WHERE c.document_id = d.id)",
        _OF_INQUESTS,
        read=True,
    ),
    # A plan's actions stand inside its recommendations.
    _Field(
        "actions",
        "Actions",
        _record("action", _PLANNED),
        (Kind.RESPONSE, Kind.ACTION_PLAN),
        read=True,
    ),
    _Field(
        "recommendations",
        "Recommendations",
        _record("recommendation"),
        (Kind.ACTION_PLAN,),
        read=True,
    ),
    # A plan's table is read as recommendations instead.
    _Field(
        "tables",
        "Tables",
        _record("table"),
        tuple(k for k in Kind if k is not Kind.ACTION_PLAN),
        read=True,
    ),
)
FIELD_LABELS = {field.name: field.label for field in _FIELDS}
"""The fields in the order in which they are shown, with what they are called."""


def quality(db: Database) -> QualityReport:
    """Return how far the library can be relied on, as it stands."""
    return QualityReport(
        kinds=_kinds(db), doubts=_doubt_counts(db), failures=tuple(_failure_counts(db))
    )


def _kinds(db: Database) -> tuple[KindQuality, ...]:
    sums = ", ".join(f"total({field.filled})" for field in _FIELDS)
    rows = db.execute(
        f"SELECT d.kind, count(*), total(d.text <> ''), {sums} FROM documents d GROUP BY d.kind"
    )
    nothing = [0.0] * (2 + len(_FIELDS))
    held = {row[0]: row[1:] for row in rows}
    return tuple(_of_kind(kind, [int(n) for n in held.get(kind, nothing)]) for kind in Kind)


def _of_kind(kind: Kind, numbers: list[int]) -> KindQuality:
    documents, with_text, *filled = numbers
    return KindQuality(
        kind=kind,
        documents=documents,
        with_text=with_text,
        fields=tuple(
            FieldCount(field.name, field.label, count, with_text if field.read else documents)
            for field, count in zip(_FIELDS, filled, strict=True)
            if kind in field.kinds
        ),
    )


def _doubt_counts(db: Database) -> tuple[DoubtCount, ...]:
    rows = db.execute(
        "SELECT field, reason, count(*), count(DISTINCT document_id) FROM doubts"
        " GROUP BY field, reason ORDER BY 3 DESC, 1, 2"
    )
    return tuple(DoubtCount(*row) for row in rows)


def _failure_counts(db: Database) -> Iterable[FailureCount]:
    rows = db.execute(
        "SELECT reason, coalesce(detail, ''), count(*) FROM ledger WHERE state = 'failed'"
        " GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"
    )
    return (FailureCount(*row) for row in rows)
