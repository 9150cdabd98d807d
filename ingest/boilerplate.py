"""Whether a passage says anything of this death, or only what stands in every letter and form."""

import re

from ingest.wording import is_form_words, lines, plain, sentences, skip_openers
from kb.documents import Kind, Section, SectionKind

# These parts name people; the document's fields hold what matters of them.
_WHO = (SectionKind.SENT_TO, SectionKind.CORONER)
_COPIED = re.compile(
    r"\b(?:cop(?:y|ies)|sent|send|publish|publication|chief coroner|interested persons?"
    r"|representations|useful or of interest)\b",
    re.IGNORECASE,
)
_DUE = re.compile(
    r"\b(?:under a duty to respond|extend(?:ed)? (?:the|this|that) period"
    r"|your response (?:must|should)|why no action is|joint response)\b",
    re.IGNORECASE,
)
# Sentences of these parts that hold such words say only when to answer or who has a copy.
_SAYS_NO_MORE = {SectionKind.COPIES: _COPIED, SectionKind.RESPONSE_DUE: _DUE}
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
    if section.kind is SectionKind.CONCERNS:
        return _is_opening(text)
    standing = _SAYS_NO_MORE.get(section.kind)
    if standing:
        return all(is_form_words(words) or standing.search(words) for words in _statements(text))
    return False


def _is_opening(text: str) -> bool:
    """Tell whether a passage opens a concerns section and only leads in what others say.

    "... The MATTERS OF CONCERN are as follows. For the Trust:" states nothing of its own; a
    concern after an opening is a passage by itself.
    """
    begin = skip_openers(text, 0, len(text))
    return begin > 0 and len(text[begin:].split()) < _STATEMENT


def _is_heading_only(text: str, section: Section) -> bool:
    return bool(section.heading) and plain(text).strip("#* ") == plain(section.heading)


def _statements(text: str) -> list[str]:
    """Return the sentences that are long enough to state something."""
    found = [
        plain(text[start:end]) for line in lines(text) for start, end in sentences(text, *line)
    ]
    return [words for words in found if len(words.split()) >= _STATEMENT]
