"""A report of hundreds of versions, and a list with very many filters: what is much stays of use."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import go, picture, scan
from playwright.sync_api import expect
from stories import crowd

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}


@pytest.fixture(scope="module")
def hot(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hot")
    crowd(folder / "stories.jsonl")
    return scan(folder / "stories.jsonl", folder / "report.html", "--level", "copy", "--noise", "off")


@pytest.mark.parametrize("name, settings, lanes", [("wide", {}, 21), ("phone", PHONE, 13)])
def test_three_hundred_versions_are_all_drawn_on_one_screen(open_page, hot, name, settings, lanes):
    page = open_page(hot, "#/report/1", **settings)
    assert page.locator(".timeline a").count() == 300
    assert page.locator(".timeline .name").count() == lanes
    assert page.locator(".timeline").bounding_box()["height"] < 700
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".timeline .tick").count() <= 20
    assert page.locator(".timeline a[tabindex='-1']").count() == 300, "the table has a link to each"
    picture(page, f"crowded-{name}")


def test_arrows_are_drawn_for_the_mark_that_is_pointed_at(open_page, hot):
    page = open_page(hot, "#/report/1")
    assert page.locator(".timeline .arrow").count() <= 21
    page.locator(".timeline a .hit").nth(200).hover()
    assert page.locator("g.asked .arrow").count() >= 1
    page.locator("h1").hover()
    expect(page.locator("g.asked .arrow")).to_have_count(0)


def test_each_source_may_have_its_lane(open_page, hot):
    page = open_page(hot, "#/report/1")
    button = page.get_by_role("button", name="A lane for each of the")
    button.focus()
    page.keyboard.press("Enter")
    assert page.locator(".timeline .name").count() == 48
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-pressed", "true")


def test_a_day_is_no_midnight(open_page, hot):
    page = open_page(hot, "#/report/1")
    page.get_by_role("button", name="more versions").click()
    row = page.locator(".versions tbody tr").filter(has=page.locator("code", has_text="v299"))
    assert "6 May 2024" in row.inner_text() and "00:00" not in row.inner_text()
    assert "6 May 2024, 00:00" not in page.locator("main").inner_text()


def test_many_filters_take_one_line_until_more_are_asked_for(open_page, hot):
    page = open_page(hot, "#/?" + "&".join(f"source=Outlet+{n}+of+the+District" for n in range(30)))
    assert page.locator(".active .chip").count() == 8
    top = page.locator(".rows").bounding_box()["y"]
    assert top < 420, top
    page.get_by_role("button", name="and 22 more filters").click()
    assert page.locator(".active .chip").count() == 30
    assert "Outlet 12 of the District" in page.locator(".row .meta").first.get_attribute("title")


def test_an_order_that_is_not_there_is_the_usual_one(open_page, samples):
    page = open_page(samples, "#/?sort=constructor")
    expect(page.locator(".found")).to_contain_text("reports")
    assert page.locator(".row").count() > 5
    expect(page.get_by_label("Sort by")).to_have_value("newest")


@pytest.mark.parametrize("look", ["light", "dark", "phone", "right-to-left"])
def test_axe_finds_no_serious_fault(open_page, hot, look):
    page = open_page(hot, "#/report/1", **(PHONE if look == "phone" else {}), color_scheme="dark" if look == "dark" else "light")
    if look == "right-to-left":
        page.evaluate("document.documentElement.dir = 'rtl'")
    faults = [fault for fault in Axe().run(page).response["violations"] if fault["impact"] in ("serious", "critical")]
    assert not faults, json.dumps([[fault["id"], [node["html"][:200] for node in fault["nodes"][:4]]] for fault in faults], indent=1)


def test_figures_that_changed_keep_their_order_from_right_to_left(open_page, samples):
    page = open_page(samples, "#/report/8/changes/1/2")
    page.evaluate("document.documentElement.dir = 'rtl'")
    was, is_ = [page.locator(f".facts-changed li:has(ins):has(del) {name}").first.bounding_box()["x"] for name in ("del", "ins")]
    assert was < is_, "what it was, then what it is"
    go(page, "#/")
    line = page.locator(".row .line").first
    box, row = line.bounding_box(), page.locator(".row .meta").first.bounding_box()
    text = line.locator(".headline").bounding_box()
    assert abs(box["x"] + box["width"] - text["x"] - text["width"]) < 2, "at the right, as all else"
