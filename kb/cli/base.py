"""What commands share: printing JSON, progress on stderr, and where things come from."""

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from kb.encoder import Encoder
from kb.errors import LibraryMissing, ModelUnavailable
from kb.settings import (
    DEFAULT_MODEL,
    FAKE_MODEL,
    INT8_MARK,
    Home,
    Precision,
    TaggerKind,
    model_name,
    precision,
    tagger_kind,
)
from kb.store import Store, meta
from kb.tagging import QuestionReader, Tagger

if TYPE_CHECKING:
    from index.failings import FailingModel

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
pass_home = click.make_pass_decorator(Home)


def print_json(value: Any) -> None:
    """Print one JSON object on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def encoder(home: Home, *, prepare: bool = False) -> Encoder:
    """Return the encoder that the settings name. Raises `ModelUnavailable`.

    With `prepare` the model's faster form is made first where it is missing or damaged; when that
    cannot be, stderr says why and the encoder is the slower one, the reference.
    """
    from index.encoder import encoder_for, prepare_export

    name = model_name()
    how = precision() or _usual_precision(home, name)
    if prepare and (why := prepare_export(name, home, precision=how)):
        click.echo(why, err=True)
        how = precision() or Precision.FP32
    return encoder_for(name, home, precision=how)


def _usual_precision(home: Home, name: str) -> Precision:
    """Return the precision that a library was read with; of a new one eight bits.

    That is for the model which it was measured with (docs/performance.md); others keep theirs.
    """
    if name != DEFAULT_MODEL:
        return Precision.FP32
    try:
        with Store.reading(home) as store:
            read_with = meta.get(store.db, "model")
    except LibraryMissing:
        read_with = None
    known = str(read_with["fingerprint"]) if read_with else ""
    if known.startswith(f"{name}:") and not known.endswith(INT8_MARK):
        return Precision.FP32
    return Precision.INT8


def tagger(home: Home, *, prepare: bool = False) -> Tagger:
    """Return the tagger that the settings name; one trained for this library comes first.

    With `prepare` a form of its network that opens faster is made first, if it can be. Raises
    `ModelUnavailable` where its weights or its network are missing or damaged.
    """
    from ingest.tag import CueTagger

    if tagger_kind() is TaggerKind.CUES:
        return CueTagger()
    from index.encoder import model_folder
    from index.onnx_optimised import keep_optimised, optimised_form
    from index.theme_reader import ThemeReader
    from ingest.theme_model import ThemeModel
    from ingest.theme_weights import FOLDER, NETWORK, RECIPE, network_sha256

    own = home.models / "tagger"
    folder = own if (own / RECIPE).exists() else FOLDER
    tokenizer = model_folder(DEFAULT_MODEL, home) / "tokenizer.json"
    network, sha256 = folder / NETWORK, network_sha256(folder)
    if prepare:
        with suppress(*_NOT_MADE):
            keep_optimised(network, sha256, home.models, tokenizer=tokenizer)
    quick = optimised_form(sha256, home.models)
    reader = ThemeReader(quick or network, tokenizer, optimised=quick is not None)
    return ThemeModel.load(reader, folder, but=[NETWORK] if quick else [])


_NOT_MADE = (ImportError, OSError, ModelUnavailable)
"""Why a faster form of a network may not be made; the network itself then goes on."""


def failing_model(home: Home, *, prepare: bool = False) -> "FailingModel":
    """Return what says which known failings a point of concern states.

    The fake encoder of tests knows none. With `prepare` a form of its network that opens faster is
    made first, if it can be. Raises `ModelUnavailable` where its files are missing or damaged.
    """
    from index.encoder import encoder_for, model_folder
    from index.failings import FailingModel, keep_optimised_network

    if model_name() == FAKE_MODEL:
        return FailingModel(encoder_for(FAKE_MODEL, home))
    tokenizer = model_folder(DEFAULT_MODEL, home) / "tokenizer.json"
    if prepare:
        with suppress(*_NOT_MADE):
            keep_optimised_network(tokenizer, home.models)
    return FailingModel.load(tokenizer, models=home.models)


def question_reader(home: Home) -> QuestionReader | None:
    """Return what tells the themes of a question; None where tagging goes by cues alone.

    None, too, where the tagger is missing or damaged; stderr then says so.
    """
    from ingest.theme_model import ThemeModel

    try:
        chosen = tagger(home)
    except ModelUnavailable as error:
        # The words and the meaning are still searched.
        click.echo(f"The themes of a question are not looked at. {error.sentence}", err=True)
        return None
    return chosen if isinstance(chosen, ThemeModel) else None


def failings_or_none(home: Home) -> "FailingModel | None":
    """Return what tells failings apart for a search; None without it, and stderr then says why."""
    if model_name() == FAKE_MODEL:
        return None
    try:
        return failing_model(home)
    except ModelUnavailable as error:
        # The words, the meaning and the themes are still searched.
        click.echo(f"Known failings are not looked at. {error.sentence}", err=True)
        return None


def encoder_or_reason(home: Home) -> Encoder | ModelUnavailable:
    """Return the encoder, or why there is none: search can then still go by words."""
    try:
        return encoder(home)
    except ModelUnavailable as error:
        return error


def progress_line(what: str) -> Callable[[int, int, float], None]:
    """Return a function that shows progress and an estimate of the time left on stderr.

    On a terminal one line is rewritten; elsewhere a line is printed every ten seconds.
    """
    began = time.monotonic()
    last = [began - 60]
    terminal = sys.stderr.isatty()

    def show(done: int, total: int, share: float) -> None:
        now = time.monotonic()
        ended = done >= total
        if not ended and now - last[0] < (0.2 if terminal else 10):
            return
        last[0] = now
        left = (now - began) * (1 - share) / share if share else 0
        line = f"{what}: {done} of {total}" + ("" if ended else f", about {_words(left)} left")
        click.echo(f"\r\x1b[K{line}" if terminal else line, err=True, nl=ended or not terminal)

    return show


def _words(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min"
