"""A document laid out for reading: every character of its text, passages where they stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

from kb.citations import after_heading, bare_heading, quotation, section_name
from kb.documents import Document, Section
from kb.store.passages import PassageRow
from kb.themes import Theme
from webui.hits import CLOSED, themes_of
from webui.render import marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A passage, or text between passages (`key` and `citation` are then None)."""

    text: Markup
    key: str | None = None
    number: int | None = None
    page: int | None = None
    citation: str | None = None
    themes: tuple[Theme, ...] = ()
    standard: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingPart:
    """A section: `closed` is the sentence to open it by, None for what stands open.

    `runs` alternate between (True, standard wording of the form) and (False, everything else).
    """

    anchor: str
    name: str
    closed: str | None
    runs: tuple[tuple[bool, tuple[Piece, ...]], ...]

    @property
    def only_standard(self) -> bool:
        """Whether nothing here is peculiar to this document."""
        return all(standard for standard, _ in self.runs)


def laid_out(
    document: Document, rows: Sequence[PassageRow], *, theme: str | None, accessed: str
) -> list[ReadingPart]:
    """Return the sections of a document; the evidence for `theme` (None for no theme) is marked."""
    parts = []
    for at, section in enumerate(document.sections):
        name = section_name(section.kind, section.heading)
        own = [row for row in rows if row.section == at]
        pieces = _pieces(document, section, own, name=name, theme=theme, accessed=accessed)
        runs = groupby(pieces, key=lambda piece: piece.standard)
        part = ReadingPart(
            anchor=f"s-{at + 1}",
            name=name,
            closed=CLOSED.get(section.kind),
            runs=tuple((standard, tuple(group)) for standard, group in runs),
        )
        if part.runs:
            parts.append(part)
    return parts


def _pieces(
    document: Document,
    section: Section,
    rows: Sequence[PassageRow],
    *,
    name: str,
    theme: str | None,
    accessed: str,
) -> Iterator[Piece]:
    at = section.start
    for row in rows:
        yield from _between(document.text[at : row.start], section, name)
        begin = after_heading(row.text, row.heading)
        yield from _between(row.text[:begin], section, name)
        spans = [(tag.start, tag.end) for tag in row.tags if tag.theme == theme]
        yield Piece(
            text=marked(row.text, spans, begin=begin),
            key=row.key,
            number=row.position + 1,
            page=row.page,
            citation=quotation(document, row).citation(accessed=accessed),
            themes=themes_of(row.tags),
            standard=row.boilerplate,
        )
        at = row.end
    yield from _between(document.text[at : section.end], section, name)


def _between(text: str, section: Section, name: str) -> Iterator[Piece]:
    """Yield text that belongs to no passage, unless it only repeats the heading shown above it."""
    bare = bare_heading(text)
    if bare == bare_heading(section.heading):
        shown = "" if bare == name else bare
    else:
        shown = text.strip("\n")
    if shown.strip():
        yield Piece(text=escape(shown))
