// From an address to a view of a living index.

/** What went wrong, where a view should be. */
function faultView(error) {
  const again = el("button", { type: "button", class: "button", onclick: () => location.reload() }, "Try again");
  return { node: el("div", {}, el("p", { class: "notice", role: "alert" }, error.status === 404 ? `Nothing is here: ${error.message}. ` : `${error.message} `, error.status === 404 ? el("a", { href: "#/" }, "All reports") : again)), title: "Not shown", keys: {} };
}

const guarded = (view) => (...numbers) => Promise.resolve().then(() => view(...numbers)).catch(faultView);

/** Figures of the index above the list. */
function figures(stats) {
  const item = (n, words) => el("li", {}, el("b", {}, whole.format(n)), ` ${words}`);
  return el("ul", { class: "strip", "aria-label": "The index" }, item(stats.stories, "stories"), item(stats.clusters, stats.clusters === 1 ? "report" : "reports"), item(stats.clustered, "stories in reports"), item(stats.stories - stats.clustered, "by themselves"), el("li", { class: "setting" }, `level ${stats.settings.level}, dedup ${stats.version}`));
}

/** A story that is in no report. */
function storyView(story) {
  const member = { ...story, ...timed(story.time), source: story.source ?? "", language: story.language ?? "" };
  const node = el("article", { class: "report" }, crumbs(["Reports", "#/"], ["Story"]), el("h1", {}, told(story.headline || story.id)), el("p", { class: "meta" }, whoAndWhen(member), " · ", printedAt(story.url) && [printedLink(story), " · "], el("code", {}, told(story.id))),
    el("p", { class: "notice" }, "No other story of the index is a version of it."), el("div", { class: "single", dir: "auto" }, marked(story.body, [], [])));
  return { node, title: story.headline || story.id, keys: { Escape: () => (location.hash = "#/") } };
}

/** The list, with a way to see what came since. */
function livingList(desk) {
  const { state, feed, stats } = desk;
  takeFromAddress(state);
  const saved = savedSearches(state);
  const made = listView({ ...deskFinder(desk), save: saved.save }, state, () => deskExport(desk));
  const fresh = el("button", { type: "button", class: "waiting", hidden: true, onclick: () => desk.refresh() });
  desk.showFresh = () => {
    const versions = feed.arrivals.filter((arrival) => arrival.of && arrival.number > desk.loadedAt).length;
    fresh.hidden = versions === 0;
    fresh.textContent = `${count(versions, "new version")} came in. Show`;
  };
  desk.showFresh();
  const search = el("p", { class: "lookup" }, el("a", { class: "button main", href: "#/search" }, "Look up a text or a file"));
  return { ...made, node: el("div", {}, el("div", { class: "top" }, figures(stats), search), saved.node, fresh, made.node), title: "Reports", list: true };
}

/** The report that a story is in, or the story by itself. */
async function openStory(desk, number) {
  const story = await asked(`stories/${part(await idOf(number))}`);
  return story.cluster === null ? storyView(story) : openReport(desk, number);
}

/** The report of a number, which may be that of any of its stories. */
async function openReport(desk, number) {
  const detail = await reportOf(number);
  ids.set(detail.number, detail.id);
  const order = desk.state.order?.includes(detail.number) ? desk.state.order : desk.rows.map((row) => row.number);
  const place = order.indexOf(detail.number);
  const made = reportView(detail, detail.number, place < 0 ? {} : { before: order[place - 1], after: order[place + 1] });
  const known = new Set(detail.members.map((member) => member.id));
  const grown = el("button", { type: "button", class: "waiting", hidden: true, onclick: () => dispatchEvent(new HashChangeEvent("hashchange")) }, "A new version came in. Show it");
  made.node.prepend(grown);
  desk.showGrown = (arrival) => { if (arrival.of && known.has(arrival.of.id)) grown.hidden = false; };
  return made;
}

async function openPair(desk, number, a, b) {
  const detail = await reportOf(number);
  if (!detail.members[a - 1] || !detail.members[b - 1] || a === b) return missing();
  return pairView(detail, a - 1, b - 1, desk.stats.model, insideReport(number));
}

async function openId() {
  const id = decodeURIComponent(location.hash.slice("#/id/".length));
  const story = await asked(`stories/${part(id)}`);
  ids.set(story.number, id);
  location.replace(`#/story/${story.number}`);
  return { node: el("p", { class: "muted" }, "Opening …"), title: "Opening", keys: {} };
}

