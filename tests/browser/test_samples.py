"""The report of samples/, used as a reader would use it."""

import csv
import io
import json
import math
import os
import subprocess
import xml.etree.ElementTree as tree

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT, exported, go, picture, ready, told

FERRY = "148 rescued as ferry runs aground in NSW"


def headlines(page):
    return page.locator(".row .headline").all_inner_texts()


@pytest.fixture(scope="module")
def run():
    """What the program itself says of the samples: what the page shows is held against it."""
    return told(ROOT / "samples")


def number_of(run, story):
    """The report that holds a story, as the page numbers them."""
    return next(i for i, cluster in enumerate(run["clusters"], 1) if story in [member["id"] for member in cluster["members"]])


def side_by_side(run, a, b):
    """The address of two stories of one report, by their places among its members."""
    number = number_of(run, a)
    members = [member["id"] for member in run["clusters"][number - 1]["members"]]
    places = [members.index(story) + 1 for story in (a, b)]
    return f"#/report/{number}/{places[0]}/{places[1]}"


def found(page, n, of):
    page.wait_for_function("text => document.querySelector('.found').textContent === text", arg=f"{n} of {of} reports" if n != of else f"{of} reports")


def test_the_list_sorts(open_page, samples, run):
    page = open_page(samples)
    assert len(headlines(page)) == len(run["clusters"])
    picture(page, "list")
    page.get_by_label("Sort by").select_option("largest")
    page.wait_for_function("() => document.querySelector('.row .headline').textContent.startsWith('Лукашенко')")
    sizes = [int(text.split()[0]) for text in page.locator(".row .size").all_inner_texts()]
    assert sizes == sorted(sizes, reverse=True)
    page.get_by_label("Sort by").select_option("oldest")
    page.wait_for_function("() => document.querySelector('.row .headline').textContent.startsWith('У Львові')")


def test_the_list_searches_and_filters(open_page, samples, run):
    page = open_page(samples)
    every = len(run["clusters"])
    having = lambda wanted: sum(any(wanted(story) for story in cluster["members"]) for cluster in run["clusters"])
    page.keyboard.press("/")
    page.keyboard.type("ferry aground")
    found(page, 1, every)
    assert headlines(page) == [FERRY]
    page.get_by_role("button", name="Show all").click()
    found(page, every, every)
    page.get_by_label("Reuters").first.check()
    found(page, having(lambda story: story["source"] == "Reuters"), every)
    page.get_by_label("correction", exact=False).first.check()
    page.get_by_role("button", name="Show all").click()
    found(page, every, every)
    page.get_by_label("Seen up to this day").fill("2022-12-31")
    found(page, having(lambda story: story["time"] < "2023"), every)
    page.get_by_role("button", name="to 2022-12-31").click()
    found(page, every, every)
    page.locator(".facet", has_text="Language").get_by_label("Arabic").check()
    found(page, 1, every)
    page.keyboard.press("Escape")


def test_a_report_shows_who_took_it_from_whom(open_page, samples):
    page = open_page(samples)
    page.get_by_role("link", name=FERRY).click()
    page.get_by_role("heading", name=FERRY).wait_for()
    assert page.locator(".timeline .arrow").count() == 3
    assert page.locator(".timeline .name").all_text_contents()[0].startswith("AAP")
    row = page.locator(".versions tr", has_text="gippsland-mail-ferry")
    assert "credits AAP" in row.inner_text() and "kept" in row.inner_text() and "98 %" in row.inner_text()
    picture(page, "report")
    page.keyboard.press("Escape")
    ready(page, "#/")


def test_a_kill_is_told(open_page, samples):
    page = open_page(samples, "#/report/3")
    assert page.locator(".alarm").inner_text() == "Taken back. Still live at Wabash Tribune."
    assert page.locator(".timeline .mark.kill").count() == 1


