"""Dossiers changed at a random place: each command answers, or says what is wrong with the file."""

from copy import deepcopy
from pathlib import Path
from random import Random
from shutil import copytree, ignore_patterns

import pytest
from ruamel.yaml import YAML

from defensible.cli.edge import run

EXAMPLES = Path(__file__).parents[2] / "examples"

COMMANDS = (
    ("assess",),
    ("assess", "--format", "json"),
    ("assess", "--html"),
    ("check",),
    ("classify",),
    ("freeze",),
    ("language",),
    ("obligations",),
    ("plan",),
    ("risk",),
    ("risk", "--gaps"),
    ("risk", "--trace"),
    ("run",),
    ("scope",),
    ("verify",),
)

STRANGE: tuple[object, ...] = (
    None,
    True,
    0,
    -1,
    0.5,
    1e308,
    float("nan"),
    float("inf"),
    10**30,
    "",
    "any",
    "2026-13-45",
    "=1+1",
    "\u202e",
    [],
    [None],
    [[]],
    {},
    {"a": 1},
)


def places(tree, path=()):
    """Paths of all values in a tree of mappings and lists."""
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in inner:
        yield (*path, key)
        if isinstance(value, (dict, list)):
            yield from places(value, (*path, key))


def at(tree, path):
    for key in path:
        tree = tree[key]
    return tree


def mutate(tree, random):
    """Change one value: to something strange, to another of the file, to nothing, or twice."""
    known = list(places(tree))
    path = random.choice(known)
    held, key = at(tree, path[:-1]), path[-1]
    way = random.choice(["strange", "moved", "gone", "twice"])
    if way == "strange":
        held[key] = deepcopy(random.choice(STRANGE))
    elif way == "moved":
        held[key] = deepcopy(at(tree, random.choice(known)))
    elif way == "gone":
        del held[key]
    elif isinstance(held, list):
        held.append(deepcopy(held[key]))
    else:
        held[f"{key}x"] = deepcopy(held[key])


@pytest.mark.parametrize("seed", range(16))
@pytest.mark.parametrize(
    "example", ["heart-four-hospitals", "chest-triage", "reader-study", "nodule-marks"]
)
def test_a_changed_dossier_is_answered_or_its_fault_is_named(example, seed, tmp_path, capsys):
    random = Random(f"{example} {seed}")  # noqa: S311 - no secret
    folder = copytree(EXAMPLES / example, tmp_path / "it", ignore=ignore_patterns("*.html"))
    files = sorted(folder.rglob("*.yaml"))
    yaml = YAML(typ="safe")
    for _ in range(random.choice([1, 1, 2])):
        file = random.choice(files)
        tree = yaml.load(file.read_text(encoding="utf-8"))
        mutate(tree, random)
        yaml.dump(tree, file)
    command, *options = random.choice(COMMANDS)
    to = [str(tmp_path / "page.html")] if "--html" in options else []

    code = run([command, str(folder), *options, *to])

    said = capsys.readouterr()
    assert code in {0, 1, 2, 3}
    assert said.out or said.err
