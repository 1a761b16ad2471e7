"""A passage's way through the papers, on the page of `--level passage` and of `--passages`."""

import csv
import io
import json
import os
import subprocess
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import OUT, ROOT, exported, go, picture, ready, scan
from playwright.sync_api import expect
from stories import HOSTILE, passages, travelling

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("papers")
    travelling(folder / "papers.jsonl")
    return scan(folder / "papers.jsonl", folder / "passages.html", "--level", "passage")


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    return scan(ROOT / "samples", tmp_path_factory.mktemp("both") / "report.html", "--passages", "--least", "12")


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wide")
    passages(folder / "papers.jsonl", 20_000, 3_000)
    return scan(folder / "papers.jsonl", folder / "passages.html", "--level", "passage", "--noise", "off")


def of(page, outlet):
    return page.locator(".printing").filter(has=page.locator(".source", has_text=outlet))


def test_passages_are_listed_by_printings_and_found(open_page, papers):
    page = open_page(papers)
    assert [tab.get_attribute("href") for tab in page.locator("#tabs a").all()] == ["#/", "#/run"]
    assert [int(text.split()[0]) for text in page.locator(".row .size").all_inner_texts()] == [4, 3, 2, 2]
    expect(page.locator(".found")).to_have_text("4 passages")
    page.keyboard.press("/")
    page.keyboard.type("steam thresher")
    expect(page.locator(".found")).to_have_text("1 of 4 passages")
    assert "q=steam+thresher" in page.url
    page.reload()
    expect(page.locator(".row")).to_have_count(1)
    page.get_by_role("button", name="Show all").click()
    page.get_by_label("Comet").check()
    expect(page.locator(".row")).to_have_count(1)
    page.get_by_role("button", name="Show all").click()
    page.get_by_label("Sort by").select_option("oldest")
    expect(page.locator(".row .headline").first).to_contain_text("undersigned")
    picture(page, "passages-list")


def test_passages_are_exported_as_the_program_writes_them(open_page, papers):
    page = open_page(papers)
    lines = lambda text: [json.loads(line) for line in text.splitlines()]
    run = [os.environ["DEDUP"], "scan", papers.with_name("papers.jsonl"), "--quiet", "--level", "passage", "--format", "jsonl"]
    written = lines(subprocess.run(run, capture_output=True, check=True, text=True).stdout)
    families = [line for line in written if line["type"] == "family"]
    assert len(families) == 4 and lines(exported(page, "JSON lines")) == families
    rows = list(csv.DictReader(io.StringIO(exported(page, "CSV"), newline="")))
    told = [(str(number), one["id"], one["time"] or "", str(one["start"]), str(one["end"]), one["text"]) for number, family in enumerate(families, 1) for one in family["members"]]
    assert [(row["passage"], row["id"], row["time"], row["start"], row["end"], row["text"]) for row in rows] == told
    page.get_by_label("Search passages").fill("steam thresher")
    expect(page.locator(".found")).to_have_text("1 of 4 passages")
    assert [family["stories"] for family in lines(exported(page, "JSON lines"))] == [4]


