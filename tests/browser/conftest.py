"""From the program to pages, and to the browser that shows them."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from stories import hostile, many

ROOT = Path(__file__).parents[2]
OUT = ROOT / "target" / "browser"


def scan(stories, page, *flags):
    """The page of a scan."""
    run = [os.environ.get("DEDUP", ROOT / "target/debug/dedup"), "scan", stories, "--quiet", "--format", "html", "-o", page, *flags]
    assert subprocess.run(run).returncode in (0, 3), run
    return page


def told(stories, *flags):
    """The report of a scan, as the program gives it to other programs."""
    run = [os.environ.get("DEDUP", ROOT / "target/debug/dedup"), "scan", stories, "--quiet", "--format", "json", *flags]
    return json.loads(subprocess.run(run, capture_output=True, check=True).stdout)


def exported(page, name):
    """What the menu of a list saves under that name."""
    page.get_by_text("Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    return download.value.path().read_text("utf-8")


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def samples(tmp_path_factory):
    return scan(ROOT / "samples", tmp_path_factory.mktemp("samples") / "report.html")


@pytest.fixture(scope="session")
def attack(tmp_path_factory):
    folder = tmp_path_factory.mktemp("attack")
    return scan(hostile(folder), folder / "report.html", "--level", "copy")


@pytest.fixture(scope="session")
def large(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    many(folder / "stories.jsonl", 20_000)
    return scan(folder / "stories.jsonl", folder / "report.html", "--level", "copy")


@pytest.fixture
def open_page(browser):
    """Opens a page at an address inside it; a fault of its script, a refused element or a request fails the test."""
    contexts = []

    def opened(path, address="#/", **settings):
        settings = {"viewport": {"width": 1280, "height": 860}, "accept_downloads": True, **settings}
        context = browser.new_context(**settings)
        page = context.new_page()
        faults = []
        page.on("pageerror", lambda error: faults.append(f"fault: {error}"))
        page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
        page.on("request", lambda request: None if request.url.startswith(("file:", "blob:", "data:")) else faults.append(f"asked for {request.url}"))
        contexts.append((context, faults))
        page.goto(f"file://{path}{address}")
        ready(page, address)
        return page

    yield opened
    for context, faults in contexts:
        context.close()
        assert not faults, faults


def ready(page, address):
    page.wait_for_selector(f'html[data-ready="{address}"]', state="attached")


def go(page, address):
    """Another view of the same page."""
    page.evaluate("address => { location.hash = address }", address)
    ready(page, address)


def picture(page, name):
    page.screenshot(path=OUT / f"{name}.png")
