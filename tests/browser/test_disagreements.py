"""The page of pairs in which result and labels differ, used as a reader would use it."""

import json
import os
import subprocess

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT, go, picture, ready
from stories import HOSTILE

PROGRAM = os.environ.get("DEDUP", ROOT / "target/debug/dedup")
FERRY = ("aap-ferry-aground", "coastline-daily-ferry")
TERRACES = ("sahil-news-asir-terraces", "spa-asir-terraces")
STRANGERS = {"a": "aap-ferry-aground", "b": "dpa-seilbahn", "label": 1, "weight": 4.5, "doubt": True, "note": "“näher”"}


def evaluated(labels, stories, page):
    run = [PROGRAM, "eval", labels, stories, "--quiet", "--format", "json", "--disagreements", page]
    return json.loads(subprocess.run(run, capture_output=True, check=True).stdout)


@pytest.fixture(scope="module")
def labels(tmp_path_factory):
    """The labels of two reports of the samples, one of each turned round, and one of strangers."""
    every = [json.loads(line) for line in open(ROOT / "samples/labels.jsonl", encoding="utf-8")]
    lines = [line for line in every if line["a"].endswith(("ferry", "ferry-aground", "terraces"))]
    for line in lines:
        if tuple(sorted((line["a"], line["b"]))) in (FERRY, TERRACES):
            line.update(label=0, weight=2.5)
    path = tmp_path_factory.mktemp("labels") / "labels.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in [*lines, STRANGERS]), "utf-8")
    return path


@pytest.fixture(scope="module")
def disagreements(labels):
    page = labels.with_name("look.html")
    evaluated(labels, ROOT / "samples", page)
    return page


def pressed(page):
    return page.locator(".marking[aria-pressed='true'] b").all_inner_texts()


def saved(page, name):
    page.get_by_text("Export labels").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    return [json.loads(line) for line in download.value.path().read_text("utf-8").splitlines()]


def test_the_heaviest_stands_first_with_what_both_say(open_page, disagreements):
    page = open_page(disagreements)
    assert page.locator(".disagreement").count() == 3
    first = page.locator(".disagreement").first.inner_text()
    assert "miss" in first and "one report · in doubt · weight 4.5 · note “näher”" in first and "never compared" in first
    assert page.locator(".strip").inner_text().count("false joins, weight 5") == 1
    picture(page, "disagreements")
    page.get_by_label("Show").select_option("joins")
    assert page.locator(".disagreement").count() == 2
    page.get_by_role("link", name="Side by side").first.click()
    page.locator(".panes").wait_for()
    assert page.locator("mark").count() > 0 and "Label" in page.locator(".judging").inner_text()
    picture(page, "disagreement")


def test_marks_are_exported_as_labels(open_page, disagreements, labels, tmp_path):
    page = open_page(disagreements)
    page.keyboard.press("j")
    page.keyboard.press("n")
    page.keyboard.press("d")
    assert pressed(page) == ["Wrong", "Doubt"]
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.locator(".judging").wait_for()
    page.keyboard.press("y")
    assert pressed(page) == ["Right"]
    page.keyboard.press("Escape")
    ready(page, "#/")
    assert page.locator(".strip").inner_text().count("2 marked") == 1
    marks = saved(page, "Marked pairs")
    assert marks[0] == {**STRANGERS, "label": 0}
    # The kind of the label went with it; its weight did not.
    assert tuple(sorted((marks[1]["a"], marks[1]["b"]))) in (FERRY, TERRACES)
    assert {**marks[1], "a": 0, "b": 0} == {"a": 0, "b": 0, "label": 1, "weight": 2.5}
    every = saved(page, "All labels, with marks")
    before = [json.loads(line) for line in labels.read_text("utf-8").splitlines()]
    key = lambda line: tuple(sorted((line["a"], line["b"])))
    mine = {key(line): line for line in marks}
    assert every == [mine.get(key(line), line) for line in before]
    # eval reads it, and agrees in all but the one that was not marked.
    path = tmp_path / "labels.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in every), "utf-8")
    evaluated(path, ROOT / "samples", tmp_path / "rest.jsonl")
    assert len((tmp_path / "rest.jsonl").read_text("utf-8").splitlines()) == 1


