"""Docs that cannot rot: every key and public name is in the glossary, README's example and commands are what is run."""

import doctest
import re
from pathlib import Path

import pytest

import seqlab

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()
KEYS = [*seqlab.DATASETS, *seqlab.CELLS, *seqlab.BASELINES, *seqlab.PRESETS, *seqlab.__all__]


@pytest.mark.parametrize("key", KEYS)
def test_the_glossary_names_every_key_and_public_name(key: str) -> None:
    assert f"`{key}`" in GLOSSARY


def test_the_examples_of_the_readme_are_true() -> None:
    result = doctest.testfile(str(ROOT / "README.md"), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.attempted >= 8
    assert result.failed == 0


def test_ci_runs_the_readmes_test_command_and_both_are_one_line() -> None:
    commands = re.findall(r"```sh\n(.*?)\n```", README, flags=re.DOTALL)
    assert len(commands) == 2
    assert all("\n" not in command for command in commands)
    assert commands[1] in (ROOT / ".ci" / "run").read_text()


def test_every_link_inside_the_project_leads_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_lock_pins_every_direct_dependency_within_its_range() -> None:
    lock = dict(line.split("==") for line in (ROOT / "requirements.lock").read_text().splitlines() if "==" in line and line[0] != "#")
    assert lock["torch"] == "2.13.0"
    declared = re.findall(r'^    "([a-z]+)[><=]', (ROOT / "pyproject.toml").read_text(), flags=re.MULTILINE)
    assert len(declared) >= 10
    assert set(declared) <= set(lock)


def test_the_short_documents_stay_short() -> None:
    assert len((ROOT / "CONTRIBUTING.md").read_text().splitlines()) <= 60
