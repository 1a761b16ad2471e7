"""What is printed, and what is narrow: no page is wider than its window, no label lies over another."""

import re
import time

import pytest
from conftest import go, picture, scan
from stories import long_names, many

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    folder = tmp_path_factory.mktemp("long")
    long_names(folder / "stories.jsonl")
    return scan(folder / "stories.jsonl", folder / "report.html")


def pages_of(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize("name, settings", [("wide", {}), ("phone", PHONE)])
def test_no_view_is_wider_than_its_window(open_page, long, name, settings):
    page = open_page(long, **settings)
    for address in ["#/", "#/report/1", "#/report/1/1/4", "#/sources", "#/apart", "#/run"]:
        go(page, address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        if address == "#/report/1":
            picture(page, f"long-{name}")


@pytest.mark.parametrize("settings", [{}, PHONE])
def test_labels_of_the_timeline_lie_apart_and_inside(open_page, long, settings):
    page = open_page(long, "#/report/1", **settings)
    page.wait_for_selector(".timeline")
    faults = page.evaluate("""() => {
        const drawing = document.querySelector('.timeline').getBoundingClientRect();
        const boxes = [...document.querySelectorAll('.timeline text')].map(text => [text.textContent, text.getBoundingClientRect()]);
        const faults = boxes.filter(([, box]) => box.left < drawing.left - 1 || box.right > drawing.right + 1).map(([text]) => `outside: ${text}`);
        for (const [one, a] of boxes) for (const [other, b] of boxes) {
            if (a !== b && a.left < b.right - 1 && b.left < a.right - 1 && a.top + 3 < b.bottom - 3 && b.top + 3 < a.bottom - 3) faults.push(`${one} over ${other}`);
        }
        return faults;
    }""")
    assert not faults, faults
    assert page.locator(".timeline .beside").count() > 2


def test_a_long_list_prints_fast_and_without_blank_pages(open_page, tmp_path):
    many(tmp_path / "stories.jsonl", 1_337, versions=2, words=40)
    page = open_page(scan(tmp_path / "stories.jsonl", tmp_path / "report.html", "--level", "copy"))
    begun = time.perf_counter()
    pdf = page.pdf(format="A4")
    took = time.perf_counter() - begun
    # Some 12 to 30 rows a page: fewer pages lack rows, more have gaps. (At two cores it takes 5 s; nothing may be quadratic.)
    assert took < 20, f"printing took {took:.1f} s"
    assert 1_337 / 30 < pages_of(pdf) < 1_337 / 12, pages_of(pdf)
    print({"print_s": round(took, 1), "pages": pages_of(pdf)})


def test_a_report_prints_on_few_pages(open_page, samples):
    page = open_page(samples, "#/report/1")
    assert pages_of(page.pdf(format="A4")) <= 3