def test_the_same_passage_is_marked_on_both_sides(open_page, samples):
    page = open_page(samples, "#/report/1/1/4")
    sides = [page.get_by_role("region", name=f"Text of {letter}") for letter in "AB"]
    texts = [[" ".join(mark.text_content().split()) for mark in side.locator("mark[data-number='2']").all()] for side in sides]
    assert texts[0] == texts[1] and texts[0][0].startswith("2at 7.40pm on Tuesday")
    colours = {side.locator("mark[data-number='2']").first.evaluate("node => getComputedStyle(node).backgroundColor") for side in sides}
    assert len(colours) == 1 and colours != {"rgba(0, 0, 0, 0)"}
    assert [side.locator("sup.number").first.inner_text() for side in sides] == ["1", "1"]
    # Edited stretches are told apart without colour, furniture is greyed.
    edited = sides[1].locator(".edited").first
    assert "wharf" in edited.text_content()
    assert "wavy" in edited.evaluate("node => getComputedStyle(node).textDecoration")
    assert "SYDNEY, June 14 AAP" in sides[0].locator(".furniture").first.text_content()
    page.keyboard.press("n")
    page.keyboard.press("n")
    assert all(side.locator("mark.chosen").first.get_attribute("data-number") == "2" for side in sides)
    assert page.get_by_text("passage 2 of").count() == 1
    picture(page, "pair")


def test_both_texts_scroll_in_step(open_page, samples):
    page = open_page(samples, "#/report/1/1/4", viewport={"width": 1280, "height": 640})
    page.locator(".text").first.hover()
    page.mouse.wheel(0, 400)
    page.wait_for_function("() => document.querySelectorAll('.text')[1].scrollTop > 150")


def test_the_evidence_adds_up(open_page, samples, run):
    page = open_page(samples, side_by_side(run, "aap-ferry-aground", "coastline-daily-ferry"))
    number = lambda text: float(text.split()[0].replace("−", "-"))
    amounts = [number(text) for text in page.locator(".signals tbody .amount").all_inner_texts()]
    total = number(page.locator(".signals tfoot .amount").inner_text())
    assert abs(sum(amounts) - total) < 0.05
    # The sum is the log-odds of the probability that is shown, and it begins with the doubt that
    # any two stories deserve.
    probability = float(page.locator(".signals tfoot").inner_text().rsplit(" ", 1)[1])
    assert abs(1 / (1 + math.exp(-total)) - probability) < 0.006
    assert min(amounts) < 0 and "before any evidence" in page.locator(".signals tbody").inner_text()


def test_near_misses_and_sources_have_pages(open_page, samples, run):
    page = open_page(samples, "#/apart")
    cut = sum(bool(pair.get("cut")) for pair in run["pairs"])
    assert page.locator("section", has_text="Cut bridges").locator(".apart").count() == cut
    assert page.locator("section", has_text="Related, not the same").locator(".apart").count() > 0
    picture(page, "near-misses")
    page.get_by_role("link", name="Compare").first.click()
    page.locator(".panes").wait_for()
    go(page, "#/sources")
    page.get_by_role("button", name="Tasman Post from AAP: 1").click()
    assert "1 story that AAP had first; median delay 2 h 18 min; 9" in page.locator(".chosen-flow").inner_text()
    picture(page, "sources")
    go(page, "#/run")
    assert "0.7" in page.locator(".settings").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_system_and_the_reader(open_page, samples, scheme):
    page = open_page(samples, color_scheme=scheme)
    lightness = lambda: sum(int(n) for n in page.evaluate("getComputedStyle(document.body).backgroundColor").removeprefix("rgb(").rstrip(")").split(","))
    assert (lightness() > 600) == (scheme == "light")
    picture(page, f"list-{scheme}")
    page.keyboard.press("t")
    assert (lightness() > 600) == (scheme == "dark")


