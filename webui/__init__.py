"""The pages: Flask over the library and its index. `create_app` is the front door."""

from flask import Flask

from index.failings import FailingModel
from index.search import Searcher
from index.similar import Similar
from kb.encoder import Encoder
from kb.errors import ModelUnavailable
from kb.settings import Home
from kb.similar import ConcernReader
from kb.tagging import QuestionReader
from webui import access, errors, phrases, security
from webui.views import BLUEPRINTS

__all__ = ["create_app"]


def create_app(
    home: Home,
    *,
    encoder: Encoder | ModelUnavailable,
    reader: QuestionReader | None = None,
    failings: FailingModel | None = None,
    add_own_theme: access.AddOwnTheme | None = None,
    read_concerns: ConcernReader | None = None,
) -> Flask:
    """Return the web application over the library in `home`.

    `reader` tells search what a question is about, `failings` how near points of concern come to
    it; None: it goes without.
    `read_concerns` reads a pasted text into its concerns; None: no page takes one.
    `add_own_theme` makes a user's theme and tags the library with it; None: no page makes one.

    Without a model (`ModelUnavailable`) it searches by words alone and says so. A library that is
    missing is said so on each page, so the server may be started before the first ingest.
    """
    app = Flask(__name__)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.json.sort_keys = False  # type: ignore[attr-defined]
    access.attach(
        app,
        home,
        Searcher(encoder, reader=reader, failings=failings),
        add_own_theme,
        similar=Similar(encoder, reader=reader),
        read_concerns=read_concerns,
    )
    security.attach(app, home)
    errors.attach(app)
    phrases.attach(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
