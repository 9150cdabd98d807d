"""`pfdkb judge`, `pfdkb labels` and `pfdkb theme`: an editor's word, and users' own themes."""

import getpass
import json
from pathlib import Path
from typing import Any

import click

from kb.cli.base import CONTEXT, json_option, pass_home, print_json
from kb.errors import UsageError
from kb.own_themes import OwnTheme, own_theme
from kb.settings import Home
from kb.store import Store, judgements, own_themes
from kb.store.judgements import Verdict

_UNDO = "undo"
_DONE = {
    Verdict.CONFIRM: "is confirmed",
    Verdict.REJECT: "is rejected",
    Verdict.ADD: "is added",
}
_who = click.option("--who", default=getpass.getuser, help="Who says so (your login unless told).")


@click.command(context_settings=CONTEXT)
@click.argument("passage")
@click.argument("theme")
@click.argument("verdict", type=click.Choice([*map(str, Verdict), _UNDO]))
@click.option("--start", type=int, help="First character of the words that show it.")
@click.option("--end", type=int, help="Character after the last of these words.")
@_who
@click.option("--note", default="", help="Why, for the next reader.")
@pass_home
def judge(
    home: Home, passage: str, theme: str, verdict: str, start: int | None, end: int | None,
    who: str, note: str,
) -> None:  # fmt: skip
    """Confirm, reject or add a theme of a passage; your word outranks the software's.

    PASSAGE is its key, as 'pfdkb search --json' prints it. The judgement survives new tagging and
    a new ingest as long as the passage's words stay. 'undo' takes it back.

    \b
    Example:
      pfdkb judge 0a1b2c3d4e5f staffing reject --note "demand only, no posts"
    """
    if (start is None) != (end is None):
        raise UsageError("Give --start and --end together, or neither.")
    span = None if start is None or end is None else (start, end)
    with Store.writing(home, purpose="judge") as store:
        if verdict == _UNDO:
            judgements.undo(store.db, passage, theme)
            click.echo(f"{passage}: the judgement of {theme} is taken back.")
            return
        kept = judgements.judge(
            store.db, passage, theme, Verdict(verdict), who=who, note=note, span=span
        )
    click.echo(f"{passage}: {theme} {_DONE[kept.verdict]} by {kept.who}.")


@click.command(context_settings=CONTEXT)
@click.option(
    "--output", "target", required=True, type=click.Path(path_type=Path, dir_okay=False),
    help="Written, one line for each judged passage.",
)  # fmt: skip
@pass_home
def labels(home: Home, target: Path) -> None:
    """Write the judged passages as labels that 'pfdkb train-themes --labels' takes.

    Each line holds id, report, text, themes (those that stand after the verdicts) and rejected.
    The file holds the documents' own words: share it only where they may be shared.

    \b
    Example:
      pfdkb labels --output judged.jsonl
    """
    with Store.reading(home) as store:
        lines = [json.dumps(one, ensure_ascii=False) + "\n" for one in judgements.labels(store.db)]
    target.write_text("".join(lines), encoding="utf-8")
    click.echo(f"{len(lines)} judged passages written to {target}.", err=True)


@click.group(context_settings=CONTEXT)
def theme() -> None:
    """Themes of your own, beside the codebook.

    \b
    Example:
      pfdkb theme list
    """


@theme.command("add", context_settings=CONTEXT)
@click.argument("name")
@click.option("--definition", default="", help="What it covers, for the next reader.")
@click.option("--cue", "cues", multiple=True, help="A word or phrase; * at a word's end.")
@click.option("--example", "examples", multiple=True, help="The key of a passage that shows it.")
@_who
@json_option
@pass_home
def add(
    home: Home, name: str, definition: str, cues: tuple[str, ...], examples: tuple[str, ...],
    who: str, as_json: bool,
) -> None:  # fmt: skip
    """Make a theme of your own and tag the library with it at once.

    A passage shows it where a cue stands, or where it is close in meaning to an example.

    \b
    Example:
      pfdkb theme add "Lone working" --cue "lone work*" --cue "worked alone"
    """
    from ingest.own_themes import add_own_theme

    own = own_theme(name=name, definition=definition, cues=cues, examples=examples, who=who)
    with Store.writing(home, purpose="theme add") as store:
        found = add_own_theme(store, own)
    if as_json:
        print_json({"theme": own.key, "passages": found})
        return
    click.echo(f"{own.name} ({own.key}) is on {found} passages. It is unmeasured until labelled.")


@theme.command("list", context_settings=CONTEXT)
@json_option
@pass_home
def list_(home: Home, as_json: bool) -> None:
    """List the themes of your own, with how many of their tags were confirmed or rejected.

    \b
    Example:
      pfdkb theme list --json
    """
    with Store.reading(home) as store:
        tally = judgements.tally(store.db)
        rows = [
            _row(one, tally.get(one.key), own_themes.passages(store.db, one.key))
            for one in own_themes.every(store.db)
        ]
    if as_json:
        print_json({"themes": rows})
        return
    for row in rows:
        click.echo(f"{row['theme']:32}{row['passages']:>7} passages  {row['name']}")
    click.echo(f"{len(rows)} themes of your own", err=True)


def _row(own: OwnTheme, judged: judgements.Tally | None, passages: int) -> dict[str, Any]:
    tally = judged or judgements.Tally()
    return {
        "theme": own.key,
        "name": own.name,
        "definition": own.definition,
        "cues": list(own.cues),
        "examples": list(own.examples),
        "who": own.who,
        "at": own.at,
        "passages": passages,
        "confirmed": tally.confirm,
        "rejected": tally.reject,
        "added": tally.add,
    }


@theme.command("remove", context_settings=CONTEXT)
@click.argument("key")
@pass_home
def remove(home: Home, key: str) -> None:
    """Remove a theme of your own with its tags and the judgements of them.

    \b
    Example:
      pfdkb theme remove own:lone-working
    """
    with Store.writing(home, purpose="theme remove") as store:
        judged = own_themes.remove(store.db, key)
    click.echo(f"{key} is removed, with {judged} judgements.")


COMMANDS: dict[str, click.Command] = {"judge": judge, "labels": labels, "theme": theme}
