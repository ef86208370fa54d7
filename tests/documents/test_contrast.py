"""Contrast of the page's colours, computed from its style sheet (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from importlib.resources import files

import pytest

STYLE = files("defensible.documents").joinpath("templates/style.css").read_text(encoding="utf-8")
TEXT = ("ink", "muted", "accent", "good", "mid", "bad")
GRAPHICS = ("ink", "accent", "good", "mid", "bad", "axis", "focus")


def _scheme(name: str) -> dict[str, str]:
    """Custom properties of one scheme; the dark ones stand on the light ones."""
    light, dark = re.findall(r":root \{(.*?)\}", STYLE, flags=re.DOTALL)[:2]
    properties = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", light))
    return properties | dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", dark if name == "dark" else ""))


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_is_21():
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "panel", "clear"])
@pytest.mark.parametrize("ink", TEXT)
def test_text_is_readable_on_every_ground(scheme, ground, ink):
    colours = _scheme(scheme)

    assert _contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "panel", "clear"])
@pytest.mark.parametrize("ink", GRAPHICS)
def test_lines_and_marks_can_be_told_from_their_ground(scheme, ground, ink):
    colours = _scheme(scheme)

    assert _contrast(colours[ink], colours[ground]) >= 3


def test_both_schemes_declare_the_same_colours():
    light, dark = re.findall(r":root \{(.*?)\}", STYLE, flags=re.DOTALL)[:2]

    declared = [set(re.findall(r"--(\w+): #", one)) for one in (light, dark)]
    assert declared[0] == declared[1]


def test_no_colour_stands_outside_the_schemes():
    rules = re.sub(r":root \{.*?\}", "", STYLE, flags=re.DOTALL)

    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", rules)