@pytest.mark.parametrize("name,address", [("list", "#/"), ("report", "#/report/3"), ("pair", "#/report/1/1/4"), ("sources", "#/sources")])
def test_a_phone_shows_it_without_a_sideways_scroll(open_page, samples, name, address):
    page = open_page(samples, address, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(page, f"phone-{name}")


def test_arabic_runs_from_right_to_left(open_page, samples, run):
    page = open_page(samples, side_by_side(run, "spa-asir-terraces", "sahil-news-asir-terraces"))
    paragraph = page.locator(".text p").nth(1)
    assert paragraph.evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert page.locator(".text").nth(1).locator("p").last.evaluate("node => getComputedStyle(node).direction") == "rtl"
    picture(page, "right-to-left")


def test_paper_has_every_report_and_no_controls(open_page, samples, run):
    page = open_page(samples)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(headlines(page)) == len(run["clusters"])
    assert not page.locator(".bar").is_visible() and not page.locator("#search").is_visible()


@pytest.mark.parametrize("name,at", [("#/", "start"), ("#/run", "end")])
def test_a_phone_shows_that_there_are_more_tabs(open_page, samples, name, at):
    page = open_page(samples, name, viewport={"width": 320, "height": 700})
    page.wait_for_function("at => document.getElementById('tabs').className === (at === 'start' ? 'more' : 'more-before')", arg=at)


def test_time_runs_one_way_in_drawing_and_caption(open_page, samples, run):
    page = open_page(samples, f"#/report/{max(range(len(run['clusters'])), key=lambda i: len(run['clusters'][i]['members'])) + 1}")
    page.evaluate("document.documentElement.dir = 'rtl'")
    first, last = [page.locator(f".volume figcaption > :{place}-child").bounding_box()["x"] for place in ("first", "last")]
    assert first < last


@pytest.mark.parametrize("address", ["#/", "#/report/3", "#/report/1/1/2", "#/report/1/changes/1/2", "#/apart", "#/sources", "#/run"])
@pytest.mark.parametrize("scheme", ["light", "dark", "phone", "right-to-left"])
def test_axe_finds_no_serious_fault(open_page, samples, address, scheme):
    settings = {"viewport": {"width": 390, "height": 844}} if scheme == "phone" else {}
    page = open_page(samples, address, color_scheme="dark" if scheme == "dark" else "light", **settings)
    if scheme == "right-to-left":
        page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    faults = [fault for fault in Axe().run(page).response["violations"] if fault["impact"] in ("serious", "critical")]
    assert not faults, json.dumps([[fault["id"], [node["html"][:200] + str(node.get("any", [{}])[:1]) for node in fault["nodes"][:4]]] for fault in faults], indent=1)


def test_exports_are_what_the_program_writes(open_page, samples):
    page = open_page(samples)
    written = lambda form: subprocess.run(
        [os.environ["DEDUP"], "scan", ROOT / "samples", "--quiet", "--format", form, "--facts"], capture_output=True, check=True, text=True
    ).stdout
    lines = lambda text: [json.loads(line) for line in text.splitlines()]
    # The page knows near misses, which the program writes on request only.
    mine = [line for line in lines(exported(page, "JSON lines")) if line.get("relation") not in ("related", "roundup", "template")]
    theirs = [line for line in lines(written("jsonl")) if line.get("relation") not in ("related", "roundup", "template")]
    for line in mine + theirs:
        line.pop("languages", None)
        line.pop("pairs", None)
    assert mine == theirs
    rows = lambda text: [(row["cluster"], row["id"], row["role"], row["relation"], row["time"]) for row in csv.DictReader(io.StringIO(text))]
    assert rows(exported(page, "CSV")) == rows(written("csv"))
    names = {"g": "http://graphml.graphdrawing.org/xmlns"}
    edges = lambda text: {(edge.get("source"), edge.get("target")) for edge in tree.fromstring(text).iterfind(".//g:edge", names)}
    assert edges(written("graphml")) <= edges(exported(page, "GraphML"))


def test_an_export_holds_what_the_list_shows(open_page, samples, run):
    page = open_page(samples)
    page.get_by_label("Search headlines").fill("ferry aground")
    found(page, 1, len(run["clusters"]))
    kinds = [json.loads(line)["type"] for line in exported(page, "JSON lines").splitlines()]
    assert kinds == ["pair"] * 6 + ["cluster"]


def test_keys_go_down_the_list(open_page, samples):
    page = open_page(samples)
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.closest('.row').dataset.place") == "1"
    page.keyboard.press("Enter")
    page.locator(".report").wait_for()
    page.keyboard.press("]")
    page.wait_for_function("() => location.hash !== '#/report/8'")
    page.keyboard.press("?")
    assert page.get_by_role("heading", name="Keys").is_visible()
