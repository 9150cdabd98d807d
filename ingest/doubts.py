"""What could not be read with certainty, told openly with the words that caused it."""

from collections.abc import Iterator, Mapping
from typing import Any

from ingest.resolve import resolve
from kb.documents import Document, Doubt, Kind, Role

_LONGEST = 200
_NOT_REGISTERED = "Not in the register of organisations, though a body of it may be meant."


def doubts(document: Document, fields: Mapping[str, Any]) -> Iterator[Doubt]:
    """Yield the doubts about a document, given the claims that its fields were read from."""
    date = fields.get("date_written")
    if date and document.date is None:
        yield _doubt("date", date, "No date could be read from these words.")
    elif date and document.date is not None and len(document.date) < 10:
        yield _doubt("date", date, "Only a part of the date could be read.")
    elif not date and document.kind is Kind.REPORT and document.date is None:
        yield _doubt("date", document.text[-_LONGEST:], "No date could be found.")
    ref = fields.get("ref_written")
    if ref and document.ref is None:
        yield _doubt("ref", ref, "This is no ref of the form 2099-0001.")
    if fields.get("coroner_written") and document.coroner is None:
        yield _doubt("coroner", fields["coroner_written"], "No name could be read.")
    written = fields.get("recipients_written")
    named = [party for party in document.parties if party.role is Role.RECIPIENT]
    if document.kind is Kind.REPORT and written and not named:
        yield _doubt("recipients", written, "No organisation could be read from these words.")
    for party in document.parties:
        resolution = resolve(party.name)
        if resolution.uncertain:
            near = "; ".join(one.name for one in resolution.candidates[:3])
            yield _doubt("organisation", f"{party.name} (perhaps {near})", _NOT_REGISTERED)
    if document.kind is Kind.REPORT and document.text and not document.concerns:
        yield _doubt("concerns", document.text[:_LONGEST], "No concern could be found.")
    for recommendation in document.recommendations:
        if not recommendation.separated:
            words = document.text[recommendation.start : recommendation.end]
            yield _doubt(
                "recommendations", words, "The columns of this row could not be told apart."
            )


def _doubt(field: str, words: object, reason: str) -> Doubt:
    text = " ".join(str(words).split())
    return Doubt(field, text if len(text) <= _LONGEST else text[:_LONGEST] + "…", reason)
