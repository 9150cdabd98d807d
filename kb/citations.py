"""A passage as something to quote: whose words, which document, where in it, and a citation."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from kb.documents import Document, Kind, Origin, Role, SectionKind
from kb.refs import is_partial_date
from kb.store.passages import PassageRow
from kb.themes import themes

ORIGIN_NOTES = {
    Origin.DIGEST: "Digest in our own words",
    Origin.TOOLKIT: "Text lightly rewritten by the export's maker",
}
"""What must stand beside words that are not the document's own."""

_MONTHS = """
    January February March April May June July August September October November December
    """.split()
_WRITTEN_HEADINGS = {SectionKind.BODY, SectionKind.ANSWER, SectionKind.RECOMMENDATIONS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A passage with all that a citation needs; never the name of the deceased.

    `authors` wrote the document, whatever their role is called; who is only named is left out.
    """

    key: str
    docno: str
    text: str
    kind: Kind
    title: str
    origin: Origin
    recipients: tuple[str, ...]
    authors: tuple[str, ...]
    ref: str | None
    date: str | None
    coroner_area: str | None
    section: str
    label: str | None
    page: int | None
    url: str | None
    source: str
    licence: str | None
    themes: tuple[str, ...]

    @property
    def where(self) -> str:
        """The place in the document: section, number of the concern or answer, page."""
        parts = [self.section]
        if self.label:
            parts.append(f"no. {self.label}")
        if self.page is not None:
            parts.append(f"page {self.page}")
        return ", ".join(parts)

    @property
    def note(self) -> str | None:
        """What to say of words that are not the document's own; None for verbatim text."""
        return ORIGIN_NOTES.get(self.origin)

    def citation(self, *, accessed: str) -> str:
        """Return a reference ready to paste; `accessed` is the library's date, partial or not."""
        who = list(self.authors)
        if self.coroner_area and self.kind is Kind.REPORT:
            who.append(f"Coroner area: {self.coroner_area}")
        kind = f"{self.kind.label} {self.ref}" if self.ref else self.kind.label
        # A report without a title of its own is called by its kind and ref: once is enough.
        named = "" if self.title.startswith(kind) else kind
        facts = ["; ".join(who), f"“{self.title}”", named]
        if self.recipients:
            facts.append("sent to " + "; ".join(self.recipients))
        facts += [date_words(self.date), self.where]
        origin = f" {self.note}." if self.note else ""
        place = self.url or f"Source: {self.source}"
        return (
            ", ".join(fact for fact in facts if fact)
            + f".{origin} {place} (as held in pfd-kb on {date_words(accessed)})."
        )


def quotation(document: Document, passage: PassageRow) -> Quotation:
    """Return a passage as something to quote."""
    book = themes()
    named = {
        role: tuple(dict.fromkeys(p.name for p in document.parties if p.role is role))
        for role in Role
    }
    return Quotation(
        key=passage.key,
        docno=document.docno,
        text=passage.text[after_heading(passage.text, passage.heading) :],
        kind=document.kind,
        title=document.title,
        origin=document.origin,
        recipients=named[Role.RECIPIENT],
        authors=named[Role.RESPONDENT] + named[Role.OWNER] + named[Role.AUTHOR],
        ref=document.ref,
        date=document.date,
        coroner_area=document.coroner_area,
        section=section_name(passage.section_kind, passage.heading),
        label=passage.label,
        page=passage.page,
        url=web_link(document.url),
        source=document.source,
        licence=document.licence,
        themes=tuple(book[tag.theme].name for tag in passage.tags if tag.theme in book),
    )


def after_heading(text: str, heading: str) -> int:
    """Return where a passage's words begin after a first line that only repeats its heading.

    The heading is told beside the passage anyway, and in Markdown it still has its marks
    ("## **Foreword**"). A passage that is nothing but its heading is kept whole: 0.
    """
    first, _, rest = text.partition("\n")
    if not rest.strip() or bare_heading(first) != bare_heading(heading):
        return 0
    return len(text) - len(rest.lstrip())


def bare_heading(line: str) -> str:
    """Return a heading without the marks of Markdown around it."""
    return line.strip(" #*_\t\n")


def section_name(kind: SectionKind, heading: str) -> str:
    """Return what to call a section: its own heading in letters and plans, else the form's part."""
    return (bare_heading(heading) if kind in _WRITTEN_HEADINGS else "") or kind.label


def date_words(date: str | None) -> str:
    """Return "11 September 2021", "September 2021", "2021", or "date not stated" for None."""
    if date is None:
        return "date not stated"
    if not is_partial_date(date):
        return date
    year, *rest = date.split("-")
    month = [_MONTHS[int(rest[0]) - 1]] if rest else []
    day = [str(int(rest[1]))] if len(rest) > 1 else []
    return " ".join([*day, *month, year])


def web_link(url: str | None) -> str | None:
    """Return an address that may be linked to: http or https, else None."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None
