"""Whether a passage says anything of this death, or only what stands in every letter and form."""

import re

from ingest.wording import is_form_words, lines, plain, sentences
from kb.documents import Kind, Section, SectionKind

# These parts name people; the document's fields hold what matters of them.
_WHO = (SectionKind.SENT_TO, SectionKind.CORONER)
_COPIED = re.compile(
    r"\b(?:cop(?:y|ies)|sent|send|publish|publication|chief coroner|interested persons?"
    r"|representations|useful or of interest)\b",
    re.IGNORECASE,
)
_CONTENTS = ("contents", "table of contents")
# Fewer words in a row are an address, a name or a heading and no statement.
_STATEMENT = 12


def is_boilerplate(text: str, section: Section, kind: Kind) -> bool:
    """Tell whether a passage of a section holds no word about this death or answer.

    A sentence that is particular to the case makes it False, wherever it stands.
    """
    if is_form_words(text) or _is_heading_only(text, section):
        return True
    if section.kind in _WHO or section.heading.casefold() in _CONTENTS:
        return True
    opens_letter = section.kind is SectionKind.PREAMBLE and kind in (Kind.RESPONSE, Kind.REPORT)
    if section.kind is SectionKind.SIGNATURE or opens_letter:
        return all(is_form_words(words) for words in _statements(text))
    if section.kind is SectionKind.COPIES:
        return all(is_form_words(words) or _COPIED.search(words) for words in _statements(text))
    return False


def _is_heading_only(text: str, section: Section) -> bool:
    return bool(section.heading) and plain(text).strip("#* ") == plain(section.heading)


def _statements(text: str) -> list[str]:
    """Return the sentences that are long enough to state something."""
    found = [
        plain(text[start:end]) for line in lines(text) for start, end in sentences(text, *line)
    ]
    return [words for words in found if len(words.split()) >= _STATEMENT]
