"""Seals of released versions, each verified for ever: digests, chain, signatures, time-stamps."""

from pathlib import Path

import pytest

from defensible.cli import edge

HERE = Path(__file__).parent
VERSIONS = sorted(one.name for one in HERE.iterdir() if (one / "device.yaml").exists())


def test_there_is_a_seal_of_the_first_version():
    assert "0.1.0" in VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
def test_a_seal_of_an_earlier_version_holds(version, capsys):
    root = HERE / version
    given = ["--trust", str(root / "key.pub"), "--tsa-certificate", str(root / "authority.pem")]

    code = edge.run(["verify", str(root), *given])

    said = capsys.readouterr().out
    assert code == 0, said
    assert "6 signed by key.pub" in said
    assert "CN=A root of a test" in said
    assert said.count(": holds\n") == 7
    assert "declared today as it was frozen in line 1" in said
