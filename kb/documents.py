"""The domain: what is read (Draft), what is known of a document, and how its text is divided.

Offsets travel: every section, passage, concern and evidence span is a slice of `Document.text`,
found once at ingest and never searched for again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from kb.records import Action, Recommendation, Table
from kb.themes import ThemeTag


class Kind(StrEnum):
    """What a document is."""

    REPORT = "report"
    RESPONSE = "response"
    ACTION_PLAN = "action_plan"
    ANNUAL_REPORT = "annual_report"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The kind as a person reads it."""
        return {
            "report": "PFD report",
            "response": "Response",
            "action_plan": "Action plan",
            "annual_report": "Annual report",
            "other": "Other document",
        }[self.value]


class SectionKind(StrEnum):
    """The parts of the Regulation 28 form, and the parts that letters and plans have."""

    PREAMBLE = "preamble"
    SENT_TO = "sent_to"
    CORONER = "coroner"
    POWERS = "powers"
    INVESTIGATION = "investigation"
    CIRCUMSTANCES = "circumstances"
    CONCERNS = "concerns"
    ACTION = "action"
    RESPONSE_DUE = "response_due"
    COPIES = "copies"
    SIGNATURE = "signature"
    SUMMARY = "summary"
    ANSWER = "answer"
    RECOMMENDATIONS = "recommendations"
    BODY = "body"

    @property
    def label(self) -> str:
        """The part as a person reads it."""
        return _SECTION_LABELS[self]


_SECTION_LABELS = {
    SectionKind.PREAMBLE: "Opening",
    SectionKind.SENT_TO: "Sent to",
    SectionKind.CORONER: "Coroner",
    SectionKind.POWERS: "Coroner's legal powers",
    SectionKind.INVESTIGATION: "Investigation and inquest",
    SectionKind.CIRCUMSTANCES: "Circumstances of the death",
    SectionKind.CONCERNS: "Coroner's concerns",
    SectionKind.ACTION: "Action should be taken",
    SectionKind.RESPONSE_DUE: "Response due",
    SectionKind.COPIES: "Copies and publication",
    SectionKind.SIGNATURE: "Date and signature",
    SectionKind.SUMMARY: "Summary",
    SectionKind.ANSWER: "Answer",
    SectionKind.RECOMMENDATIONS: "Recommendations",
    SectionKind.BODY: "Text",
}


class Origin(StrEnum):
    """Where a draft came from; the order is the order in which its text is preferred."""

    FILE = "file"
    TRACKER = "tracker"
    TOOLKIT = "toolkit"
    DIGEST = "digest"

    @property
    def verbatim(self) -> bool:
        """Whether the words are the document's own (the toolkit's maker rewrites lightly)."""
        return self in (Origin.FILE, Origin.TRACKER)


class Role(StrEnum):
    """How an organisation stands to a document; roles are never mixed in a count.

    A report is sent to a recipient; a respondent wrote a response; an owner has to carry out an
    action plan; an author wrote any other document. Whoever is only named in the text is mentioned,
    and is left out of every count that does not ask for it.
    """

    RECIPIENT = "recipient"
    RESPONDENT = "respondent"
    OWNER = "owner"
    AUTHOR = "author"
    MENTIONED = "mentioned"

    @property
    def label(self) -> str:
        """The role as a person reads it."""
        return {
            "recipient": "Recipient",
            "respondent": "Respondent",
            "owner": "Owner of a plan",
            "author": "Author",
            "mentioned": "Only named in the text",
        }[self.value]

    @property
    def kind(self) -> Kind | None:
        """The kind of document that the role belongs to, None where it may be of several."""
        return _KINDS_OF_ROLES.get(self)

    @staticmethod
    def of_maker(kind: Kind) -> "Role | None":
        """Return the role of the organisation that a document comes from, None for a report.

        A report comes from a coroner, who is no organisation.
        """
        if kind is Kind.REPORT:
            return None
        return next((role for role, of in _KINDS_OF_ROLES.items() if of is kind), Role.AUTHOR)


_KINDS_OF_ROLES = {
    Role.RECIPIENT: Kind.REPORT,
    Role.RESPONDENT: Kind.RESPONSE,
    Role.OWNER: Kind.ACTION_PLAN,
}


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation as a document names it: the words as written and the name we read.

    `start` and `end` are where the text first names a body that is only mentioned; None for the
    other roles, which are read from the form or the sources' fields.
    """

    role: Role
    written: str
    name: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text whose place on the form is known before reading (a CSV column)."""

    kind: SectionKind
    heading: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What one source says of one document, before sources are merged.

    `fields` holds claims (ref, date, coroner, coroner_area, recipients, ...); a value that the
    source does not state is absent. `key` names the source in the ledger.
    """

    key: str
    docno: str
    origin: Origin
    source: str
    sha256: str
    parts: tuple[Part, ...] = ()
    pages: tuple[int, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def has_text(self) -> bool:
        """Whether the source holds any of the document's words."""
        return any(part.text.strip() for part in self.parts)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a document; the sections of a document tile its text."""

    kind: SectionKind
    heading: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The unit of search: a slice of one section, at most 220 model tokens, never empty.

    `section` is the position of its section; `label` the number of the concern, answer or row it
    belongs to, as written; `page` counts from one, None where the source has no pages;
    `boilerplate` marks words of the form that say nothing of this death.
    """

    section: int
    start: int
    end: int
    text: str
    label: str | None = None
    page: int | None = None
    boilerplate: bool = False
    tags: tuple[ThemeTag, ...] = ()


@dataclass(frozen=True, slots=True)
class Concern:
    """One matter of concern: its number as written (None if unnumbered) and its place."""

    number: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """A field that could not be read with certainty: the words, and what is doubtful."""

    field: str
    words: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The text of one source, or what several sources say of one published report.

    Unknown is None. `date` is a partial date. `claims` tells for each field which origin it was
    taken from. `digest` is our own summary (Markdown) where one is held beside the text.
    """

    docno: str
    kind: Kind
    title: str
    text: str
    origin: Origin
    source: str
    pages: tuple[int, ...] = ()
    ref: str | None = None
    ref_written: str | None = None
    date: str | None = None
    coroner: str | None = None
    coroner_area: str | None = None
    categories: tuple[str, ...] = ()
    parties: tuple[Party, ...] = ()
    url: str | None = None
    deceased: str | None = None
    licence: str | None = None
    digest: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    claims: Mapping[str, str] = field(default_factory=dict)
    sections: tuple[Section, ...] = ()
    passages: tuple[Passage, ...] = ()
    concerns: tuple[Concern, ...] = ()
    actions: tuple[Action, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    tables: tuple[Table, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def verbatim(self) -> bool:
        """Whether the text is the document's own words."""
        return self.origin.verbatim
