"""What the head of a Markdown file claims, and the parts of a digest."""

import re
from collections.abc import Mapping
from typing import Any

from ingest.clean import clean_text
from ingest.dates import parse_date
from kb.documents import Kind, Part, SectionKind
from kb.refs import normalise_ref

LONGEST_FIELD = 20_000
"""Characters; the longest list of recipients met has 11,000."""

_TEXTS = frozenset(
    """
    title coroner coroner_area url licence respondent organisation year report_date
    source_file addressee
    """.split()
)
_LISTS = {"recipients", "categories", "organisation"}
_DIGEST_SECTIONS = {
    "summary": SectionKind.SUMMARY,
    "circumstances": SectionKind.CIRCUMSTANCES,
    "concerns": SectionKind.CONCERNS,
    "concerns answered": SectionKind.CONCERNS,
    "answers": SectionKind.ANSWER,
    "recommendations": SectionKind.RECOMMENDATIONS,
}


def digest_parts(text: str) -> tuple[Part, ...]:
    """Divide a digest at its "## " headings, which say what each part is."""
    before, *rest = re.split(r"^## +", text, flags=re.MULTILINE)
    parts = [Part(SectionKind.BODY, "", before.strip())] if before.strip() else []
    for piece in rest:
        heading, _, body = piece.partition("\n")
        kind = _DIGEST_SECTIONS.get(heading.strip().lower(), SectionKind.BODY)
        if body.strip():
            parts.append(Part(kind, heading.strip(), body.strip()))
    return tuple(parts)


def _line(value: object) -> str:
    """Return a value as one clean line; what is far too long for a value is cut."""
    return " ".join(clean_text(str(value)[:LONGEST_FIELD]).split())


def front_matter(meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return the claims of a Markdown file's front matter; what we do not know is left out."""
    fields: dict[str, Any] = {}
    for name, value in meta.items():
        if value is None:
            continue
        if name in _LISTS and isinstance(value, list):
            fields[name] = tuple(_line(one) for one in value)
        elif name in _TEXTS:
            fields[name] = _line(value)
    if str(meta.get("kind", "")) in set(Kind):
        fields["kind"] = str(meta["kind"])
    date = parse_date(_line(meta.get("date", "")))
    if date:
        fields["date"] = date
    written = _line(meta.get("ref") or "")
    ref = normalise_ref(written)
    if ref:
        fields |= {"ref": ref, "ref_written": written}
    return {name: value for name, value in fields.items() if value}
