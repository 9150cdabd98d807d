"""What is here, and where do I start?"""

from flask import Blueprint, Response, render_template

from kb.documents import Kind
from kb.store.tables import status
from webui import access

pages = Blueprint("home", __name__)

EXAMPLES = (
    "care coordinator not allocated",
    "discharge summary did not reach the GP",
    "approved mental health professional delay",
    "risk assessment not updated after self-harm",
)


@pages.get("/")
def start() -> str:
    """The search box, three starting points, and what is held."""
    held = status(access.store().db)
    by_kind = [(kind, held["documents"]["by_kind"].get(kind, 0)) for kind in Kind]
    return render_template(
        "home/start.html",
        held=held,
        by_kind=[(kind, count) for kind, count in by_kind if count],
        examples=EXAMPLES,
    )


@pages.get("/health")
def health() -> Response:
    """Say that the server is up, whether or not it has a library."""
    return Response("ok", mimetype="text/plain")