def test_marks_stay_with_the_page_and_can_be_taken_back(open_page, disagreements):
    page = open_page(disagreements, "#/pair/2")
    page.get_by_role("button", name="Wrong").click()
    page.reload()
    ready(page, "#/pair/2")
    assert pressed(page) == ["Wrong"]
    page.keyboard.press("j")
    ready(page, "#/pair/3")
    assert pressed(page) == []
    page.keyboard.press("k")
    ready(page, "#/pair/2")
    page.keyboard.press("n")
    assert pressed(page) == []
    page.keyboard.press("]")
    assert page.get_by_text("passage 1 of").count() == 1
    page.keyboard.press("?")
    assert "wrong: two reports" in page.get_by_role("dialog").inner_text()


def test_two_stories_of_a_report_are_marked_too(open_page, samples):
    page = open_page(samples, "#/report/1/1/4")
    page.get_by_role("button", name="Wrong").click()
    go(page, "#/apart/1")
    assert pressed(page) == []
    page.get_by_role("button", name="Doubt").click()
    page.get_by_role("button", name="Right").click()
    picture(page, "marked")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export 2 labels").click()
    lines = [json.loads(line) for line in download.value.path().read_text("utf-8").splitlines()]
    assert [(line["label"], line.get("doubt")) for line in lines] == [(0, None), (1, True)]
    assert all(line["a"] < line["b"] for line in lines)
    # As the next page at this address has them, too.
    page.reload()
    ready(page, "#/apart/1")
    assert pressed(page) == ["Right", "Doubt"]


@pytest.mark.parametrize("address", ["#/", "#/pair/1", "#/pair/2"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(open_page, disagreements, address, scheme):
    page = open_page(disagreements, address, color_scheme=scheme)
    page.get_by_role("button", name="Doubt").first.click()
    faults = [fault for fault in Axe().run(page).response["violations"] if fault["impact"] in ("serious", "critical")]
    assert not faults, json.dumps([[fault["id"], [node["html"][:200] for node in fault["nodes"][:4]]] for fault in faults], indent=1)


@pytest.mark.parametrize("address", ["#/", "#/pair/2", "#/pair/3"])
def test_a_phone_shows_it_without_a_sideways_scroll(open_page, disagreements, address):
    page = open_page(disagreements, address, viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(page, f"phone-disagreements-{address.removeprefix('#/').replace('/', '-')}")


def test_a_hostile_story_and_label_are_text(open_page, tmp_path):
    attack = " ".join(HOSTILE.values())
    words = "The ferry ran aground on a sandbar at the mouth of the river, forcing a rescue in swells that lasted until after midnight. "
    line = lambda id: {"id": id + attack, "headline": attack, "source": attack, "url": f"javascript:window.harmed='url'//{attack}", "text": f"{attack} {words * 3}"}
    said = {"a": "a" + attack, "b": "b" + attack, "label": 0, "kind": attack, attack: attack, "__proto__": {"harmed": 1}}
    (tmp_path / "day.jsonl").write_text("".join(json.dumps(line(id)) + "\n" for id in "ab"), "utf-8")
    (tmp_path / "labels.jsonl").write_text(json.dumps(said) + "\n", "utf-8")
    evaluated(tmp_path / "labels.jsonl", tmp_path / "day.jsonl", tmp_path / "look.html")
    page = open_page(tmp_path / "look.html", bypass_csp=True)
    assert attack in page.locator(".both-say").first.text_content()
    assert saved(page, "All labels, with marks") == [said]
    go(page, "#/pair/1")
    page.wait_for_timeout(50)
    assert page.locator(".pane a").count() == 0, "an address that is none is no link"
    assert page.evaluate("window.harmed") is None and page.evaluate("({}).harmed") is None
    assert page.evaluate("document.querySelectorAll('main img, main script, main svg[onload]').length") == 0