def test_no_cell_of_an_export_is_a_formula(open_page, tmp_path):
    text = "=HYPERLINK(1) and the whole of the cargo had been put on board in good order on the Monday before she sailed for the islands with salt"
    stories = [{"id": f"@{n}", "source": f"+Paper {n}", "headline": "-1+1", "text": text} for n in range(2)]
    (tmp_path / "papers.jsonl").write_text("".join(json.dumps(story) + "\n" for story in stories))
    page = open_page(scan(tmp_path / "papers.jsonl", tmp_path / "page.html", "--level", "passage", "--least", "8"))
    cells = [cell for row in csv.reader(io.StringIO(exported(page, "CSV"), newline="")) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")] and "'@0" in cells and "'+Paper 1" in cells and "'-1+1" in cells


def test_a_way_is_told_in_the_order_of_time(open_page, papers):
    page = open_page(papers, "#/passage/1")
    dated = page.get_by_role("list", name="Printings in the order of time").locator(".printing")
    assert dated.locator(".source").all_inner_texts() == ["Bee", "Argus", "Comet"]
    assert of(page, "Bee").locator(".kept").inner_text() == "printed first"
    assert "12 Aug 1871" in of(page, "Bee").inner_text() and ":00" not in of(page, "Bee").inner_text(), "a day is no midnight"
    assert "2 days later" in of(page, "Argus").inner_text() and "word for word" in of(page, "Argus").inner_text()
    assert of(page, "Comet").locator("ins").all_text_contents() == ["[here: two bushels]"]
    assert of(page, "Comet").locator("del").all_text_contents() == ["[not here: one bushel]"]
    marks = [of(page, "Comet").locator(name).first.evaluate("node => getComputedStyle(node).textDecorationLine") for name in ("ins", "del")]
    assert marks == ["underline", "line-through"], "marked without colours, too"
    undated = page.get_by_role("list", name="Printings without a date").locator(".printing")
    assert undated.locator(".source").all_inner_texts() == ["Dial"]
    assert page.locator(".course a").count() == 3
    links = page.locator(".printings a.printed")
    assert [link.get_attribute("href") for link in links.all()] == ["https://paper.example/%3Cb%3E?a=1"] * 2
    picture(page, "passage")


def test_who_was_first_is_not_said_where_no_hour_tells(open_page, papers):
    page = open_page(papers, "#/passage/2")
    assert [chip for chip in page.locator(".printing .kept").all_inner_texts()] == ["among the first"] * 2
    assert "Wire or Bee: no hour tells them apart" in page.locator(".facts-row").inner_text()


def test_another_printing_is_what_the_others_are_compared_with(open_page, papers):
    page = open_page(papers, "#/passage/1")
    of(page, "Comet").get_by_role("link", name="Compare the others with this one").click()
    ready(page, "#/passage/1?with=3&at=3")
    assert of(page, "Bee").locator("ins").all_text_contents() == ["[here: one bushel]"]
    assert page.evaluate("document.activeElement.closest('.printing').dataset.place") == "2", "the focus stays"
    page.reload()
    ready(page, "#/passage/1?with=3&at=3")
    assert of(page, "Comet").locator("ins").count() == 0
    for hostile in ["#/passage/1?with=99&at=0", "#/passage/1?with=-1&at=x", "#/passage/1?with=1e9"]:
        go(page, hostile)
        assert page.locator(".printing").count() == 4


def test_keys_go_through_list_way_and_back(open_page, papers):
    page = open_page(papers)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    ready(page, "#/passage/2")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('.printing').dataset.place") == "1"
    assert page.url.endswith("#/passage/2?at=2")
    page.keyboard.press("]")
    ready(page, "#/passage/3")
    page.keyboard.press("[")
    ready(page, "#/passage/2")
    page.keyboard.press("Escape")
    ready(page, "#/")
    assert page.evaluate("document.activeElement.closest('.row').dataset.place") == "1", "the focus is where it was"


def test_a_story_shows_its_passages_where_they_stand(open_page, papers):
    page = open_page(papers, "#/passage/1")
    of(page, "Argus").locator(".version").click()
    page.locator(".holder").wait_for()
    mark = page.locator(".single mark.chosen")
    assert "1The undersigned begs leave" in mark.text_content()
    page.locator(".single mark sup a").click()
    ready(page, "#/passage/1")


def test_a_report_leads_to_its_passages(open_page, reports):
    page = open_page(reports)
    page.get_by_role("link", name="148 rescued as ferry runs aground").first.click()
    further = page.locator(".further")
    further.wait_for()
    assert "4 printings in 4 outlets" in further.inner_text()
    further.get_by_role("link", name="All").click()
    page.wait_for_selector(".of-passages .row")
    assert "report=1" in page.url
    listed = page.locator(".row").count()
    page.reload()
    expect(page.locator(".row")).to_have_count(listed)
    page.locator(".row a").first.click()
    page.locator(".printing").first.get_by_role("link", name="report 1").click()
    page.locator(".report").wait_for()
    picture(page, "report-passages")
    go(page, "#/passages/story/1")
    assert page.locator("#tabs [aria-current]").inner_text().startswith("Passages")


def test_a_hostile_passage_is_text_and_nothing_else(open_page, papers):
    page = open_page(papers)
    number = page.locator(".row").filter(has_text="He swore").locator("a").get_attribute("href")
    for address in [number, f"{number}?with=2", "#/passages/story/1", "#/passages/story/8", "#/passages/story/7", "#/?q=swore"]:
        go(page, address)
        page.wait_for_timeout(30)
        assert page.evaluate("window.harmed") is None, address
        assert page.evaluate("document.querySelectorAll('main img, main script, main iframe, main [href^=\"javascript\"]').length") == 0, address
        shown = page.locator("main").text_content()
        assert not any(sign in shown for sign in "\u202e\u202c\u0007"), address
    go(page, number)
    assert HOSTILE["script"] in page.locator(".stretch").first.text_content()


@pytest.mark.parametrize("address", ["#/", "#/passage/1", "#/passage/3", "#/passage/4", "#/passages/story/1"])
@pytest.mark.parametrize("look", ["light", "dark", "phone", "right-to-left"])
def test_axe_finds_no_serious_fault_and_nothing_is_too_wide(open_page, papers, address, look):
    page = open_page(papers, address, **(PHONE if look == "phone" else {}), color_scheme="dark" if look == "dark" else "light")
    if look == "right-to-left":
        page.evaluate("document.documentElement.dir = 'rtl'")
    faults = [fault for fault in Axe().run(page).response["violations"] if fault["impact"] in ("serious", "critical")]
    assert not faults, json.dumps([[fault["id"], [node["html"][:200] + str(node.get("any", [{}])[:1]) for node in fault["nodes"][:4]]] for fault in faults], indent=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, f"passages-{look}-{address.strip('#/').replace('/', '-') or 'list'}")


def test_arabic_is_cut_at_its_end_and_runs_from_right_to_left(open_page, papers):
    page = open_page(papers)
    line = page.locator(".row .line", has_text="البلدية")
    assert line.evaluate("node => getComputedStyle(node).direction") == "rtl"
    go(page, "#/passage/4" if "4" in line.locator("xpath=ancestor::a").get_attribute("href") else "#/passage/3")
    assert page.locator(".stretch").first.evaluate("node => getComputedStyle(node).direction") == "rtl"


def test_paper_has_every_printing(open_page, papers):
    page = open_page(papers, "#/passage/1")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".printing").count() == 4
    assert not page.get_by_text("Compare the others").first.is_visible()


