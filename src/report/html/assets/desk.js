// From an address to a view: the frame around all of them. `start` takes a source of plain data
// with `summary()`, `rows()` (numbered from 1), `report(place)` and `apart(place)`, each a promise,
// and what makes more views: of summary and rows a promise of `tabs`, of `views` that go before the
// others, and of `ofReport(number)`, a section of a report's page.

const THEMES = { auto: ["◐", "as the system"], light: ["☀︎", "light"], dark: ["☾", "dark"] };

/** The chosen theme is kept where the browser lets a page keep anything. */
function themeButton() {
  const kept = () => { try { return localStorage.getItem("dedup-theme"); } catch { return null; } };
  const keep = (name) => { try { localStorage.setItem("dedup-theme", name); } catch { /* it lasts as long as the page */ } };
  let name = THEMES[kept()] ? kept() : "auto";
  const button = el("button", { type: "button", class: "theme", onclick: () => {
    const isDark = name === "dark" || (name === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
    name = { auto: isDark ? "light" : "dark", light: matchMedia("(prefers-color-scheme: dark)").matches ? "auto" : "dark", dark: matchMedia("(prefers-color-scheme: dark)").matches ? "light" : "auto" }[name];
    keep(name);
    show();
  } });
  const show = () => {
    document.documentElement.dataset.theme = name;
    button.replaceChildren(el("span", { "aria-hidden": "true" }, THEMES[name][0]), unseen(`Colours: ${THEMES[name][1]}`));
    button.title = `Colours: ${THEMES[name][1]}`;
  };
  show();
  return button;
}

const KEYS = [["/", "search"], ["j  k", "next, previous row"], ["Enter", "open"], ["Esc", "back"], ["[  ]", "previous, next of the list"], ["n  p", "next, previous passage"], ["t", "light or dark"], ["?", "this help"]];

function helpDialog(all) {
  const dialog = el("dialog", { class: "help", "aria-labelledby": "help-title" }, el("h2", { id: "help-title" }, "Keys"), el("dl", {}, all.map(([keys, what]) => el("div", {}, el("dt", {}, keys.split("  ").map((key) => el("kbd", {}, key))), el("dd", {}, what)))), el("form", { method: "dialog" }, el("button", {}, "Close")));
  document.body.append(dialog);
  return dialog;
}

function tabsOf(summary) {
  const tab = (name, href, n) => el("a", { href, "data-tab": href }, name, n !== undefined && el("span", { class: "count" }, whole.format(n)));
  const troubled = summary.counts.skipped + summary.warnings.length;
  return [tab("Reports", "#/", summary.counts.clusters), tab("Sources", "#/sources", summary.sources.length), tab("Near misses", "#/apart", summary.apart_found), tab("Run", "#/run", troubled || undefined)];
}

/** What the run came to, above the list. */
function strip(summary) {
  const { counts, warnings } = summary;
  const item = (n, words, href, kind) => el("li", { class: kind }, href ? el("a", { href }, el("b", {}, whole.format(n)), ` ${words}`) : [el("b", {}, whole.format(n)), ` ${words}`]);
  return el("ul", { class: "strip", "aria-label": "The run" }, item(counts.stories, "stories"), item(counts.clusters, counts.clusters === 1 ? "report" : "reports"), item(counts.clustered, "stories in reports"), item(counts.stories - counts.clustered, "by themselves"), item(summary.apart_found, "near misses", "#/apart"), counts.skipped > 0 && item(counts.skipped, "skipped", "#/run", "warn"), warnings.length > 0 && item(warnings.length, warnings.length === 1 ? "warning" : "warnings", "#/run", "warn"), el("li", { class: "setting" }, `level ${summary.settings.level}, dedup ${summary.version}`));
}

/** The way about two versions of report `n`: back, side by side, what changed. */
function insideReport(n) {
  return { crumbs: [["Reports", "#/"], [`Report ${whole.format(n)}`, `#/report/${n}`], ["Side by side"]], back: `#/report/${n}`, href: (x, y) => `#/report/${n}/${x + 1}/${y + 1}`, changes: (x, y) => `#/report/${n}/changes/${x + 1}/${y + 1}` };
}

function changesOrNone(detail, a, b, where) {
  return detail.members[a] && detail.members[b] && a !== b ? changesView(detail, a, b, where) : missing();
}

/** Shows at the edges of the tabs whether more of them lie beyond. */
function moreTabs(tabs) {
  const [from, wide] = [Math.abs(tabs.scrollLeft), tabs.clientWidth];
  // Less than the padding of a tab hides none.
  const edge = 8;
  const before = from > edge;
  const after = from + wide < tabs.scrollWidth - edge;
  const isTurned = getComputedStyle(tabs).direction === "rtl";
  tabs.classList.toggle("more", isTurned ? before : after);
  tabs.classList.toggle("more-before", isTurned ? after : before);
}

/** What is shown where there is nothing. */
const missing = () => ({ node: el("p", { class: "notice" }, "There is nothing at this address. ", el("a", { href: "#/" }, "All reports")), title: "Not found", keys: {} });

/** Moves the focus to the next of the rows that a view lists, or to the one before. */
function alongRows(node, by) {
  const rows = [...node.querySelectorAll("a.version, a.open")];
  const now = rows.indexOf(document.activeElement);
  rows[now < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, now + by))]?.focus();
}