async function openSources(desk) {
  const { reports, flows } = await asked("flows");
  const sources = [...new Set(flows.flatMap((flow) => [flow.from, flow.to]))].map((name) => ({ name }));
  const made = matrixView({ flows, sources }, (chosen) => {
    Object.assign(desk.state, everything());
    desk.state.chosen.sources = new Set(chosen);
    location.hash = "#/";
  });
  made.node.querySelector(".lead").textContent = `Who carries whose copy in the ${count(reports, "latest report")}: ${count(sources.length, "source")}. Each version counts once, as taken from its likeliest giver.`;
  return made;
}

/** What the views share. */
function deskOf(stats, feed) {
  const desk = {
    stats, feed, rows: [], next: null, question: null, sources: [], agencies: new Set(), languages: new Set(), loadedAt: stats.last, state: everything(), held: {}, showFresh() {}, showGrown() {},
    async refresh() {
      desk.stats = await asked("stats");
      desk.loadedAt = desk.stats.last;
      Object.assign(desk, { question: null, rows: [] });
      desk.state.scroll = 0;
      dispatchEvent(new HashChangeEvent("hashchange"));
    },
  };
  return desk;
}

/** A file may be dropped on any view. */
function takeDrops(desk, search) {
  const hasFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const over = (on) => document.body.classList.toggle("dropping", on);
  addEventListener("dragover", (event) => { if (hasFile(event)) { event.preventDefault(); over(true); } });
  addEventListener("dragleave", (event) => event.relatedTarget || over(false));
  addEventListener("drop", (event) => {
    over(false);
    if (!hasFile(event)) return;
    event.preventDefault();
    const file = event.dataTransfer.files[0];
    if (!file) return;
    if (location.hash === "#/search") return search().takeFile(file);
    desk.held.dropped = file;
    location.hash = "#/search";
  });
}

async function live() {
  const show = frame();
  const content = document.getElementById("content");
  let stats;
  while (!stats) {
    try {
      stats = await asked("stats");
    } catch (error) {
      if (error.status === 401) {
        content.replaceChildren(el("p", { class: "notice" }, `This desk is not open to everybody: ${error.message}.`));
        if (await askForToken("To look at this desk a token is needed.")) continue;
      }
      return show([], [[/.*/, () => faultView(error)]]);
    }
  }
  const feed = feedOf();
  const desk = deskOf(stats, feed);
  desk.sources = (await asked("sources")).sources.map(({ name }) => name);
  feed.arrivals = (await asked("arrivals?limit=100")).arrivals.reverse();
  let search;
  const views = [
    [LIST, () => livingList(desk)],
    [/^#\/report\/(\d+)$/, (number) => openReport(desk, number)],
    [/^#\/story\/(\d+)$/, (number) => openStory(desk, number)],
    [/^#\/report\/(\d+)\/(\d+)\/(\d+)$/, (number, a, b) => openPair(desk, number, a, b)],
    [/^#\/report\/(\d+)\/changes\/(\d+)\/(\d+)$/, async (number, a, b) => changesOrNone(await reportOf(number), a - 1, b - 1, insideReport(number))],
    [/^#\/id\/./, openId],
    [/^#\/live$/, () => feedView(feed)],
    [/^#\/search$/, () => (search = searchView(desk.held, desk.stats))],
    [/^#\/sources$/, () => openSources(desk)],
    [/^#\/kills$/, () => openKills()],
    [/^#\/pickup(?:\?.*)?$/, () => openPickup(desk)],
  ].map(([pattern, view]) => [pattern, guarded(view)]);
  const came = el("span", { class: "count", hidden: true });
  const dot = el("span", { class: "dot", title: "live" });
  const tab = (href, ...name) => el("a", { href, "data-tab": href }, name);
  const tabs = [tab("#/", "Reports"), tab("#/live", "Coming in", dot, came), tab("#/search", "Look up"), tab("#/sources", "Sources"), tab("#/pickup", "Pickup"), tab("#/kills", "Kills")];
  let unseenYet = 0;
  const showCame = () => { came.hidden = unseenYet === 0; came.textContent = whole.format(unseenYet); };
  feed.watchers.push((arrival) => {
    dot.classList.toggle("on", feed.isHeard);
    if (!arrival) return;
    unseenYet = location.hash === "#/live" ? 0 : unseenYet + 1;
    showCame();
    desk.showFresh();
    desk.showGrown(arrival);
    if (["kill", "silent-correction", "copy-without-credit"].includes(arrival.news[0])) announce(`${NEWS[arrival.news[0]][0]}: ${arrival.headline}`);
  });
  addEventListener("hashchange", () => { if (location.hash === "#/live") unseenYet = 0; showCame(); });
  takeDrops(desk, () => search);
  await show(tabs, views);
  listen(feed.arrived, feed.connected, feed.arrivals[0]?.number ?? 0);
}

live();