def test_three_thousand_printings_and_twenty_thousand_passages_open_at_once(open_page, wide):
    begun = time.perf_counter()
    page = open_page(wide)
    loaded = time.perf_counter() - begun
    expect(page.locator(".found")).to_have_text("20,001 passages")
    assert page.locator(".row").count() < 60
    begun = time.perf_counter()
    go(page, "#/passage/1")
    opened = time.perf_counter() - begun
    assert page.locator("figure.volume").count() == 1
    assert 20 <= page.locator(".printing").count() <= 100
    page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
    page.wait_for_function("() => [...document.querySelectorAll('.printing')].some(node => node.dataset.place > 1000)")
    page.wait_for_timeout(300)
    assert page.locator(".printing").count() <= 140, "what is far away is put away"
    begun = time.perf_counter()
    go(page, "#/passage/1?at=2900")
    jumped = time.perf_counter() - begun
    assert page.evaluate("document.activeElement.closest('.printing').dataset.place") == "2899"
    assert page.evaluate("(box => box.top > 0 && box.bottom < innerHeight)(document.activeElement.closest('.printing').getBoundingClientRect())")
    assert max(loaded, opened, jumped) < 8, (loaded, opened, jumped)
    figures = {"file_mb": round(wide.stat().st_size / 1e6, 1), "load_s": round(loaded, 2), "open_3000_s": round(opened, 2), "jump_s": round(jumped, 2)}
    (OUT / "passages.json").write_text(json.dumps(figures) + "\n")
    print(figures)
