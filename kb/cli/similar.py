"""`pfdkb similar`."""

import functools
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from kb.cli.base import (
    CONTEXT,
    encoder_or_reason,
    json_option,
    pass_home,
    print_json,
    question_reader,
)
from kb.errors import ModelUnavailable, UsageError
from kb.queries import Filters
from kb.settings import Home, model_name
from kb.similar import (
    MOST_CHARACTERS,
    NO_RESPONSE,
    NO_WORDS,
    Alike,
    ConcernReader,
    SimilarAnswer,
    check_length,
    left_out_words,
    similar_json,
)
from kb.store import Store


@click.command(context_settings=CONTEXT)
@click.argument("file", required=False, metavar="[FILE|-]")
@click.option("--passage", metavar="KEY", help="A passage held, by its key, in place of a file.")
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 50))
@click.option("--kind", default="report", show_default=True, help="report, action_plan or all.")
@click.option("--theme", help="A theme's key, such as care_coordination (see 'pfdkb themes').")
@click.option("--from", "from_date", metavar="DATE", help="2021, 2021-09 or 2021-09-11.")
@click.option("--to", "to_date", metavar="DATE", help="2021, 2021-09 or 2021-09-11.")
@json_option
@pass_home
def similar(
    home: Home,
    file: str | None,
    passage: str | None,
    limit: int,
    kind: str,
    theme: str | None,
    from_date: str | None,
    to_date: str | None,
    as_json: bool,
) -> None:
    """Find past concerns like those of a text, concern by concern, or like a passage held.

    FILE is text, a PDF, a Word document or a web page; - reads text from stdin. Nothing of it is
    kept.

    \b
    Example:
      pfdkb similar new-report.pdf --limit 3
      pfdkb similar --passage 0a1b2c3d4e5f --json
    """
    from index.similar import Similar

    if (file is None) == (passage is None):
        raise click.UsageError("Name a file, or - for stdin, or a passage with --passage.")
    filters = Filters(
        kind=None if kind == "all" else kind, theme=theme, from_date=from_date, to_date=to_date
    )
    with Store.reading(home) as store:
        finder = Similar(encoder_or_reason(home), reader=question_reader(home))
        if passage is not None:
            answer = finder.to_passage(store, passage, filters=filters, limit=limit)
        else:
            concerns = concern_reader(home)(_text_of(file or "-"))
            if not concerns:
                raise UsageError(NO_WORDS)
            answer = finder.to_concerns(store, concerns, filters=filters, limit=limit)
    if as_json:
        print_json(similar_json(answer))
    else:
        _print(answer)


def concern_reader(home: Home) -> ConcernReader:
    """Return what reads a text into its concerns, cut for the model where there is one."""
    from index.encoder import token_counter
    from ingest.pasted import read_pasted

    try:
        count = token_counter(model_name(), home)
    except ModelUnavailable:
        count = _words  # they are then compared by words alone, whose number is near enough
    return functools.partial(read_pasted, count=count)


def _words(text: str) -> int:
    return len(text.split())


def _text_of(file: str) -> str:
    """Return the text of a file, or of stdin for -. Raises `Unreadable`, `UsageError`."""
    from ingest.read import read_file

    if file == "-":
        text = sys.stdin.buffer.read(4 * MOST_CHARACTERS + 1).decode("utf-8", "replace")
    else:
        reading = read_file(Path(file))
        if reading.rows:
            raise UsageError("A table of rows holds no single text. Name a text, PDF or DOCX.")
        text = reading.text
    check_length(text)
    return text


def _print(answer: SimilarAnswer) -> None:
    for notice in (answer.notice, left_out_words(answer)):
        if notice:
            click.echo(notice, err=True)
    for number, one in enumerate(answer.concerns, start=1):
        click.echo(f"\n== {number} of {len(answer.concerns)}: {_short(one.concern.text)}")
        for held in one.held:
            click.echo(f"   This text is already held: {held.hit.title} ({held.hit.docno})")
        if not one.alike:
            click.echo("   Nothing like it is held.")
        for line in _lines(one.alike):
            click.echo(line)


def _lines(found: Sequence[Alike]) -> Iterator[str]:
    for one in found:
        hit = one.hit
        where = [hit.kind.label, hit.ref, hit.date, *hit.organisations[:3]]
        yield f"\n{hit.rank}. {hit.title}{' (close)' if one.close else ''}"
        yield "   " + " | ".join(part for part in where if part)
        yield f"   {hit.docno} | passage {hit.passage}"
        for paragraph in hit.text.splitlines():
            yield textwrap.fill(paragraph, 92, initial_indent="   ", subsequent_indent="   ")
        for response in one.answers:
            yield f"   Answered by: {response.title} ({response.docno})"
        if not one.answers:
            yield f"   {NO_RESPONSE}"


def _short(text: str) -> str:
    return textwrap.shorten(text, 90, placeholder=" ...")


COMMANDS = {"similar": similar}
