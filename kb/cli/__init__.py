"""The command line and the composition root: here the stages are put together."""

import sqlite3
import sys
from collections.abc import Sequence
from typing import Any

import click

import kb
from kb.cli.base import CONTEXT
from kb.errors import PfdError
from kb.settings import Home


class _Group(click.Group):
    """Loads a module of commands only when one of its commands is named, so starting is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = __import__(f"kb.cli.{_COMMANDS[cmd_name]}", fromlist=["COMMANDS"])
        command: click.Command = module.COMMANDS[cmd_name]
        return command


_COMMANDS = {
    "demo": "serving",
    "show": "editing",
    "correct": "editing",
    "ingest": "ingesting",
    "search": "searching",
    "similar": "similar",
    "evaluate": "evaluating",
    "tag": "theming",
    "themes": "across",
    "theme": "labelling",
    "judge": "labelling",
    "labels": "labelling",
    "train-themes": "training",
    "clusters": "theming",
    "verify": "ingesting",
    "status": "ingesting",
    "serve": "serving",
}


@click.group(cls=_Group, context_settings=CONTEXT)
@click.option(
    "--home",
    metavar="DIR",
    help="The folder that holds the library (else PFDKB_HOME, else the platform's data folder).",
)
@click.version_option(kb.__version__, prog_name="pfdkb")
@click.pass_context
def cli(context: click.Context, home: str | None) -> None:
    """Search the themes of coroners' Prevention of Future Deaths reports, offline.

    \b
    Example:
      pfdkb ingest reports/
      pfdkb search "care coordinator not allocated"
      pfdkb serve
    """
    context.obj = Home.choose(home)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; whatever goes wrong ends in a sentence and an exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 done, 1 failed, 2 wrong usage, 3 locked."""
    try:
        answer: Any = cli.main(args=arguments, prog_name="pfdkb", standalone_mode=False)
    except PfdError as error:
        return _say(error.sentence, error.exit_code)
    except click.exceptions.Abort:
        return _say("Stopped. What was finished is kept; run the same command to go on.", 1)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except sqlite3.Error as error:
        return _say(f"The library could not be used ({error}). Run 'pfdkb verify'.", 1)
    except OSError as error:
        named = f" ({error.filename})" if error.filename else ""
        return _say(f"{error.strerror or error}{named}. Check the folder, its rights and space.", 1)
    return answer if isinstance(answer, int) else 0


def _say(sentence: str, code: int) -> int:
    click.echo(f"pfdkb: {sentence}", err=True)
    return code
