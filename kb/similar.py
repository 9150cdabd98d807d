"""A new report's concerns, and the past concerns like them: what is asked and what is answered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from kb.errors import UsageError
from kb.queries import Filters, SearchHit, hit_json
from kb.store.answers import LinkedDocument

MOST_CHARACTERS = 200_000
"""The longest text that is read; ten times the longest report of the public exports."""
MOST_CONCERNS = 25
NO_RESPONSE = "No response in the material held."
NO_WORDS = "The text holds no words to compare."


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedConcern:
    """A concern of a text that the library does not hold.

    `label` is its number as written, None without one. `parts` are its words again, each piece
    short enough to be read whole by the model.
    """

    label: str | None
    text: str
    parts: tuple[str, ...]


class ConcernReader(Protocol):
    """Reads a text of any kind into its concerns; () where it says nothing. It keeps nothing."""

    def __call__(self, text: str) -> tuple[PastedConcern, ...]:
        """Return the concerns in the order of the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A past concern: the best passage of one document, and who answered that document.

    `close` tells that its meaning is so near that over half of such pairs say the same. `also` are
    other documents held in which nearly the same words stand.
    """

    hit: SearchHit
    close: bool
    answers: tuple[LinkedDocument, ...] = ()
    also: tuple[LinkedDocument, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernAnswer:
    """What the library holds for one concern.

    `held` are the passages that have its very words; `alike` those that resemble it, nearest first.
    """

    concern: PastedConcern
    held: tuple[Alike, ...] = ()
    alike: tuple[Alike, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarAnswer:
    """The answers, concern by concern. `left_out` counts concerns beyond the most answered.

    `notice` is a sentence where the answer is less than it should be (words only, say).
    """

    concerns: tuple[ConcernAnswer, ...]
    filters: Filters = field(default_factory=Filters)
    left_out: int = 0
    notice: str | None = None


def check_length(text: str) -> None:
    """Raise `UsageError` for a text longer than is read."""
    if len(text) > MOST_CHARACTERS:
        raise UsageError(
            f"At most {MOST_CHARACTERS:,} characters can be compared, and this text is longer. "
            "Paste its concerns alone."
        )


def left_out_words(answer: SimilarAnswer) -> str | None:
    """Return how many concerns are not answered, None where all are."""
    if not answer.left_out:
        return None
    return (
        f"The first {MOST_CONCERNS} concerns are answered; {answer.left_out:,} more are not. "
        "Paste the others by themselves."
    )


def similar_json(answer: SimilarAnswer) -> dict[str, Any]:
    """Return an answer in the form that the command line and the web interface print."""
    return {
        "notice": answer.notice,
        "left_out": answer.left_out,
        "concerns": [
            {
                "number": at,
                "label": one.concern.label,
                "text": one.concern.text,
                "held": _alike_json(one.held),
                "hits": _alike_json(one.alike),
            }
            for at, one in enumerate(answer.concerns, start=1)
        ],
    }


def _alike_json(found: Sequence[Alike]) -> list[dict[str, Any]]:
    return [
        hit_json(one.hit)
        | {
            "close": one.close,
            "responses": [
                {"docno": answer.docno, "title": answer.title, "date": answer.date}
                for answer in one.answers
            ],
            "same_words_in": [other.docno for other in one.also],
        }
        for one in found
    ]
