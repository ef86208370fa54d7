"""What the documents show is run, what they link to is there, and what is public is in them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from defensible.cli.app import COMMANDS
from defensible.dossier.claims import MetricName
from defensible.dossier.studies import KINDS

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
TUTORIAL = ROOT / "docs/tutorial.md"


def ran(script, folder):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(  # noqa: S603 - our own documents
        ["bash", "-euo", "pipefail", "-c", script],  # noqa: S607 - whichever bash is there
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_tutorial_runs_and_ends_where_it_says(tmp_path):
    blocks = re.findall(r"```sh\n(.*?)```", TUTORIAL.read_text(encoding="utf-8"), re.DOTALL)

    done = ran("\n".join(blocks), tmp_path)

    assert done.returncode == 0, done.stderr
    assert "VERDICT  validated model, pre-regulatory device" in done.stdout
    assert "did you mean 'specificity'?" in done.stderr
    assert "site East: fails" in done.stdout
    assert (tmp_path / "flag.html").stat().st_size > 10_000


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page):
    text = page.read_text(encoding="utf-8")

    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    lost = [one for one in links if "://" not in one and not (page.parent / one).exists()]
    assert lost == []


def test_every_command_kind_and_metric_is_in_the_documents():
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)

    assert [name for name in COMMANDS if f"defensible {name}" not in text] == []
    assert [kind for kind in KINDS if not (ROOT / f"docs/studies/{kind}.md").exists()] == []
    assert [one.value for one in MetricName if one.value not in text] == []


def test_every_problem_code_has_a_page():
    source = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "src/defensible").rglob("*.py")
    )

    used = set(re.findall(r'"([DREKL]\d{3})["|]', source))
    assert {code for code in used if not (ROOT / f"docs/problems/{code}.md").exists()} == set()
