"""`pfdkb evaluate search` and `pfdkb evaluate themes`."""

from dataclasses import asdict
from pathlib import Path

import click

from kb.cli.base import CONTEXT, encoder, json_option, pass_home, print_json
from kb.settings import Home
from kb.store import Store

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group(context_settings=CONTEXT)
def evaluate() -> None:
    """Measure search and tagging against judged data.

    \b
    Example:
      pfdkb evaluate search --queries queries.tsv --qrels qrels.txt
    """


@evaluate.command("search", context_settings=CONTEXT)
@click.option("--queries", required=True, type=_FILE, help="Lines of: id, tab, query.")
@click.option("--qrels", required=True, type=_FILE, help="Judgements in TREC form.")
@click.option("--run-out", type=click.Path(path_type=Path), help="Write the ranking here.")
@json_option
@pass_home
def evaluate_search(
    home: Home, queries: Path, qrels: Path, run_out: Path | None, as_json: bool
) -> None:
    """Rank documents for judged queries by the same path as search, and score the ranking.

    \b
    Example:
      pfdkb evaluate search --queries queries.tsv --qrels qrels.txt --run-out run.txt --json
    """
    from index import evaluate as measures
    from index.search import Searcher

    asked, judged = measures.read_queries(queries), measures.read_judgements(qrels)
    with Store.reading(home) as store:
        run = measures.run_queries(store, Searcher(encoder(home)), asked)
    if run_out is not None:
        measures.write_run(run, run_out)
    found = measures.measure(run, judged)
    if as_json:
        print_json(asdict(found))
        return
    click.echo(f"nDCG@10   {found.ndcg_10:.3f}")
    click.echo(f"P@5       {found.p_5:.3f}")
    click.echo(f"recall@50 {found.recall_50:.3f}")
    click.echo(f"over {found.queries} judged queries")


@evaluate.command("themes", context_settings=CONTEXT)
@click.option("--gold", required=True, type=_FILE, help='Lines of {"id","text","themes"}.')
@json_option
def evaluate_themes(gold: Path, as_json: bool) -> None:
    """Score the tagger on labelled passages: precision, recall and F1 of each theme.

    A label that only one labeller gave ("disputed") counts neither way.

    \b
    Example:
      pfdkb evaluate themes --gold labelled.jsonl
    """
    from ingest.evaluate import evaluate_tagger

    found = evaluate_tagger(gold)
    if as_json:
        print_json(found)
        return
    click.echo(f"{'theme':28}{'labels':>7}{'P':>7}{'R':>7}{'F1':>7}")
    for key, row in found["themes"].items():
        click.echo(
            f"{key:28}{row['labels']:7d}{row['precision']:7.2f}{row['recall']:7.2f}{row['f1']:7.2f}"
        )
    click.echo(f"{'macro F1':28}{'':21}{found['macro_f1']:7.3f}")
    click.echo(f"{'micro F1':28}{'':21}{found['micro_f1']:7.3f}")
    click.echo(f"{found['passages']} passages, {found['tags_a_passage']:.2f} tags a passage")


COMMANDS = {"evaluate": evaluate}
