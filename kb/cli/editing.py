"""`pfdkb show` and `pfdkb correct`."""

import getpass
from typing import Any

import click

from kb.cli.base import (
    CONTEXT,
    encoder,
    failing_model,
    json_option,
    pass_home,
    print_json,
    tagger,
)
from kb.settings import Home, model_name
from kb.statements import record_json
from kb.store import Store, records
from kb.store.documents import read_document

_ROLES = frozenset({"recipients", "respondents", "owners", "authors", "mentioned"})


@click.command(context_settings=CONTEXT)
@click.argument("docnos", nargs=-1, metavar="[DOCNO]...")
@click.option("--files", is_flag=True, help="Every document that came from a file of its own.")
@json_option
@pass_home
def show(home: Home, docnos: tuple[str, ...], files: bool, as_json: bool) -> None:
    """Show what a document states: fields, concerns, actions, recommendations, tables, doubts.

    \b
    Example:
      pfdkb show 2099-letter --json
    """
    with Store.reading(home) as store:
        chosen = list(docnos)
        if files:
            rows = store.db.execute("SELECT docno FROM documents WHERE origin = 'file' ORDER BY 1")
            chosen += [row[0] for row in rows]
        found = [record_json(read_document(store.db, docno)) for docno in chosen]
    if not found:
        raise click.UsageError("Name a document, or ask for --files.")
    if as_json:
        print_json(found[0] if len(found) == 1 else {"documents": found})
        return
    for one in found:
        _print(one)


def _print(record: dict[str, Any]) -> None:
    click.echo(f"{record['docno']}: {record['title']}")
    for name, value in record["fields"].items():
        if name not in _ROLES:  # each with its role, below
            click.echo(f"  {name}: {value}")
    for party in record["organisations"]:
        click.echo(f"  {party['role']}: {party['name']}")
    for concern in record["concerns"]:
        click.echo(f"  concern {concern['number'] or '-'}: {concern['text'][:90]}")
    for action in record["actions"]:
        click.echo(f"  action: {action['text'][:90]}")
    for row in record["recommendations"]:
        click.echo(f"  recommendation {row['number']}: {len(row['actions'])} actions")
    for table in record["tables"]:
        click.echo(f"  table {table['number'] or '-'}: {table['caption']}")
    for doubt in record["doubts"]:
        click.echo(f"  doubt about {doubt['field']}: {doubt['reason']}")


@click.command(context_settings=CONTEXT)
@click.argument("docno")
@click.argument("field")
@click.argument("value")
@click.option("--why", required=True, help="Why the value is right, for the next reader.")
@click.option("--who", default=getpass.getuser, help="Who says so (your login unless told).")
@pass_home
def correct(home: Home, docno: str, field: str, value: str, why: str, who: str) -> None:
    """Correct a field of a document; the correction outranks its sources and survives ingest.

    Several recipients are parted by semicolons.

    \b
    Example:
      pfdkb correct 2099-letter date 2099-04-20 --why "the signed page says so"
    """
    from index.build import build_index
    from index.clusters import are_stale, renew_clusters
    from index.encoder import token_counter
    from ingest.revise import correct as correct_document

    wanted = records.Correction(docno=docno, field=field, value=value, who=who, why=why)
    chosen, known = encoder(home), failing_model(home)
    with Store.writing(home, purpose="correct") as store:
        count = token_counter(model_name(), home)
        document = correct_document(store, wanted, encoder=chosen, count=count, tagger=tagger(home))
        build_index(store, chosen)
        if are_stale(store, known):
            renew_clusters(store, known)
    click.echo(f"{document.docno}: {field} is now {value}.")


COMMANDS = {"show": show, "correct": correct}
