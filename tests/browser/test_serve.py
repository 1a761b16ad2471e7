"""A living index in Chromium: list, report, pair, search, feed, tokens."""

import json
import re
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT, go, picture, ready
from desk import READ, TOKEN, Desk
from playwright.sync_api import expect
from stories import HOSTILE, many

FERRY = (ROOT / "samples/ferry/coastline-daily-ferry.txt").read_text("utf-8")
KESTREL = "The trawler Kestrel sank in the bay of Ardmore on Friday after it had struck a rock, and the six men of its crew were taken off by a helicopter, the coast guard said. The owner, Ruth Okafor, said that 40 tonnes of fish were lost."


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.add_samples()
    yield desk
    desk.stop()


@pytest.fixture
def visit(browser):
    """Opens a desk; a fault of its script, a refused element or a request elsewhere fails the test."""
    contexts = []

    def opened(desk, address="#/", wait=True, expected=(), **settings):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 860}, **settings})
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=desk.address)
        page = context.new_page()
        faults = []
        page.on("pageerror", lambda error: faults.append(f"fault: {error}"))
        page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") and not any(one in said.text for one in expected) else None)
        page.on("request", lambda request: None if request.url.startswith((desk.address, "data:", "blob:")) else faults.append(f"asked for {request.url}"))
        contexts.append((context, faults))
        page.goto(f"{desk.address}/{address}")
        if wait:
            ready(page, address)
        return page

    yield opened
    for context, faults in contexts:
        context.close()
        assert not faults, faults


def paste(page, text):
    page.locator("#text").click()
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


def drop(page, name, text):
    """A file dropped on the page."""
    data = page.evaluate_handle("([name, text]) => { const data = new DataTransfer(); data.items.add(new File([text], name)); return data; }", [name, text])
    page.dispatch_event("body", "dragover", {"dataTransfer": data})
    picture(page, "serve-drop")
    page.dispatch_event("body", "drop", {"dataTransfer": data})


def test_the_list_the_report_and_the_pair_are_those_of_the_file(desk, visit):
    page = visit(desk)
    assert "148 rescued as ferry runs aground in NSW" in page.locator(".row .headline").all_inner_texts()
    picture(page, "serve-list")
    page.locator("#search").fill("ferry runs")
    expect(page.locator(".row")).to_have_count(1)
    page.locator(".row a").click()
    page.wait_for_selector(".report .timeline")
    assert page.locator(".versions tbody tr").count() >= 2
    picture(page, "serve-report")
    page.locator(".versions .version").nth(1).click()
    page.wait_for_selector(".pair mark")
    numbers = [set(pane.locator("mark").evaluate_all("marks => marks.map(mark => mark.dataset.number)")) for pane in page.locator(".pane").all()]
    assert numbers[0] == numbers[1] and numbers[0]
    picture(page, "serve-pair")
    go(page, "#/sources")
    assert page.locator(".matrix .heat").count() > 3
    picture(page, "serve-sources")


def test_the_list_searches_texts_on_the_server_and_keeps_it_in_the_address(desk, visit):
    page = visit(desk)
    # Rows out of sight are not drawn: how many there are is what each row says.
    every = page.locator(".row").first.get_attribute("aria-setsize")
    page.locator("#search").fill("sandbar rescue")
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".found")).to_have_text("1 report found")
    assert "q=sandbar+rescue" in page.url
    page.reload()
    expect(page.locator(".row")).to_have_count(1)
    assert page.locator("#search").input_value() == "sandbar rescue"
    page.get_by_role("button", name="Show all").click()
    expect(page.locator(".row").first).to_have_attribute("aria-setsize", every)
    page.get_by_label("kill notice").check()
    expect(page.locator(".found")).to_have_text("1 report found")
    expect(page.locator(".row").filter(has_text="kill notice")).to_have_count(1)
    with page.expect_response(lambda response: "sort=largest" in response.url):
        page.get_by_label("Sort by").select_option("largest")
    page.wait_for_function("() => location.hash.includes('sort=largest') && location.hash.includes('flag=kill')")
    sizes = [int(text.split()[0]) for text in page.locator(".row .size").all_inner_texts()]
    assert sizes == sorted(sizes, reverse=True)
    page.locator(".row a").first.click()
    page.wait_for_selector(".report .timeline")
    page.go_back()
    expect(page.get_by_label("Sort by")).to_have_value("largest")
    picture(page, "serve-filtered")


