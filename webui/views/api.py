"""The search as JSON, in the form that the command line prints."""

from flask import Blueprint, Response, jsonify, request

from kb.queries import SearchQuery, page_json
from webui import access
from webui.params import asked, whole_number

pages = Blueprint("api", __name__, url_prefix="/api")

_MOST = 100


@pages.get("/search")
def search() -> Response:
    """Passages, the best first: `q`, `limit` (10) and the filters of the search page."""
    question = asked(request.args)
    limit = whole_number(request.args.get("limit", ""), name="limit", most=_MOST, otherwise=10)
    query = SearchQuery(text=question.text, filters=question.filters, limit=limit)
    return jsonify(page_json(access.searcher().search(access.store(), query)))
