"""`pfdkb ingest`, `pfdkb verify`, `pfdkb status`."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from kb.cli.base import (
    CONTEXT,
    encoder,
    failing_model,
    json_option,
    pass_home,
    print_json,
    progress_line,
    tagger,
)
from kb.errors import IndexDamaged
from kb.settings import Home, model_name
from kb.store import Store, meta, tables
from kb.store.quality import FIELD_LABELS, QualityReport, quality
from kb.store.verify import verify as verify_store


def run_ingest(home: Home, paths: list[Path]) -> dict[str, Any]:
    """Read paths into the library and bring vectors, index and clusters up to date.

    Returns what `pfdkb ingest --json` prints. Raises the errors of its stages.
    """
    from index.build import build_index, is_current
    from index.clusters import are_stale, renew_clusters
    from index.encoder import token_counter
    from ingest.own_themes import renew_own_themes
    from ingest.pipeline import complete_vectors, ingest
    from ingest.revise import link_near_identical
    from ingest.tagging import complete_tags

    chosen = encoder(home, prepare=True)
    count = token_counter(model_name(), home)
    themes = tagger(home, prepare=True)
    known = failing_model(home, prepare=True)
    with Store.writing(home, purpose="ingest") as store:
        outcome = ingest(
            store,
            paths,
            encoder=chosen,
            count=count,
            tagger=themes,
            progress=progress_line("Reading"),
        )
        complete_tags(store, themes, progress=progress_line("Tagging"))
        complete_vectors(store, chosen, progress=progress_line("Encoding"))
        renew_own_themes(store)
        link_near_identical(store)
        if not is_current(store, chosen.fingerprint):
            build_index(store, chosen)
        if are_stale(store, known):
            renew_clusters(store, known, progress=progress_line("Points of concern"))
        held = tables.status(store.db)
    return {
        "documents": held["documents"]["total"],
        "passages": held["passages"],
        "done": outcome.done,
        "unchanged": outcome.unchanged,
        "failed": [
            {"source": f.source, "reason": f.reason, "detail": f.detail} for f in outcome.failed
        ],
        "seconds": round(outcome.seconds, 1),
    }


@click.command(context_settings=CONTEXT)
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH..."
)
@json_option
@pass_home
def ingest(home: Home, paths: tuple[Path, ...], as_json: bool) -> None:
    """Read files, folders and published exports into the library.

    Reads .txt, .md, .html, .pdf, .docx, .zip of these and the two published CSV exports. May be
    stopped and started again at any time: what is held already is left alone.

    \b
    Example:
      pfdkb ingest letters/ action-plan.docx tracker_reports.csv
    """
    answer = run_ingest(home, list(paths))
    if as_json:
        print_json(answer)
        return
    click.echo(
        f"{answer['done']} read, {answer['unchanged']} unchanged, {len(answer['failed'])} failed "
        f"in {answer['seconds']} s. The library holds {answer['documents']} documents in "
        f"{answer['passages']} passages."
    )
    for failed in answer["failed"][:20]:
        click.echo(f"  {failed['source']}: {failed['detail']}")
    if len(answer["failed"]) > 20:
        click.echo(f"  and {len(answer['failed']) - 20} more; see 'pfdkb status'.")


@click.command(context_settings=CONTEXT)
@json_option
@pass_home
def verify(home: Home, as_json: bool) -> int:
    """Check that the library is whole: texts, passages, word index, vectors, ledger, index file.

    \b
    Example:
      pfdkb verify
    """
    from index.vectors import VectorIndex

    with Store.reading(home) as store:
        findings = verify_store(store.db)
        recorded = meta.get(store.db, "index")
        if recorded:
            try:
                VectorIndex.load(home.index, recorded["sha256"])
            except IndexDamaged as error:
                findings.append(f"{error} Run 'pfdkb ingest' to build it again.")
    if as_json:
        print_json({"findings": findings})
    else:
        for finding in findings:
            click.echo(finding)
        click.echo(f"{len(findings)} findings." if findings else "The library is whole.")
    return 1 if findings else 0


@click.command(context_settings=CONTEXT)
@json_option
@pass_home
def status(home: Home, as_json: bool) -> None:
    """Show what the library holds, how complete it is, and what could not be read, with reasons.

    \b
    Example:
      pfdkb status --json
    """
    from kb.store import ledger

    with Store.reading(home) as store:
        held = tables.status(store.db)
        failed = ledger.entries(store.db, state="failed")
        report = quality(store.db)
    held["quality"] = asdict(report)
    held["failures"] = [
        {"source": e.source, "reason": e.reason, "detail": e.detail} for e in failed
    ]
    if as_json:
        print_json(held)
        return
    documents = held["documents"]
    click.echo(f"{documents['total']} documents, {documents['with_text']} with text:")
    for kind, number in sorted(documents["by_kind"].items()):
        click.echo(f"  {kind}: {number}")
    click.echo(f"{held['passages']} passages, {held['concerns']} concerns")
    _print_quality(report)
    click.echo(f"{held['sources']['done']} sources done, {held['sources']['failed']} failed")
    for reason, number in Counter(e.reason for e in failed).most_common():
        click.echo(f"  {reason}: {number}")
    for entry in failed[:20]:
        click.echo(f"  {entry.source}: {entry.detail}")


def _print_quality(report: QualityReport) -> None:
    kinds = [kind for kind in report.kinds if kind.documents]
    click.echo("Fields filled".ljust(22) + "".join(f"{kind.kind:>15}" for kind in kinds))
    for name, label in FIELD_LABELS.items():
        row = [next((one for one in kind.fields if one.field == name), None) for kind in kinds]
        if any(row):
            cells = (f"{one.filled} of {one.of}" if one else "-" for one in row)
            click.echo(f"  {label:20}" + "".join(f"{cell:>15}" for cell in cells))
    for doubt in report.doubts:
        click.echo(f"  in doubt: {doubt.field} ({doubt.documents}): {doubt.reason}")


COMMANDS = {"ingest": ingest, "verify": verify, "status": status}
