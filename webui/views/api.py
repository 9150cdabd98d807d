"""The search as JSON, in the form that the command line prints."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from index.question import Question
from kb.errors import UsageError
from kb.queries import SearchQuery, page_json
from kb.similar import NO_WORDS, left_out_words, similar_json
from webui import access
from webui.params import asked, whole_number
from webui.views.search import understood
from webui.views.similar import PER_CONCERN, PER_PASSAGE, concerns_in, narrowed

pages = Blueprint("api", __name__, url_prefix="/api")

_MOST = 100
_MOST_SIMILAR = 50


@pages.get("/search")
def search() -> Response:
    """Passages, the best first: `q`, `limit` (10) and the filters of the search page.

    `understood` tells what parts of the question were taken for, `suggestion` another spelling.
    """
    question = asked(request.args)
    limit = whole_number(request.args.get("limit", ""), name="limit", most=_MOST, otherwise=10)
    query = SearchQuery(text=question.text, filters=question.filters, limit=limit)
    store, searcher = access.store(), access.searcher()
    meant = understood(Question.of(question.text))
    more = {
        "suggestion": searcher.suggestion(store, question.text),
        "understood": [{"part": one.label, "as": one.words} for one in meant],
    }
    return jsonify(page_json(searcher.search(store, query)) | more)


@pages.get("/similar")
def similar() -> Response:
    """Past concerns like a passage: `passage` (its key), `limit` (10), kind, theme, from, to."""
    key = request.args.get("passage", "")
    if not key:
        raise UsageError('Name a passage by its key, or post a text as JSON: {"text": ...}.')
    answer = access.similar().to_passage(
        access.store(), key, filters=narrowed(request.args), limit=_limit(request.args, PER_PASSAGE)
    )
    return jsonify(similar_json(answer))


@pages.post("/similar")
def similar_pasted() -> Response:
    """Past concerns like those of a text: JSON of `text`, `limit` (5), kind, theme, from, to.

    Nothing of it is kept. Only JSON is taken: a form of another site cannot send that.
    """
    sent = request.get_json(silent=True) if request.is_json else None
    if not isinstance(sent, dict) or not isinstance(sent.get("text"), str):
        raise UsageError('Send JSON with the text: {"text": "..."}.')
    values = {name: str(value) for name, value in sent.items() if name != "text"}
    concerns = concerns_in(sent["text"])
    answer = access.similar().to_concerns(
        access.store(),
        concerns,
        filters=narrowed(values),
        limit=_limit(values, PER_CONCERN),
    )
    notices = (None if concerns else NO_WORDS, answer.notice, left_out_words(answer))
    notice = " ".join(one for one in notices if one)
    return jsonify(similar_json(answer) | {"notice": notice or None})


def _limit(values: Any, otherwise: int) -> int:
    written = values.get("limit", "")
    return whole_number(written, name="limit", most=_MOST_SIMILAR, otherwise=otherwise)
