"""`pfdkb search`."""

from __future__ import annotations

import textwrap
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import click

from kb.cli.base import (
    CONTEXT,
    encoder_or_reason,
    failings_or_none,
    json_option,
    pass_home,
    print_json,
    question_reader,
)
from kb.documents import Role
from kb.queries import Filters, SearchPage, SearchQuery, page_json
from kb.settings import Home
from kb.store import Store

if TYPE_CHECKING:
    from index.search import Searcher


@click.command(context_settings=CONTEXT)
@click.argument("query")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.option("--kind", help="report, response, action_plan, annual_report or other.")
@click.option("--theme", help="A theme's key, such as care_coordination (see 'pfdkb themes').")
@click.option("--organisation", "--org", help="A name or part of one.")
@click.option(
    "--role",
    type=click.Choice([str(role) for role in Role]),
    help="As what an organisation counts; as anything but mentioned unless told.",
)
@click.option("--from", "from_date", metavar="DATE", help="2021, 2021-09 or 2021-09-11.")
@click.option("--to", "to_date", metavar="DATE", help="2021, 2021-09 or 2021-09-11.")
@json_option
@pass_home
def search(
    home: Home,
    query: str,
    limit: int,
    kind: str | None,
    theme: str | None,
    organisation: str | None,
    role: str | None,
    from_date: str | None,
    to_date: str | None,
    as_json: bool,
) -> None:
    """Find the passages that say it, by words and by meaning, the best first.

    In the query "a phrase" must stand as it is, -word is left out, one of word OR word must
    stand, and org:, theme:, year: and ref: narrow it.

    \b
    Example:
      pfdkb search "care coordinator not allocated" --kind response --limit 5
      pfdkb search 'handover -ambulance year:2019-2021'
    """
    filters = Filters(
        kind=kind,
        theme=theme,
        organisation=organisation,
        role=role,
        from_date=from_date,
        to_date=to_date,
    )
    with Store.reading(home) as store:
        searcher = _searcher(home)
        page = searcher.search(store, SearchQuery(text=query, filters=filters, limit=limit))
        other = searcher.suggestion(store, query)
    if other is not None:
        click.echo(f"Did you mean: {other}", err=True)
    if as_json:
        print_json(page_json(page))
    else:
        if page.query.filters.organisation or role:
            click.echo(f"Organisations counted as: {role or 'anything but mentioned'}", err=True)
        _print(page)


def _searcher(home: Home) -> Searcher:
    # The networks' files are compared with their hashes while the rest is being loaded.
    with ThreadPoolExecutor(1) as beside:
        encoder = beside.submit(encoder_or_reason, home)
        from index.search import Searcher

        reader, failings = question_reader(home), failings_or_none(home)
    return Searcher(encoder.result(), reader=reader, failings=failings)


def _print(page: SearchPage) -> None:
    if page.notice:
        click.echo(page.notice, err=True)
    click.echo(f"{page.total} passages in {page.documents} documents")
    for hit in page.hits:
        where = [hit.kind.label, hit.ref, hit.date, *hit.organisations[:3]]
        click.echo(f"\n{hit.rank}. {hit.title}")
        click.echo("   " + " | ".join(one for one in where if one))
        place = [hit.section, f"page {hit.page}" if hit.page else None, hit.docno]
        click.echo("   " + " | ".join(one for one in place if one))
        for paragraph in hit.text.splitlines():
            click.echo(textwrap.fill(paragraph, 92, initial_indent="   ", subsequent_indent="   "))


COMMANDS = {"search": search}
