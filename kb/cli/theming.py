"""`pfdkb tag`, `pfdkb themes`, `pfdkb clusters`."""

import csv
import json
import sys
from pathlib import Path
from typing import Any

import click

from kb.cli import auditing
from kb.cli.base import CONTEXT, json_option, pass_home, print_json, tagger
from kb.documents import Kind, Role
from kb.errors import UsageError
from kb.queries import tag_json
from kb.settings import Home
from kb.store import Store, audits, clusters, own_themes, tables
from kb.store.passages import passages_by_id
from kb.tagging import Taggable

_IN = click.Path(path_type=Path, exists=True, dir_okay=False)
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


@click.command(context_settings=CONTEXT)
@click.option(
    "--by",
    type=click.Choice(["organisation", "year", "kind"]),
    default="year",
    show_default=True,
    help="What the columns are.",
)
@click.option("--kind", help="Kind counted, or 'all'; that of the role unless told.")
@click.option(
    "--role",
    type=click.Choice([str(role) for role in Role]),
    default=str(Role.RECIPIENT),
    show_default=True,
    help="As what organisations count.",
)
@click.option("--csv", "as_csv", is_flag=True, help="Print the table as CSV.")
@json_option
@pass_home
def themes(home: Home, by: str, kind: str | None, role: str, as_csv: bool, as_json: bool) -> None:
    """Count distinct documents by theme and organisation, year or kind.

    Columns of organisations are the recipients of reports unless another role is asked for. Counts
    are of what is held with text, tagged by software: they are no rates, no ranking of
    organisations. Themes of your own stand after the codebook's.

    \b
    Example:
      pfdkb themes --by organisation --csv > themes.csv
    """
    kind = kind or str(Role(role).kind or "all")
    if kind != "all" and kind not in set(Kind):
        raise UsageError(f"There is no kind '{kind}'. The kinds are: {', '.join(Kind)}, all.")
    with Store.reading(home) as store:
        table = tables.theme_table(
            store.db, by=by, kind=None if kind == "all" else kind, role=Role(role)
        )
        names = list(own_themes.book(store.db))
    if as_json:
        print_json(_table_json(table, names))
        return
    rows: list[list[Any]] = [["theme", "total", *table.columns]]
    rows.append(["documents held with text", table.documents, *_line(table.held, table)])
    for key in names:
        counted = table.counts.get(key, {})
        rows.append([key, table.totals.get(key, 0), *_line(counted, table)])
    if as_csv:
        csv.writer(sys.stdout, lineterminator="\n").writerows(_safe(row) for row in rows)
        return
    for row in rows:
        click.echo(f"{row[0]!s:28}" + "".join(f"{one!s:>7.7}" for one in row[1:]))


def _line(counted: dict[str, int], table: tables.CountTable) -> list[Any]:
    return [counted.get(column, 0) for column in table.columns]


def _safe(row: list[Any]) -> list[Any]:
    """Keep a spreadsheet from reading an organisation's name as a formula."""
    return ["'" + c if isinstance(c, str) and c.startswith(tuple("=+-@\t\r")) else c for c in row]


def _table_json(table: tables.CountTable, names: list[str]) -> dict[str, Any]:
    return {
        "by": table.by,
        "kind": table.kind,
        "role": str(table.role),
        "documents": table.documents,
        "columns": [{"name": name, "held": table.held[name]} for name in table.columns],
        "themes": [
            {
                "theme": key,
                "total": table.totals.get(key, 0),
                "counts": {c: table.counts.get(key, {}).get(c, 0) for c in table.columns},
            }
            for key in names
        ],
    }


@click.command("clusters", context_settings=CONTEXT)
@click.option("--audit", type=click.IntRange(min=1), help="Draw so many groups to be read.")
@click.option("--seed", type=int, default=7, show_default=True, help="Of the draw.")
@click.option("--output", "target", type=_OUT, help="The sheet drawn (else printed).")
@click.option("--marks", type=_IN, help="A sheet that a reader has marked.")
@click.option("--reader", help="Who or what marked it; shown with every figure.")
@json_option
@pass_home
def clusters_command(
    home: Home, audit: int | None, seed: int, target: Path | None, marks: Path | None,
    reader: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Show recurring concerns: what several reports say went wrong, with distinct reports counted.

    With --audit, draw random ones of three reports or more into a sheet for a reader to mark; with
    --marks and --reader, keep the marks. What the audits found is shown with the concerns.

    \b
    Example:
      pfdkb clusters --json
      pfdkb clusters --audit 60 --seed 7 --output sheet.csv
      pfdkb clusters --marks sheet.csv --reader "Robin Reader"
    """
    if (audit and marks) or (target and not audit) or bool(marks) != bool(reader):
        raise UsageError("Give --audit with --output, or --marks with --reader, or none of them.")
    if marks and reader:
        _keep_marks(home, marks, reader)
        return
    if clusters_are_stale(home):
        _renew(home)
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
        drawn = audits.draw(store.db, groups=groups, seed=seed)
        text = auditing.sheet(store, drawn, seed=seed)
    if target is None:
        click.echo(text, nl=False)
    else:
        target.write_text(text, encoding="utf-8-sig")  # without the mark Excel misreads dashes
    click.echo(f"{len(drawn)} groups drawn with seed {seed}.", err=True)


def _show(home: Home, as_json: bool) -> None:
    with Store.reading(home) as store:
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


def clusters_are_stale(home: Home) -> bool:
    """Tell whether the library has changed since its recurring concerns were found."""
    with Store.reading(home) as store:
        return clusters.stale(store.db)


def _renew(home: Home) -> None:
    from index.clusters import find_clusters
    from kb.store import meta

    with Store.writing(home, purpose="clusters") as store:
        model = meta.get(store.db, "model")
        if model is not None:
            find_clusters(store, model["fingerprint"])


def _cluster_json(store: Store, one: Any) -> dict[str, Any]:
    held = passages_by_id(store.db, [passage_id for passage_id, _ in one.members])
    exemplar = held[one.members[0][0]]
    return {
        "id": one.id,
        "label": one.label,
        "band": one.band,
        "reports": one.reports,
        "organisations": one.organisations,
        "passages": len(one.members),
        "first_year": one.first_year,
        "last_year": one.last_year,
        "cohesion": round(one.cohesion, 4),
        "exemplar": {"passage": exemplar.key, "text": exemplar.text},
        "members": [held[passage_id].key for passage_id, _ in one.members],
    }


COMMANDS = {"tag": tag, "themes": themes, "clusters": clusters_command}
