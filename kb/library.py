"""The library as something to teach with: learning pages and case packs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from kb.citations import Quotation, quotation
from kb.errors import Unreadable
from kb.settings import corpus_folder
from kb.store import Store, documents, passages
from kb.themes import themes

CONTENT_NOTE = (
    "These documents are about people who have died, and some tell of suicide and self-harm. "
    "Samaritans can be reached free, day or night, on 116 123."
)
INDEPENDENCE = "Independent software. Not part of the NHS, the judiciary or any coroner's office."
OGL_NOTE = (
    "Contains public sector information licensed under the Open Government Licence v3.0 "
    "(published reports)."
)

_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_DIRECTIVE = re.compile(r"^\[\[\s*([\w-]+)\s*:\s*([^\]\n]*?)\s*\]\][ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Directive:
    """A line such as `[[count: staffing]]` that stands for live content; `written` is the line."""

    name: str
    arguments: tuple[str, ...]
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningPage:
    """A page about one theme: stretches of Markdown with directives between them."""

    theme: str
    title: str
    blocks: tuple[str | Directive, ...]


def learning_pages(folder: Path | None = None) -> dict[str, LearningPage]:
    """Return the learning pages by theme, in the codebook's order; None means the shipped ones.

    Raises `Unreadable` for a page without a known theme and a title.
    """
    folder = folder or corpus_folder() / "learning"
    found = [read_learning_page(file) for file in sorted(folder.glob("*.md"))]
    order = list(themes())
    return {page.theme: page for page in sorted(found, key=lambda page: order.index(page.theme))}


def read_learning_page(file: Path) -> LearningPage:
    """Return the page in a file. Raises `Unreadable` if it has no known theme or no title."""
    match = _FRONT_MATTER.match(file.read_text(encoding="utf-8"))
    front = yaml.safe_load(match[1]) if match else None
    if match is None or not isinstance(front, dict) or not front.get("title"):
        raise Unreadable("no_front_matter", f"{file.name} does not begin with theme and title.")
    if front.get("theme") not in themes():
        raise Unreadable("unknown_theme", f"{file.name} names no theme of the codebook.")
    return LearningPage(
        theme=front["theme"], title=str(front["title"]), blocks=tuple(_blocks(match[2]))
    )


def _blocks(body: str) -> Iterator[str | Directive]:
    at = 0
    for match in _DIRECTIVE.finditer(body):
        if body[at : match.start()].strip():
            yield body[at : match.start()].strip()
        arguments = tuple(part.strip() for part in match[2].split(",") if part.strip())
        yield Directive(match[1], arguments, match[0].strip())
        at = match.end()
    if body[at:].strip():
        yield body[at:].strip()


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """One place in a case list; `quotation` is None where the passage is no longer held."""

    key: str
    quotation: Quotation | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePack:
    """Passages that a person chose, in their order; `accessed` is the date of the library."""

    title: str
    entries: tuple[CaseEntry, ...]
    accessed: str


def case_entries(store: Store, keys: Sequence[str]) -> tuple[CaseEntry, ...]:
    """Return the passages of these keys in their order; what is no longer held stays in place."""
    held = passages.passages_by_key(store.db, keys)
    rows = {row.key: row for row in held}
    docnos = {
        id_: row.docno
        for id_, row in passages.documents_of(store.db, {row.document_id for row in held}).items()
    }
    read = {id_: documents.read_document(store.db, docno) for id_, docno in docnos.items()}
    return tuple(
        CaseEntry(key, quotation(read[rows[key].document_id], rows[key]) if key in rows else None)
        for key in keys
    )


def lost_words(entry: CaseEntry) -> str:
    """Return the sentence that stands in place of a passage that is no longer held."""
    return (
        f"The passage {entry.key} was in this list but is no longer held: its document has been "
        "removed or has changed."
    )


def case_markdown(pack: CasePack) -> str:
    """Return a case pack as Markdown: quotations as block quotes, everything else outside them."""
    lines = [f"# {_plain(pack.title)}", "", CONTENT_NOTE, ""]
    for number, entry in enumerate(pack.entries, start=1):
        quoted = entry.quotation
        if quoted is None:
            lines += [f"## {number}. No longer held", "", lost_words(entry), ""]
            continue
        lines += [f"## {number}. {_plain(quoted.title)}", ""]
        lines += [f"{quoted.note or 'Quoted word for word'}, {_plain(quoted.where)}:", ""]
        lines += [f"> {_plain(line)}".rstrip() for line in quoted.text.splitlines()]
        lines += ["", f"Citation: {_plain(quoted.citation(accessed=pack.accessed))}", ""]
        if quoted.themes:
            lines += [f"Themes (tagged by software): {', '.join(quoted.themes)}.", ""]
    lines += ["---", "", OGL_NOTE, "", INDEPENDENCE, ""]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Return text so that a Markdown reader shows it as it is: no markup, no heading, no HTML."""
    return re.sub(r"([\\`*<])|((?<!\w)_|_(?!\w))|^(\s*)(#)", _escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return f"{match[3]}\\#" if match[4] else f"\\{match[0]}"