def test_an_answer_that_comes_late_adds_nothing_to_the_list(desk, visit):
    page = visit(desk)
    every = page.locator(".row").first.get_attribute("aria-setsize")
    held = []
    page.route("**/api/v1/clusters?*sort=largest*", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request(lambda request: "sort=largest" in request.url):
        page.get_by_label("Sort by").select_option("largest")
    page.locator(".row a").first.click()
    page.wait_for_selector(".report .timeline")
    with page.expect_response(lambda response: "sort=largest" in response.url):
        page.go_back()
    expect(page.locator(".row").first).to_have_attribute("aria-setsize", every)
    with page.expect_response(lambda response: "sort=largest" in response.url):
        held[0].continue_()
    # Once more in the same order, so that all that came late is in.
    page.locator(".row a").first.click()
    page.wait_for_selector(".report .timeline")
    page.go_back()
    expect(page.get_by_label("Sort by")).to_have_value("largest")
    expect(page.locator(".row").first).to_have_attribute("aria-setsize", every)


def test_more_reports_than_one_page_are_shown_and_exported(tmp_path, visit):
    full = Desk(tmp_path)
    many(tmp_path / "many.jsonl", 230, versions=2, words=60)
    full.send("/api/v1/stories?name=many.jsonl", (tmp_path / "many.jsonl").read_bytes(), "application/octet-stream")
    page = visit(full, accept_downloads=True)
    expect(page.locator(".found")).to_have_text("The first 100 of 230 reports")
    # Who is in a hurry gets no report twice.
    answers = []
    page.on("requestfinished", lambda request: answers.append(request) if "before=" in request.url else None)
    page.get_by_role("button", name="Show more").dblclick()
    while len(answers) < 2:
        page.wait_for_timeout(20)
    expect(page.locator(".found")).to_have_text("The first 200 of 230 reports")
    page.locator("#search").fill("r00003-1")
    expect(page.locator(".found")).to_have_text("1 report found")
    page.locator("#search").fill("")
    expect(page.locator(".found")).to_have_text("The first 100 of 230 reports")
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    assert len(open(download.value.path()).readlines()) == 1 + 460
    expect(page.locator("#status")).to_have_text("Saved 230 reports as reports.csv.")
    full.stop()


def test_what_changed_is_one_column_word_by_word(tmp_path, visit):
    wire = Desk(tmp_path)
    first = KESTREL + " “We lost all we had,” she told reporters in the harbour."
    second = first.replace("40 tonnes", "95 tonnes").replace(" “We lost all we had,” she told reporters in the harbour.", " Harbour master Ilse Brandt blamed the fog.")
    for n, body in enumerate([first, second, second.replace("95 tonnes", "140 tonnes")]):
        wire.add(id=f"pa-{n}", source="PA", headline="Trawler sinks off Ardmore", time=f"2024-05-03T1{n}:00:00Z", url=f"https://pa.example/{n}", body=body)
    page = visit(wire)
    page.locator(".row a").first.click()
    page.wait_for_selector(".report .timeline")
    assert page.locator(".versions .printed").first.get_attribute("href") == "https://pa.example/0"
    page.get_by_role("link", name="word by word").first.click()
    page.wait_for_selector(".changed .column")
    assert "tonnes 40 → 95" in re.sub(r"\[(gone|new): |\]", "", page.locator(".facts-changed").inner_text())
    facts = page.locator(".facts-changed").inner_text()
    assert "We lost all we had" in facts and "Ilse Brandt" in facts
    assert "40" in page.locator(".column del").all_text_contents()[0] and "95" in page.locator(".column ins").all_text_contents()[0]
    assert page.locator(".column del").first.evaluate("node => getComputedStyle(node).textDecorationLine") == "line-through"
    assert "[taken out: 40]" in page.locator(".column").text_content(), "said to whoever does not see it"
    picture(page, "serve-changes")
    page.get_by_label("Later version").select_option(label=page.get_by_label("Later version").locator("option").nth(2).inner_text())
    expect(page.locator(".facts-changed")).to_contain_text("140")
    page.get_by_role("link", name="Side by side").click()
    page.wait_for_selector(".pair mark")
    page.get_by_role("link", name="What changed").click()
    page.wait_for_selector(".changed .column")
    wire.stop()


def test_a_pickup_says_who_carried_a_source(desk, visit):
    page = visit(desk, "#/pickup", accept_downloads=True, expected=["404"])
    page.get_by_label("Whose stories").fill("The Associated Press")
    page.get_by_role("button", name="Show the pickup").click()
    page.wait_for_selector(".uses tbody tr")
    assert "source=The+Associated+Press" in page.url
    row = page.locator(".uses tbody tr").filter(has_text="Wabash Tribune")
    assert "still live" in row.inner_text() and "killed" in row.inner_text()
    picture(page, "serve-pickup")
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    table = open(download.value.path(), encoding="utf-8").read()
    assert table.startswith("\ufeffours,") and "Wabash Tribune" in table
    page.reload()
    page.wait_for_selector(".uses tbody tr")
    page.get_by_label("Whose stories").fill("Nobody")
    page.get_by_role("button", name="Show the pickup").click()
    page.wait_for_selector("[role=alert]")


def test_the_kill_desk_lists_live_copies_and_keeps_its_marks(tmp_path, visit):
    wire = Desk(tmp_path)
    head = "Trawler Kestrel sinks off Ardmore with all of its crew"
    note = "Please do not use or publish this story, which was sent in error. The coast guard denies the statement, and no corrected version will follow."
    for n, (source, headline, body) in enumerate([("AFP", head, KESTREL), ("Tasman Post", "Trawler lost", KESTREL), ("AFP", f"KILL: {head}", note)]):
        wire.add(id=f"k{n}", source=source, headline=headline, time=f"2024-05-03T1{n}:00:00Z", url=f"https://k{n}.example/story", body=body)
    page = visit(wire, "#/kills")
    expect(page.locator(".notice-row")).to_have_count(1)
    expect(page.locator(".found")).to_have_text("1 notice with live copies waits.")
    assert page.locator(".live-copies a.printed").get_attribute("href") == "https://k1.example/story"
    page.get_by_role("button", name="Copy addresses").click()
    assert page.evaluate("navigator.clipboard.readText()") == "https://k1.example/story"
    picture(page, "serve-kills")
    page.get_by_label("handled", exact=True).check()
    expect(page.locator(".found")).to_have_text("0 notices with live copies wait.")
    page.reload()
    expect(page.get_by_label("handled", exact=True)).to_be_checked()
    page.get_by_label("only what is not handled").check()
    expect(page.locator(".notice-row")).to_have_count(0)
    wire.stop()


def test_two_editors_see_what_is_handled(tmp_path, visit):
    wire = Desk(tmp_path)
    head = "Trawler Kestrel sinks off Ardmore with all of its crew"
    for n, (source, headline) in enumerate([("AFP", head), ("Tasman Post", "Trawler lost"), ("AFP", f"KILL: {head}")]):
        wire.add(id=f"k{n}", source=source, headline=headline, time=f"2024-05-03T1{n}:00:00Z", body=KESTREL if n < 2 else "Please do not use this story, which was sent in error, the coast guard says.")
    one, other = visit(wire, "#/kills"), visit(wire, "#/kills")
    one.get_by_label("handled", exact=True).check()
    expect(one.locator(".found")).to_contain_text("0 notices")
    other.reload()
    expect(other.get_by_label("handled", exact=True)).to_be_checked()
    wire.stop()


def test_a_search_is_saved_by_name_and_has_a_feed(desk, visit):
    page = visit(desk, "#/?q=ferry")
    page.get_by_role("button", name="Save this search").click()
    saved = page.get_by_role("navigation", name="Saved searches")
    expect(saved.get_by_role("link", name="ferry", exact=True)).to_be_visible()
    assert saved.get_by_role("link", name="feed of ferry").get_attribute("href") == "/api/v1/atom?q=ferry"
    page.get_by_role("button", name="Show all").click()
    page.reload()
    saved.get_by_role("link", name="ferry", exact=True).click()
    expect(page.locator("#search")).to_have_value("ferry")
    saved.get_by_role("button", name="forget ferry").click()
    expect(saved).to_be_hidden()


def test_another_version_stands_for_a_report_while_it_is_read(desk, visit):
    page = visit(desk, "#/?q=crusher+halted")
    expect(page.locator(".row .headline").first).to_contain_text("walk out over pay")
    page.get_by_label("Shown as").select_option("last")
    expect(page.locator(".row .headline").first).not_to_contain_text("walk out over pay")
    assert "stands=last" in page.url


def test_volume_is_drawn_over_time(desk, visit):
    page = visit(desk, "#/pickup?source=Reuters")
    expect(page.locator("figure.volume svg")).to_have_attribute("aria-label", re.compile(r"stories in the busiest"))


def test_a_pickup_is_printed_without_its_form_and_with_its_columns(desk, visit):
    page = visit(desk, "#/pickup?source=BelTA")
    page.wait_for_selector("table.uses")
    page.emulate_media(media="print")
    assert page.locator("figure.volume rect").first.is_visible()
    shown = [one.inner_text() for one in page.locator(".pickup-form > *").all() if one.is_visible()]
    assert shown == ["Whose stories", ""], shown
    table, carrier = (page.locator(f"table.uses{of}").first.bounding_box()["width"] for of in ["", " tbody th"])
    assert carrier > table / 4, (carrier, table)


def test_only_addresses_of_the_web_are_links(tmp_path, visit):
    wire = Desk(tmp_path)
    for n, url in enumerate(["javascript:window.harmed=1", "https://aap.example/<b>?a=1&b=\"2"]):
        wire.add(id=f"a{n}", source=f"Paper {n}", headline="Trawler sinks", time=f"2024-05-03T1{n}:00:00Z", url=url, body=KESTREL)
    page = visit(wire)
    page.locator(".row a").first.click()
    page.wait_for_selector(".report .timeline")
    links = [link.get_attribute("href") for link in page.locator("main a.printed").all()]
    assert links == ["https://aap.example/%3Cb%3E?a=1&b=%222"], links
    assert page.evaluate("document.querySelectorAll('a[href^=\"javascript\"]').length") == 0
    wire.stop()


def test_a_pasted_text_is_looked_up(desk, visit):
    page = visit(desk, "#/search")
    paste(page, FERRY.split("\n\n", 1)[1])
    page.wait_for_selector(".answer")
    assert page.locator(".answer .word").inner_text().startswith("Known")
    assert page.locator(".searched mark").count() > 0
    picture(page, "serve-search")
    page.locator("#text").fill(FERRY.split("\n\n", 1)[1] + "\n\nThe ferry was towed to port.")
    page.get_by_role("button", name="Look for versions").click()
    page.wait_for_selector(".answer.version")
    page.get_by_role("link", name="Open the report").click()
    page.wait_for_selector(".report .timeline")
    page.locator("#tabs").get_by_text("Look up").click()
    page.wait_for_selector(".answer.version")
    page.locator("#text").fill("Nothing of this kind was ever printed in any of the papers of the region before.")
    page.get_by_role("button", name="Look for versions").click()
    page.wait_for_selector(".answer.new")


def test_a_killed_story_is_known_as_killed(desk, visit):
    page = visit(desk, "#/search")
    body = (ROOT / "samples/hospital-gift/wabash-tribune-hospital-gift.txt").read_text("utf-8").split("\n\n", 1)[1]
    paste(page, body)
    page.wait_for_selector(".answer .alarm.bad")
    assert page.locator(".answer .alarm.bad").inner_text().startswith("Killed.")
    assert "Had it first: The Associated Press" in page.locator(".answer .first").inner_text()
    picture(page, "serve-look-up-killed")


def test_a_sentence_is_found_in_the_stories_that_hold_it(desk, visit):
    page = visit(desk, "#/search")
    story = (ROOT / "samples/ferry/aap-ferry-aground.txt").read_text("utf-8").split("\n\n")
    paste(page, next(paragraph for paragraph in story[2:] if 20 < len(paragraph.split()) < 50))
    page.wait_for_selector(".answer")
    assert "new" not in page.locator(".answer .word").inner_text().lower().split(" ")[0]
    picture(page, "serve-found-in")


def test_an_address_is_no_text(desk, visit):
    page = visit(desk, "#/search", expected=["422"])
    paste(page, "https://news.example/2024/ferry")
    page.wait_for_selector("[role=alert]")
    assert "address" in page.locator("[role=alert]").inner_text()


def test_a_dropped_file_is_looked_up_from_any_view(desk, visit):
    page = visit(desk, "#/live")
    drop(page, "ferry.txt", FERRY)
    page.wait_for_selector(".answer .word")
    assert "Known" in page.locator(".answer .word").inner_text()
    drop(page, "two.jsonl", "\n".join(json.dumps({"id": str(n), "text": KESTREL if n else FERRY}) for n in range(2)) + "\nno story\n")
    expect(page.locator(".answer")).to_have_count(2)
    assert "1 record could not be read" in page.locator(".results").inner_text()


def test_a_picture_is_no_story_and_that_is_said(desk, visit):
    page = visit(desk, "#/search", expected=["422"])
    drop(page, "picture.zip", "\x89PNG")
    page.wait_for_selector("[role=alert]")
    assert "no story found" in page.locator("[role=alert]").inner_text()


def test_the_feed_tells_what_comes_in(desk, visit):
    page = visit(desk, "#/live")
    page.wait_for_selector(".heard .on")
    desk.add(id="pa-1", source="PA", headline="Trawler sinks off Ardmore", time="2024-05-03T08:00:00Z", body=KESTREL)
    expect(page.locator(".arrival").first).to_contain_text("Trawler sinks")
    expect(page.locator(".arrival").first).to_contain_text("new report")
    desk.add(id="bugle-1", source="Ardmore Bugle", headline="Crew saved from trawler", time="2024-05-03T09:00:00Z", body=KESTREL)
    desk.add(id="pa-2", source="PA", headline="Trawler sinks off Ardmore", time="2024-05-03T10:00:00Z", body=KESTREL.replace("40 tonnes", "14 tonnes"))
    page.wait_for_selector(".arrival:has-text('copy without credit')")
    page.wait_for_selector(".arrival:has-text('silent correction')")
    picture(page, "serve-live")
    page.get_by_role("button", name="Pause").click()
    before = page.locator(".arrival").count()
    desk.add(id="echo-1", source="Echo", headline="A trawler is lost", time="2024-05-03T11:00:00Z", body=KESTREL + " Harbour master Ilse Brandt blamed the fog.")
    page.get_by_text("1 story came in meanwhile").wait_for()
    assert page.locator(".arrival").count() == before
    page.get_by_text("1 story came in meanwhile").click()
    page.wait_for_selector(".arrival:has-text('new information')")
    page.get_by_label("Without credit").check()
    expect(page.locator(".arrival").filter(has_not_text="copy without credit")).to_have_count(0)
    page.locator(".arrival .open").first.click()
    page.wait_for_selector(".report .timeline")
    desk.add(id="sun-1", source="Sun", headline="Six saved", time="2024-05-03T12:00:00Z", body=KESTREL)
    page.get_by_text("A new version came in").click()
    page.wait_for_selector(".versions:has-text('Six saved')")
    page.locator("#tabs").get_by_text("Reports").click()
    page.get_by_text("new versions came in").click()
    expect(page.locator(".row").filter(has_text="awler")).to_have_count(1)


def test_a_text_is_added_with_a_token_only(desk, visit):
    page = visit(desk, "#/search", expected=["401"])
    page.locator("#text").fill("Headline: A quiet day in Ardmore\nId: quiet-1\n\nNothing happened in Ardmore on Saturday, and the mayor said that she was glad of it for once.")
    page.get_by_role("button", name="Look for versions").click()
    page.wait_for_selector(".answer.new")
    page.get_by_role("button", name="Add it to the index").click()
    page.locator("#token").fill(TOKEN)
    page.get_by_role("button", name="Use it").click()
    page.get_by_text("Added as quiet-1").wait_for()
    page.get_by_role("button", name="Look for versions").click()
    page.wait_for_selector(".answer.identical")


def test_a_closed_desk_asks_for_a_token(tmp_path, visit):
    closed = Desk(tmp_path, "--read-token", READ)
    closed.add(id="a", source="AAP", body=KESTREL)
    closed.add(id="b", source="Post", body=KESTREL)
    page = visit(closed, wait=False, expected=["401"])
    page.locator("#token").fill("a guess")
    picture(page, "serve-token")
    page.get_by_role("button", name="Use it").click()
    page.get_by_text("this token is not known").wait_for()
    page.locator("#token").fill(READ)
    page.get_by_role("button", name="Use it").click()
    page.wait_for_selector(".row")
    go(page, "#/live")
    page.wait_for_selector(".heard .on")
    closed.stop()


def test_a_hostile_story_is_text_and_nothing_else(tmp_path, visit):
    attacked = Desk(tmp_path)
    attack = " ".join(HOSTILE.values())
    page = visit(attacked, "#/live")
    page.wait_for_selector(".heard .on")
    for n, source in enumerate(["AAP", "Post"]):
        attacked.add(id=f"{n}/{attack}", source=f"{source} {attack}", headline=f"Ferry {attack}", time=f"2024-03-02T0{8 + n}:00:00Z", body=f"{attack} {KESTREL}\n\n\"{attack},\" he said.")
    expect(page.locator(".arrival")).to_have_count(2)
    number = 1
    query = quote(HOSTILE["image"])
    for address in ["#/", f"#/?q={query}&source={query}&sort={query}", f"#/report/{number}", f"#/report/{number}/1/2", f"#/report/{number}/changes/1/2", f"#/pickup?source={quote('AAP ' + attack)}", "#/sources", "#/live", "#/search"]:
        if address == "#/":
            page.reload()
        go(page, address)
        if address == "#/search":
            page.locator("#text").fill(f"{attack} {KESTREL}")
            page.get_by_role("button", name="Look for versions").click()
            page.wait_for_selector(".answer .word")
        page.wait_for_timeout(30)
        assert page.evaluate("window.harmed") is None, address
        assert page.evaluate("document.querySelectorAll('main img, main script, main svg[onload], main iframe').length") == 0, address
    attacked.stop()


def test_the_policy_refuses_what_is_not_of_the_desk(desk, browser):
    page = browser.new_page()
    page.goto(desk.address)
    refused = page.evaluate("""() => new Promise(done => {
        addEventListener('securitypolicyviolation', event => done(event.violatedDirective), { once: true });
        const element = document.createElement('script');
        try { element.textContent = 'window.harmed = 1'; } catch (error) { return done('trusted-types'); }
        document.body.append(element);
        setTimeout(() => done(null), 1000);
    })""")
    assert refused and page.evaluate("window.harmed") is None
    page.close()


@pytest.mark.parametrize("way, settings", [
    ("light", {}), ("dark", {"color_scheme": "dark"}), ("phone", {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}), ("right-to-left", {}),
])
def test_axe_finds_no_serious_fault(desk, visit, way, settings):
    page = visit(desk, **settings)
    if way == "right-to-left":
        page.evaluate("document.documentElement.dir = 'rtl'")
    number = page.locator(".row a").first.get_attribute("href").split("/")[-1]
    page.locator("#search").fill("ferry")
    page.get_by_role("button", name="Save this search").click()
    expect(page.locator(".saved-list a").first).to_be_visible()
    faults = []
    # First the list as it is, with a search that was saved.
    for address in [None, f"#/report/{number}", f"#/report/{number}/1/2", f"#/report/{number}/changes/1/2", "#/pickup?source=BelTA", "#/kills", "#/live", "#/sources", "#/search"]:
        if address:
            go(page, address)
        if address == "#/search":
            page.locator("#text").fill(FERRY)
            page.get_by_role("button", name="Look for versions").click()
            page.wait_for_selector(".answer .word")
        if address == "#/pickup?source=BelTA":
            page.wait_for_selector(".volume")
        found = [fault for fault in Axe().run(page).response["violations"] if fault["impact"] in ("serious", "critical")]
        faults += [[address, fault["id"], [node["html"][:160] for node in fault["nodes"][:3]]] for fault in found]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{address} is {wide} pixels wider than the screen"
    assert not faults, json.dumps(faults, indent=1)


def test_on_a_small_phone_nothing_is_cut_amid_a_word(desk, visit):
    page = visit(desk, viewport={"width": 360, "height": 740})
    cut = """() => [...document.querySelectorAll(".row")].flatMap((row) => {
        const [facts, size] = [".facts", ".size"].map((name) => row.querySelector(name).getBoundingClientRect());
        return [...row.querySelectorAll(".chip")].filter((chip) => {
            const box = chip.getBoundingClientRect();
            const isOut = box.top >= facts.bottom - 1;
            return !isOut && (chip.scrollWidth > chip.clientWidth + 1 || box.right > size.left);
        }).map((chip) => chip.textContent);
    })"""
    assert page.locator(".row .chip").count() > 9 and page.evaluate(cut) == []
    line = page.locator(".row .line").first
    assert line.evaluate("line => line.scrollHeight <= line.clientHeight + 2"), line.inner_text()
    for address in ["#/live", "#/sources", "#/pickup?source=BelTA", "#/kills"]:
        go(page, address)
        beside = "() => { const [tab, all] = [document.querySelector('#tabs [aria-current]'), document.getElementById('tabs')].map((one) => one.getBoundingClientRect()); return [tab.left - all.left, all.right - tab.right]; }"
        left, right = page.evaluate(beside)
        classes = page.locator("#tabs").get_attribute("class") or ""
        assert right >= (24 if "more" in classes.split() else -1) and left >= (24 if "more-before" in classes else -1), (address, left, right, classes)
    picture(page, "serve-360")


@pytest.mark.parametrize("sample, paragraphs, signals", [("hospital-gift/wabash-tribune-hospital-gift", None, 0), ("ferry/aap-ferry-aground", 1, 1)])
def test_on_a_small_phone_an_answer_is_read_without_scrolling_sideways(desk, visit, sample, paragraphs, signals):
    page = visit(desk, "#/search", viewport={"width": 360, "height": 740})
    body = (ROOT / f"samples/{sample}.txt").read_text("utf-8").split("\n\n")[1:]
    paste(page, "\n\n".join(body[:paragraphs]))
    page.wait_for_selector("table.hits tbody tr")
    assert page.locator("table.signals").count() == signals
    wide = "() => [...document.querySelectorAll('.scroll')].filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.ariaLabel)"
    assert page.evaluate(wide) == []
    picture(page, f"serve-look-up-360-{sample.split('/')[0]}")


@pytest.mark.parametrize("address, rows", [("#/report", "a.version"), ("#/live", "a.open"), ("#/kills", "a.open")])
def test_keys_go_along_the_rows_of_every_view(desk, visit, address, rows):
    page = visit(desk)
    if address == "#/report":
        address = page.locator(".row a").first.get_attribute("href")
    go(page, address)
    page.wait_for_selector(rows)
    focused = f"() => [...document.querySelectorAll('{rows}')].indexOf(document.activeElement)"
    seen = []
    for key in ["j", "j", "k", "k"]:
        page.keyboard.press(key)
        seen.append(page.evaluate(focused))
    assert seen == [0, 1, 0, 0], seen


@pytest.mark.parametrize("name, settings", [("phone", {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}), ("dark", {"color_scheme": "dark"})])
def test_pictures_of_all_views(desk, visit, name, settings):
    page = visit(desk, **settings)
    number = page.locator(".row a").first.get_attribute("href").split("/")[-1]
    for view, address in [("list", "#/"), ("report", f"#/report/{number}"), ("live", "#/live"), ("search", "#/search")]:
        go(page, address)
        if view == "search":
            page.locator("#text").fill(FERRY)
            page.get_by_role("button", name="Look for versions").click()
            page.wait_for_selector(".answer .word")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{view} is wider than the screen"
        picture(page, f"serve-{name}-{view}")
