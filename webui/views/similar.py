"""What did past coroners raise that is like this? For a pasted report, and for a passage held.

A pasted text is sent as a form's body, so that nothing of an unpublished report stands in an
address, a log or a browser's history, and it is forgotten with the answer. The form carries the
session's token as every form does; as it changes nothing, readers on other machines may send it,
too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request

from kb.citations import ORIGIN_NOTES, after_heading
from kb.documents import Kind
from kb.errors import UsageError
from kb.queries import Filters
from kb.similar import (
    MOST_CHARACTERS,
    NO_RESPONSE,
    NO_WORDS,
    Alike,
    ConcernAnswer,
    PastedConcern,
    SimilarAnswer,
    check_length,
    left_out_words,
)
from kb.store import passages
from webui import access
from webui.hits import CLOSED, ShownPassage, show
from webui.params import asked

pages = Blueprint("similar", __name__)

KINDS = {
    Kind.REPORT: "Concerns of reports",
    Kind.ACTION_PLAN: "Recommendations of action plans",
    "all": "Both",
}
PER_CONCERN = 5
PER_PASSAGE = 10


@dataclass(frozen=True, slots=True)
class ShownAlike:
    """A past concern as shown; `note` says whose words they are where not the document's own."""

    alike: Alike
    passage: ShownPassage
    note: str | None


@dataclass(frozen=True, slots=True)
class ShownConcern:
    """A concern and what is held for it."""

    concern: PastedConcern
    held: Sequence[ShownAlike]
    alike: Sequence[ShownAlike]


@pages.get("/similar")
def ask() -> str:
    """The form; or with `passage`, the past concerns like that passage."""
    key = request.args.get("passage", "")
    filters = narrowed(request.args)
    if not key:
        return _form(filters)
    store = access.store()
    row = passages.passage(store.db, key)
    document = passages.documents_of(store.db, [row.document_id])[row.document_id]
    answer = access.similar().to_passage(store, key, filters=filters, limit=PER_PASSAGE)
    begin, closed = after_heading(row.text, row.heading), CLOSED.get(row.section_kind)
    return _answered(answer, key=key, of=document, begin=begin, closed=closed)


@pages.post("/similar")
def pasted() -> str:
    """The past concerns like those of a text, concern by concern."""
    text = request.form.get("text", "")
    filters = narrowed(request.form)
    concerns = concerns_in(text)
    if not concerns:
        return _form(filters, text=text, problem=NO_WORDS)
    store = access.store()
    answer = access.similar().to_concerns(store, concerns, filters=filters, limit=PER_CONCERN)
    return _answered(answer, text=text)


def narrowed(values: Mapping[str, str]) -> Filters:
    """Return what past concerns are narrowed to: kind (reports unless told), theme, from, to.

    Raises `UnknownFilterValue`.
    """
    chosen = {name: values.get(name, "") for name in ("theme", "from", "to")}
    kind = values.get("kind", "") or Kind.REPORT
    if kind != "all":
        chosen["kind"] = kind
    return asked(chosen).filters


def concerns_in(text: str) -> tuple[PastedConcern, ...]:
    """Return the concerns of a text, () without any. Raises `UsageError` for one too long."""
    # A browser sends two characters for each line end that a person sees as one.
    text = text.replace("\r\n", "\n")
    check_length(text)
    read = access.read_concerns()
    if read is None:
        raise UsageError("This server cannot read pasted texts. Start it with 'pfdkb serve'.")
    return read(text)


def _form(filters: Filters, *, text: str = "", problem: str | None = None) -> str:
    return render_template(
        "similar/ask.html", text=text, problem=problem, filters=filters, **_choices()
    )


def _choices() -> dict[str, object]:
    return {
        "kinds": KINDS,
        "book": access.book(),
        "most": MOST_CHARACTERS,
        "can_read": access.read_concerns() is not None,
    }


def _answered(answer: SimilarAnswer, **more: object) -> str:
    return render_template(
        "similar/answered.html",
        answer=answer,
        filters=answer.filters,
        concerns=[_concern(one, answer.filters.theme) for one in answer.concerns],
        left_out=left_out_words(answer),
        no_response=NO_RESPONSE,
        **_choices(),
        **more,
    )


def _concern(answer: ConcernAnswer, theme: str | None) -> ShownConcern:
    every = (*answer.held, *answer.alike)
    told = {
        one.hit.docno: ShownAlike(one, show(one.hit, theme=theme), ORIGIN_NOTES.get(one.hit.origin))
        for one in every
    }
    return ShownConcern(
        answer.concern,
        [told[one.hit.docno] for one in answer.held],
        [told[one.hit.docno] for one in answer.alike],
    )
