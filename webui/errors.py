"""Errors as pages or JSON: a status and a sentence, never a traceback."""

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Answer

from kb.errors import PfdError
from webui import access

_HEADINGS = {
    400: "That question cannot be answered as asked",
    403: "Not from here",
    404: "Not held here",
    405: "That address is not used in that way",
    413: "Too much was sent",
    500: "Something went wrong here",
    503: "Not ready yet",
}
_SENTENCES = {
    400: "The request could not be understood. Go back, reload the page and try again.",
    403: "The library is served to be read. It can be changed only from the machine it stands on.",
    404: "There is no page at this address. It may have been mistyped, or its document removed.",
    405: "This address cannot be used in that way. Start again from the search page.",
    413: "More was sent than any form here needs. Nothing was kept.",
    500: "The program failed at this page. Nothing in the library was changed or lost. "
    "The window that runs 'pfdkb serve' shows what happened.",
}


def attach(app: Flask) -> None:
    """Answer every error of ours and of HTTP with its sentence."""
    app.register_error_handler(PfdError, _ours)
    app.register_error_handler(HTTPException, _http)


def _ours(error: PfdError) -> Response:
    access.failed()
    return _answer(error.status, error.sentence)


def _http(error: HTTPException) -> Answer:
    access.failed()
    status = error.code or 500
    if status < 400:  # a redirect, raised by Flask to mend a trailing slash
        return error.get_response()
    answer = _answer(status, _SENTENCES.get(status, f"The request failed ({error.name})."))
    if status == 405:
        answer.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or ["GET"])
    return answer


def _answer(status: int, sentence: str) -> Response:
    if request.path.startswith("/api/"):
        answer = jsonify({"error": sentence, "status": status})
    else:
        heading = _HEADINGS.get(status, "That did not work")
        page = render_template("errors/error.html", heading=heading, sentence=sentence)
        answer = make_response(page)
    answer.status_code = status
    return answer
