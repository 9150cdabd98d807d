"""A pasted text read into its concerns, as an ingest would read it; nothing of it is kept."""

from collections.abc import Callable, Sequence

from ingest.chunk import concerns_of
from ingest.classify import classify
from ingest.clean import clean_text
from ingest.concerns import find_concerns, list_spans
from ingest.gaps import narrow
from ingest.packing import Packer, Unit, size
from ingest.sections import split_sections
from ingest.wording import has_letters, is_form_words, skip_openers, trimmed
from kb.documents import Concern, Kind, Section, SectionKind
from kb.similar import PastedConcern

_LIMIT = 220  # tokens of a part, as of a passage
_MOST_PARTS = 4
"""What is longer has more than one subject: each part is then answered by itself."""


def read_pasted(text: str, *, count: Callable[[str], int]) -> tuple[PastedConcern, ...]:
    """Return the concerns of a text in its order; () where it says nothing.

    They are those of its concerns sections, else the rows of its recommendations. A text without
    either, an extract say, is read as if it were such a section: by its numbers or bullets, else
    by its paragraphs. `count` gives the model tokens of a text.
    """
    text = narrow(clean_text(text))
    packer = Packer(text, count, _LIMIT)
    try:
        return tuple(
            one
            for concern in _concerns(text)
            if has_letters(text[concern.start : concern.end])
            for one in _divided(text, concern, packer)
        )
    finally:
        size.cache_clear()  # it remembers stretches of the texts that it measured


def _divided(text: str, concern: Concern, packer: Packer) -> list[PastedConcern]:
    units = packer.pack([Unit(concern.start, concern.end, solo=True)])
    parts = tuple(text[unit.start : unit.end] for unit in units)
    if len(parts) > _MOST_PARTS:
        return [PastedConcern(label=concern.number, text=p, parts=(p,)) for p in parts]
    whole = text[concern.start : concern.end]
    return [PastedConcern(label=concern.number, text=whole, parts=parts)]


def _concerns(text: str) -> Sequence[Concern]:
    kind = classify(text)
    # What no cue knows may still have the headings of the form.
    sections = split_sections(text, Kind.REPORT if kind is Kind.OTHER else kind)
    return (
        concerns_of(text, sections)
        or _recommendations(text, sections)
        or find_concerns(text, skip_openers(text, 0, len(text)), len(text))
        or _whole(text)
    )


def _recommendations(text: str, sections: Sequence[Section]) -> list[Concern]:
    """Return the items of sections of recommendations, each section whole that lists none."""
    found: list[Concern] = []
    for one in sections:
        if one.kind is SectionKind.RECOMMENDATIONS:
            spans = list_spans(text, one.start, one.end) or [(one.start, one.end)]
            found += [Concern(None, *trimmed(text, *span)) for span in spans]
    return found


def _whole(text: str) -> list[Concern]:
    return [] if is_form_words(text) else [Concern(None, 0, len(text))]
