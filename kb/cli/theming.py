"""`pfdkb tag`, `pfdkb clusters`."""

import json
from pathlib import Path
from typing import Any

import click

from kb.audits import LARGEST_SEED
from kb.cli import auditing
from kb.cli.base import (
    CONTEXT,
    failing_model,
    json_option,
    pass_home,
    print_json,
    progress_line,
    tagger,
)
from kb.errors import LibraryLocked, ModelUnavailable, UsageError
from kb.queries import tag_json
from kb.settings import Home
from kb.store import Store, audits, clusters
from kb.store.passages import passages_by_id
from kb.tagging import Taggable

_IN = click.Path(path_type=Path, exists=True, dir_okay=False)
_SEEDS = click.IntRange(-LARGEST_SEED, LARGEST_SEED)
_OUT = click.Path(path_type=Path, dir_okay=False)


@click.command(context_settings=CONTEXT)
@click.option("--input", "source", required=True, type=_IN, help='Lines of {"id", "text"}.')
@click.option("--output", "target", required=True, type=_OUT, help="Written, one line each.")
@pass_home
def tag(home: Home, source: Path, target: Path) -> None:
    """Tag passages of your own with themes and the words that earned them.

    \b
    Example:
      pfdkb tag --input passages.jsonl --output tagged.jsonl
    """
    from ingest.labels import read_lines
    from kb.documents import SectionKind

    rows = read_lines(source)
    asked = [Taggable(text=row["text"], section=SectionKind.CONCERNS) for row in rows]
    found = tagger(home).tag(asked)
    lines = [
        {"id": row.get("id"), "themes": [tag_json(one) for one in tags]}
        for row, tags in zip(rows, found, strict=True)
    ]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    target.write_text(text, encoding="utf-8")
    click.echo(f"{len(lines)} passages tagged into {target}.", err=True)


@click.command("clusters", context_settings=CONTEXT)
@click.option("--audit", type=click.IntRange(min=1), help="Draw so many groups to be read.")
@click.option(
    "--seed",
    type=click.IntRange(-LARGEST_SEED, LARGEST_SEED),
    default=7,
    show_default=True,
    help="Of the draw.",
)
@click.option("--output", "target", type=_OUT, help="The sheet drawn (else printed).")
@click.option("--marks", type=_IN, help="A sheet that a reader has marked.")
@click.option("--reader", help="Who or what marked it; shown with every figure.")
@click.option("--again", is_flag=True, help="Group all concerns anew; ids are kept.")
@json_option
@pass_home
def clusters_command(
    home: Home, audit: int | None, seed: int, target: Path | None, marks: Path | None,
    reader: str | None, again: bool, as_json: bool,
) -> None:  # fmt: skip
    """Show recurring concerns: what several reports say went wrong, with distinct reports counted.

    With --audit, draw random ones of three reports or more into a sheet for a reader to mark; with
    --marks and --reader, keep the marks. What the audits found is shown with the concerns.

    \b
    Example:
      pfdkb clusters --json
      pfdkb clusters --again
      pfdkb clusters --audit 60 --seed 7 --output sheet.csv
      pfdkb clusters --marks sheet.csv --reader "Robin Reader"
    """
    if (audit and marks) or (target and not audit) or bool(marks) != bool(reader):
        raise UsageError("Give --audit with --output, or --marks with --reader, or none of them.")
    if marks and reader:
        _keep_marks(home, marks, reader)
        return
    _renew(home, again=again)
    if audit:
        _draw(home, audit, seed, target)
        return
    _show(home, as_json)


def _keep_marks(home: Home, file: Path, reader: str) -> None:
    with Store.writing(home, purpose="audit") as store:
        read = auditing.read_sheet(file, audits.member_keys(store.db))
        audits.keep(store.db, read.marks, seed=read.seed, reader=reader)
        told = auditing.coherence_json(store)["coherence"]
    click.echo(f"Groups kept: {len(read.marks)}; not marked yet: {read.unmarked}.", err=True)
    click.echo(told)


def _draw(home: Home, groups: int, seed: int, target: Path | None) -> None:
    if target is not None and target.exists():
        raise UsageError(f"{target} is there already and may hold marks. Name another file.")
    with Store.reading(home) as store:
        store.db.execute("BEGIN")  # one state of the library, whoever writes meanwhile
        drawn = audits.draw(store.db, groups=groups, seed=seed)
        text = auditing.sheet(store, drawn, seed=seed)
    if target is None:
        click.echo(text, nl=False)
    else:
        target.write_text(text, encoding="utf-8-sig")  # without the mark Excel misreads dashes
    click.echo(f"{len(drawn)} groups drawn with seed {seed}.", err=True)


def _show(home: Home, as_json: bool) -> None:
    with Store.reading(home) as store:
        store.db.execute("BEGIN")  # one state of the library, whoever writes meanwhile
        found = clusters.held(store.db)
        rows = [_cluster_json(store, one) for one in found]
        coherence = auditing.coherence_json(store)
    if as_json:
        print_json({"clusters": rows, **coherence})
        return
    click.echo(f"{len(rows)} recurring concerns. {coherence['coherence']}")
    for row in rows[:40]:
        years = f"{row['first_year']}-{row['last_year']}" if row["first_year"] else "undated"
        click.echo(
            f"{row['band']:12}{row['reports']:4d} reports {row['organisations']:4d} organisations"
            f"  {years}  {row['label']}  [{row['id']}]"
        )


def _renew(home: Home, *, again: bool) -> None:
    """Bring the recurring concerns up to date where they are not, or group all again."""
    from index.clusters import are_stale, find_clusters, renew_clusters

    try:
        model = failing_model(home)
        with Store.reading(home) as store:
            stale = are_stale(store, model)
        if again or stale:
            with Store.writing(home, purpose="clusters") as store:
                renew = find_clusters if again else renew_clusters
                renew(store, model, progress=progress_line("Points of concern"))
    except (ModelUnavailable, LibraryLocked) as error:
        if again:
            raise
        click.echo(f"Groups are shown as they are held. {error.sentence}", err=True)


def _cluster_json(store: Store, one: Any) -> dict[str, Any]:
    held = passages_by_id(store.db, one.passages)
    first = one.members[0]
    exemplar = held[first.passage_id]
    words = exemplar.text[first.start : first.end].strip()
    return {
        "id": one.id,
        "label": one.label,
        "band": one.band,
        "reports": one.reports,
        "organisations": one.organisations,
        "passages": len(one.passages),
        "first_year": one.first_year,
        "last_year": one.last_year,
        "cohesion": round(one.cohesion, 4),
        "failing": one.failing,
        "exemplar": {"passage": exemplar.key, "text": words},
        "members": [held[passage_id].key for passage_id in one.passages],
    }


COMMANDS = {"tag": tag, "clusters": clusters_command}
