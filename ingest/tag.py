"""Theme tags from cues alone: the rules that stand beside the model, and in for it.

All that leaves here is `ThemeTag`s with the offsets of the words that earned them.
"""

from collections.abc import Sequence

from ingest.cues import CueReading, Found, read_cues, score
from ingest.evidence import evidence
from kb.documents import SectionKind
from kb.tagging import Taggable
from kb.themes import ThemeTag

MOST_TAGS = 4
THRESHOLD = 0.5  # of the score

_FORM = frozenset(
    {
        SectionKind.SENT_TO,
        SectionKind.CORONER,
        SectionKind.POWERS,
        SectionKind.RESPONSE_DUE,
        SectionKind.COPIES,
        SectionKind.SIGNATURE,
    }
)
"""The parts of the form that say nothing of the death."""
_FEWEST_WORDS = 5  # fewer are a heading


class CueTagger:
    """Tags by cues alone."""

    fingerprint = "cues"

    def tag(self, passages: Sequence[Taggable]) -> list[tuple[ThemeTag, ...]]:
        """Return the themes of each passage, the most central first."""
        return [tag(p.text, section=p.section, boilerplate=p.boilerplate) for p in passages]


def says_something(text: str, *, section: SectionKind | None, boilerplate: bool) -> bool:
    """Tell whether a passage can show a theme at all.

    Boilerplate, headings and the parts of the form that say nothing of the death cannot.
    """
    return not (boilerplate or section in _FORM or len(text.split()) < _FEWEST_WORDS)


def tag(
    text: str, *, section: SectionKind | None = None, boilerplate: bool = False
) -> tuple[ThemeTag, ...]:
    """Return the themes that a passage shows by its cues, the most central first, at most four.

    Offsets count from the start of `text` and hold the cue with the sentence or clause around it;
    scores lie between 0 and 1. `section` None means unknown: a concern.
    """
    if not says_something(text, section=section, boilerplate=boilerplate):
        return ()
    reading = read_cues(text, section=section)
    tags = []
    for theme, places in reading.places.items():
        found, best = score(places, theme)
        if best is not None and found >= THRESHOLD:
            start, end = around(reading, best)
            tags.append(ThemeTag(theme=theme, score=round(found, 3), start=start, end=end))
    tags.sort(key=lambda claim: -claim.score)
    return tuple(tags[:MOST_TAGS])


def around(reading: CueReading, found: Found) -> tuple[int, int]:
    """Return the sentence or clause around a cue."""
    return evidence(reading.plain, reading.sentences[found.sentence], found.start, found.end)
