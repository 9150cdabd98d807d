"""`pfdkb serve` and `pfdkb demo`."""

import click

from kb.cli.base import CONTEXT, encoder_or_reason, failings_or_none, pass_home, question_reader
from kb.errors import ModelUnavailable
from kb.settings import DEFAULT_PORT, Home, corpus_folder
from kb.store import Store

_host = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
_port = click.option(
    "--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(1, 65535)
)


@click.command(context_settings=CONTEXT)
@_host
@_port
@pass_home
def serve(home: Home, host: str, port: int) -> None:
    """Serve the library as a web page on this machine; stop with Ctrl-C.

    \b
    Example:
      pfdkb serve --port 8080
    """
    Store.reading(home).close()
    _serve(home, host, port)


@click.command(context_settings=CONTEXT)
@_host
@_port
@click.option("--no-serve", is_flag=True, help="Only read the starter library in.")
@click.pass_context
def demo(context: click.Context, host: str, port: int, no_serve: bool) -> None:
    """Read the starter library into a home of its own (once) and serve it.

    \b
    Example:
      pfdkb demo --port 8080
    """
    from kb.cli.ingesting import run_ingest

    chosen: Home = context.obj
    named = context.parent is not None and context.parent.params.get("home")
    home = chosen if named else Home(chosen.root / "demo")
    answer = run_ingest(home, [corpus_folder() / "starter"])
    click.echo(f"The starter library holds {answer['documents']} documents.", err=True)
    if not no_serve:
        _serve(home, host, port)


def _serve(home: Home, host: str, port: int) -> None:
    from ingest.own_themes import add_own_theme
    from kb.cli.similar import concern_reader
    from webui import create_app
    from webui.server import serve as serve_app

    encoder = encoder_or_reason(home)
    if not isinstance(encoder, ModelUnavailable):
        click.echo("Loading the model...", err=True)
        encoder.encode(["so that the first search does not wait for the model"])
    reader = question_reader(home)
    app = create_app(
        home,
        encoder=encoder,
        reader=reader,
        failings=failings_or_none(home),
        add_own_theme=add_own_theme,
        read_concerns=concern_reader(home),
    )
    click.echo(f"Open http://{host}:{port} in a browser. Stop with Ctrl-C.", err=True)
    serve_app(app, host=host, port=port)


COMMANDS = {"serve": serve, "demo": demo}