/** The frame of all views: tools at once; tabs and views once they are handed to what this gives. */
function frame(keys = KEYS) {
  const [content, tabs, tools] = ["content", "tabs", "tools"].map((id) => document.getElementById(id));
  const help = helpDialog(keys);
  const theme = themeButton();
  tools.append(el("button", { type: "button", title: "Keys (?)", onclick: () => help.showModal() }, el("span", { "aria-hidden": "true" }, "?"), unseen("Keys")), theme);
  let view = {};
  let turn_ = 0;
  let views = [];
  async function go() {
    if (location.hash === "#content") return content.focus();
    const mine = ++turn_;
    const address = location.hash || "#/";
    const route = views.find(([pattern]) => pattern.test(location.hash));
    const made = route ? await route[1](...location.hash.match(route[0]).slice(1).map(Number)) : missing();
    if (mine !== turn_) return;
    const isFirst = !view.node;
    view = made;
    content.replaceChildren(view.node);
    document.title = `${view.title} – dedup`;
    const here = tabs.querySelectorAll("a");
    const current = [...here].map((tab) => tab.dataset.tab).filter((tab) => (location.hash || "#/").startsWith(tab)).sort((x, y) => y.length - x.length)[0];
    here.forEach((tab) => tab.dataset.tab === current && tab.scrollIntoView({ block: "nearest", inline: "center" }));
    here.forEach((tab) => (tab.dataset.tab === current ? tab.setAttribute("aria-current", "page") : tab.removeAttribute("aria-current")));
    moreTabs(tabs);
    if (!view.list) scrollTo(0, 0);
    await view.shown?.();
    // Whoever does not see the page hears that it is another one.
    if (!isFirst && !view.node.contains(document.activeElement)) content.focus({ preventScroll: true });
    document.documentElement.dataset.ready = address;
  }
  tabs.addEventListener("scroll", () => moreTabs(tabs), { passive: true });
  addEventListener("hashchange", go);
  addEventListener("click", (event) => document.querySelectorAll(".menu[open]").forEach((menu) => menu.contains(event.target) || (menu.open = false)));
  addEventListener("scroll", () => view.scrolled?.(), { passive: true });
  let waiting;
  addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(() => { moreTabs(tabs); view.resized?.(); }, 80); });
  addEventListener("beforeprint", () => view.printing?.(true));
  addEventListener("afterprint", () => view.printing?.(false));
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    const typing = event.target.closest("input:not([type=checkbox]):not([type=radio]), select, textarea");
    if (typing && event.key === "Escape") return event.target.blur();
    if (typing || (event.key.startsWith("Arrow") && event.target.closest(".text, .scroll"))) return;
    const act = view.keys?.[event.key] ?? { "?": () => help.showModal(), t: () => theme.click(), j: () => alongRows(view.node, 1), k: () => alongRows(view.node, -1) }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  return (names, shown) => {
    views = shown;
    tabs.replaceChildren(...names);
    return go();
  };
}

async function start(source, extend = () => ({})) {
  const show = frame();
  const [summary, rows] = await Promise.all([source.summary(), source.rows()]);
  const more = await extend(summary, rows);
  const state = everything();
  const list = () => {
    takeFromAddress(state);
    const made = listView(finderOf(rows), state, (shown) => exportMenu(shown, reportFiles({ source, summary }), { summary, total: rows.length }));
    return { ...made, node: el("div", {}, strip(summary), made.node), title: "Reports", list: true };
  };
  const narrowTo = (sources) => {
    Object.assign(state, everything());
    state.chosen.sources = new Set(sources);
    location.hash = "#/";
  };
  /** The reports before and after in the list as it was last shown. */
  const around = (n) => {
    const order = state.order?.includes(n) ? state.order : rows.map((row) => row.number);
    const place = order.indexOf(n);
    return { before: order[place - 1], after: order[place + 1] };
  };
  const two_ = (detail, a, b, where) => (detail && detail.members[a] && detail.members[b] && a !== b ? pairView(detail, a, b, summary.model, where) : missing());
  const views = [
    ...(more.views ?? []),
    [LIST, list],
    [/^#\/report\/(\d+)$/, async (n) => (rows[n - 1] ? reportView(await source.report(n - 1), n, { ...around(n), further: more.ofReport?.(n) }) : missing())],
    [/^#\/report\/(\d+)\/(\d+)\/(\d+)$/, async (n, a, b) => (rows[n - 1] ? two_(await source.report(n - 1), a - 1, b - 1, insideReport(n)) : missing())],
    [/^#\/report\/(\d+)\/changes\/(\d+)\/(\d+)$/, async (n, a, b) => (rows[n - 1] ? changesOrNone(await source.report(n - 1), a - 1, b - 1, insideReport(n)) : missing())],
    [/^#\/apart$/, () => apartView(summary)],
    [/^#\/apart\/(\d+)$/, async (n) => (summary.apart[n - 1] ? two_(await source.apart(n - 1), 0, 1, { crumbs: [["Near misses", "#/apart"], [`Pair ${whole.format(n)}`]], back: "#/apart", href: () => `#/apart/${n}` }) : missing())],
    [/^#\/sources$/, () => matrixView(summary, narrowTo)],
    [/^#\/run$/, () => aboutView(summary)],
  ];
  await show(more.tabs?.(tabsOf(summary)) ?? tabsOf(summary), views);
}
