"""`pfdkb evaluate search` and `pfdkb evaluate themes`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.cli.base import (
    CONTEXT,
    encoder,
    failings_or_none,
    json_option,
    pass_home,
    print_json,
    question_reader,
    tagger,
)
from kb.settings import Home
from kb.store import Store
from kb.themes import themes as codebook

if TYPE_CHECKING:
    from ingest.labels import Labelled

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
        run = measures.run_queries(
            store,
            Searcher(encoder(home), reader=question_reader(home), failings=failings_or_none(home)),
            asked,
        )
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
@click.option(
    "--baselines",
    type=_FILE,
    help="Labelled passages to train plain taggers on, measured beside ours in the same run.",
)
@json_option
@pass_home
def evaluate_themes(home: Home, gold: Path, baselines: Path | None, as_json: bool) -> None:
    """Score the tagger on labelled passages: precision, recall and F1 of each theme.

    A label that only one labeller gave ("disputed") counts neither way.

    \b
    Example:
      pfdkb evaluate themes --gold labelled.jsonl --baselines train.jsonl
    """
    from ingest.evaluate import evaluate_tagger
    from ingest.labels import read_labels

    labelled = read_labels(gold)
    found = evaluate_tagger(labelled, tagger(home))
    if baselines is not None:
        found["baselines"] = _baselines(home, labelled, read_labels(baselines))
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
    for name, row in found.get("baselines", {}).items():
        click.echo(f"{name}: micro {row['micro_f1']:.3f}, macro {row['macro_f1']:.3f}")


def _baselines(home: Home, gold: list[Labelled], train: list[Labelled]) -> dict[str, Any]:
    """Return micro and macro F1 and tags a passage of the plain taggers on the same passages."""
    from ingest.evaluate import evaluate_tagger, measure
    from ingest.tag import CueTagger
    from ingest.theme_baselines import meaning_alone, words_alone

    keys = list(codebook())
    found = {"cues alone": evaluate_tagger(gold, CueTagger())}
    for name, table in (
        ("words and logistic regression", words_alone(train, gold)),
        ("meaning and logistic regression", meaning_alone(train, gold, encoder=encoder(home))),
    ):
        tags = [{key for key, shown in zip(keys, row, strict=True) if shown} for row in table]
        found[name] = measure(gold, tags)
    kept = ("micro_f1", "macro_f1", "tags_a_passage")
    return {name: {key: row[key] for key in kept} for name, row in found.items()}


COMMANDS = {"evaluate": evaluate}
