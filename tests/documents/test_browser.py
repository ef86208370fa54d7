"""The page in a browser: axe finds nothing, the keyboard reaches everything, no width overflows.

Skips where there is no Chromium or no Playwright; CI has both.
"""

import shutil
from pathlib import Path

import pytest

from defensible import evidence
from defensible.assessment import assess, planning
from defensible.documents import html
from defensible.documents.plan_page import plan_html
from defensible.dossier import load
from defensible.regulation import classify
from tests.documents.hostile import hostile

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on the PATH")

QUIET = [
    "--no-sandbox",  # CI runs as root in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

CHEST = Path(__file__).resolve().parents[2] / "examples/chest-triage"
PAGES = ("heart", "heart-plan", "hostile", "hostile-plan", "chest")


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        one = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield one
        one.close()


@pytest.fixture(scope="module")
def files(heart, today, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    for name, whole in (("heart", heart), ("hostile", hostile())):
        found = planning.plan(whole, today=today)
        page = html(whole, on=today, planned=found)
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
        page = plan_html(found, whole.dossier, today=today)
        (folder / f"{name}-plan.html").write_text(page, encoding="utf-8")
    dossier = load(CHEST)
    classification = classify(dossier.intended_use, dossier.device.markets)
    whole = assess(dossier, classification, evidence.run(dossier), today=today)
    (folder / "chest.html").write_text(html(whole, on=today), encoding="utf-8")
    return folder


@pytest.fixture
def opened(browser, files):
    """Open one of the pages; what it asks of the network or says on the console is kept."""
    contexts = []

    def _open(name, *, width=1280, scheme="light"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        said = []
        page.on("console", lambda message: said.append(message.text))
        page.on("request", lambda request: said.append(request.url))

        def refuse(dialog):
            said.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        page.on("dialog", refuse)
        page.goto((files / f"{name}.html").as_uri())
        page.wait_for_load_state()
        return page, [one for one in said if not one.endswith(f"/{name}.html")]

    yield _open
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", ["heart", "heart-plan", "chest"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_no_violation(opened, name, scheme, width):
    page, _ = opened(name, width=width, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

    found = axe.Axe().run(page)

    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", PAGES)
def test_the_page_asks_for_nothing_and_runs_nothing(opened, name):
    page, said = opened(name)

    assert said == []
    assert page.title() != ""


@pytest.mark.parametrize("name", PAGES)
def test_no_width_makes_the_page_scroll_sideways(opened, name):
    page, _ = opened(name)
    wider = {}

    for width in (1280, 900, 768, 600, 390, 360, 320):
        page.set_viewport_size({"width": width, "height": 900})
        scrolled = page.evaluate("document.documentElement.scrollWidth")
        if scrolled > width:
            wider[width] = scrolled

    assert wider == {}


def test_the_first_tab_is_the_skip_link_and_it_leads_to_main(opened):
    page, _ = opened("heart")

    page.keyboard.press("Tab")
    skip = page.evaluate("[document.activeElement.className, document.activeElement.hash]")
    page.keyboard.press("Enter")

    assert skip == ["skip", "#main"]
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("name", ["heart", "heart-plan"])
def test_the_keyboard_reaches_every_region_that_scrolls(opened, name):
    page, _ = opened(name, width=390)
    regions = page.locator("[role=region][tabindex='0']").count()
    reached = set()

    for _ in range(400):
        page.keyboard.press("Tab")
        tag, label = page.evaluate(
            "[document.activeElement.tagName, document.activeElement.getAttribute('aria-label')]"
        )
        if label is not None:
            reached.add(label)
        if tag == "BODY":
            break

    assert regions > 0
    closed = page.locator("details [role=region]").count()
    assert len(reached) == regions - closed


def test_the_phone_gets_its_own_forest_plot(opened):
    page, _ = opened("heart", width=390)

    assert page.locator("svg.narrow").first.is_visible()
    assert not page.locator("svg.wide").first.is_visible()
    size = page.evaluate(
        "document.querySelector('svg.narrow').getBoundingClientRect().width / 344 * 13"
    )
    assert size >= 12


@pytest.mark.parametrize("width", [1280, 360])
def test_each_cell_of_the_risk_matrix_says_step_answer_and_risks_in_words(opened, width):
    """What a person without colours reads: the step stands above the column, or in the cell."""
    page, _ = opened("chest", width=width)
    matrix = page.locator("table.matrix").first
    steps = matrix.locator("thead th").all_inner_texts()[1:]
    row = matrix.locator("tbody tr").nth(1)
    cells = row.locator("td").evaluate_all(
        "all => all.map(one => [getComputedStyle(one, '::before').content, one.innerText])"
    )

    assert steps == ["improbable", "remote", "occasional", "probable", "frequent"]
    shown = [f'"{one}"' for one in steps] if width == 360 else ["none"] * 5
    assert [before for before, _ in cells] == shown
    assert cells[0][1] == "acceptable"
    assert cells[3][1] == "unacceptable, 3 risks: R-miss, R-miss-philips, R-drift"


def test_the_risk_matrix_needs_no_colour(opened):
    page, _ = opened("chest")
    colours = page.locator("table.matrix td").evaluate_all(
        "all => all.map(getComputedStyle).map(one => [one.color, one.backgroundColor])"
    )

    assert len({tuple(one) for one in colours}) == 1
