"""The documents tell the truth about the program."""

import re
from pathlib import Path

import click
import pytest

from kb.cli import cli

ROOT = Path(__file__).resolve().parents[1]


def commands() -> list[tuple[str, click.Command]]:
    context = click.Context(cli)
    found = []
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            found += [(f"{name} {sub}", command.commands[sub]) for sub in sorted(command.commands)]
        else:
            found.append((name, command))
    return found


@pytest.mark.parametrize(("name", "command"), commands(), ids=lambda value: str(value))
def test_every_command_has_help_with_an_example(name: str, command: click.Command) -> None:
    assert command.help is not None
    assert f"pfdkb {name}" in command.help.partition("Example:")[2]


@pytest.mark.parametrize(("name", "command"), commands(), ids=lambda value: str(value))
def test_every_command_and_option_stands_in_the_reference(
    name: str, command: click.Command
) -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    _, found, rest = text.partition(f"## pfdkb {name}\n")
    assert found, f"docs/cli.md has no part '## pfdkb {name}'"
    part = rest.partition("\n## ")[0]
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.name != "as_json":  # of every command
            assert parameter.opts[-1] in part


@pytest.mark.parametrize(
    "file", sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]), ids=str
)
def test_every_link_to_a_file_leads_to_one(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (file.parent / target).exists(), f"{file.name}: {target}"


def test_the_modules_that_the_architecture_names_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:kb|ingest|index|webui)/[a-z_/]+\*?)`", text))
    assert named
    for name in named:
        path = ROOT / name.rstrip("*")
        found = path.is_dir() or list(path.parent.glob(f"{path.name}*.py"))
        assert found, name


def test_the_readme_names_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make demo" in text and "make test" in text


def test_no_file_of_the_project_names_a_place_on_one_machine() -> None:
    for name in ("Makefile", "pyproject.toml", "constraints.txt", "README.md", ".ci/run"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"file://|/(?:work|opt|root|home)/\w", text), name
