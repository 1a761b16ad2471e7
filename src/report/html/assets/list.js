// From a row a report to a list that sorts, searches and filters, and draws only what is seen.

const SORTS = {
  newest: ["Last seen", (x, y) => (y.last ?? -Infinity) - (x.last ?? -Infinity)],
  oldest: ["First seen", (x, y) => (x.first ?? Infinity) - (y.first ?? Infinity)],
  largest: ["Most versions", (x, y) => y.size - x.size],
  spread: ["Most sources", (x, y) => y.sources.length - x.sources.length],
  weakest: ["Weakest tie", (x, y) => x.weakest - y.weakest],
  longest: ["Longest run", (x, y) => (y.last - y.first || 0) - (x.last - x.first || 0)],
  headline: ["Headline", (x, y) => alphabet.compare(x.headline, y.headline)],
};
const alphabet = new Intl.Collator(undefined, { sensitivity: "base" });

/** What reports are filtered by: title, values of a row, how a value is shown, its name in an address. */
const FACETS = {
  flags: ["Needs attention", (row) => row.flags, (flag) => FLAGS[flag]?.[0] ?? flag, "flag"],
  relations: ["Relation", (row) => row.relations, (relation) => RELATIONS[relation]?.[0] ?? relation, "relation"],
  sources: ["Source", (row) => row.sources, (source) => source, "source"],
  agencies: ["Agency", (row) => row.agencies, (agency) => agency, "agency"],
  languages: ["Language", (row) => row.languages, languageName, "language"],
};
/** Values of a facet that are shown before the rest is asked for. */
const FEW = 7;
/** Chosen filters that are named above the list before the rest is asked for. */
const CHOSEN = 8;

/**
 * What a list is of: its address, sorts and facets, the words by which a row is found, the row
 * itself, heads of its columns, and what is said of it.
 */
const REPORTS = {
  at: LIST, base: "#/", sorts: SORTS, sort: "newest", facets: FACETS, name: "Reports", one: "report", hint: "Search headlines, sources, ids", seen: "Seen",
  words: (row) => [row.headline, ...row.others, ...row.sources, ...row.ids],
  row: rowOf,
  heads: [["Report"], ["Versions", "how many versions"], ["Weakest", "the weakest tie of any two versions"]],
  none: "No two stories are versions of one report.",
};

/** What the list shows, kept while other views are open. */
function everything(kind = REPORTS) {
  const chosen = Object.fromEntries(Object.keys(kind.facets).map((name) => [name, new Set()]));
  return { kind, query: "", sort: kind.sort, stands: "", from: "", to: "", chosen, open: {}, scroll: 0 };
}

/** The words by which a row is found. */
function sought(row, kind) {
  row.sought ??= folded(kind.words(row).join("\n"));
  return row.sought;
}

/** Whether a row passes, `except` for one facet. */
function passes(row, state, words, span, except) {
  if (span.from !== undefined && !(row.last >= span.from)) return false;
  if (span.to !== undefined && !(row.first !== null && row.first < span.to)) return false;
  const { facets } = state.kind;
  for (const name in facets) {
    const chosen = state.chosen[name];
    if (chosen.size && name !== except && !facets[name][1](row).some((value) => chosen.has(value))) return false;
  }
  return words.every((word) => sought(row, state.kind).includes(word));
}

function spanOf({ from, to }) {
  const start = (day) => (day ? Date.parse(`${day}T00:00:00Z`) / 1000 : undefined);
  const end = start(to);
  return { from: start(from), to: end === undefined ? undefined : end + 86400 };
}

/** Rows that pass and how often each value of each facet comes, without holding up the page. */
async function select(rows, state, stopped) {
  const words = folded(state.query).split(/\s+/).filter(Boolean);
  const span = spanOf(state);
  const shown = [];
  const { facets, sorts } = state.kind;
  const counts = Object.fromEntries(Object.keys(facets).map((name) => [name, new Map()]));
  const add = (name, row) => facets[name][1](row).forEach((value) => counts[name].set(value, (counts[name].get(value) ?? 0) + 1));
  const narrowed = Object.keys(facets).filter((name) => state.chosen[name].size);
  const whole = await unhurried(rows.length, (i) => {
    const row = rows[i];
    if (passes(row, state, words, span)) {
      shown.push(row);
      for (const name in facets) add(name, row);
    } else {
      // What a facet would add if it were not narrowed counts for that facet.
      narrowed.forEach((name) => passes(row, state, words, span, name) && add(name, row));
    }
  }, stopped);
  if (!whole) return null;
  const order = sorts[state.sort][1];
  shown.sort((x, y) => order(x, y) || x.number - y.number);
  return { shown, counts };
}

/**
 * What finds in rows that are all here. Whoever looks elsewhere gives the same: `sorts`, how many
 * reports there are, and `find(state, stopped, tell)`, a promise of what is shown, the values to
 * choose from, whether there is `more`, and a sentence on what was found; `stands`, if it can let another
 * version stand for each report; `save`, if it keeps searches.
 */
function finderOf(rows, { sorts, hint, one } = REPORTS) {
  return {
    sorts, total: rows.length, hint, counted: true,
    async find(state, stopped) {
      const found = await select(rows, state, stopped);
      if (!found) return null;
      const of = found.shown.length === rows.length ? "" : ` of ${whole.format(rows.length)}`;
      return { ...found, told: found.shown.length ? `${whole.format(found.shown.length)}${of} ${rows.length === 1 ? one : `${one}s`}` : `No ${one} matches. Loosen a filter.` };
    },
  };
}

/** Sources that a hint names. */
const HINTED = 40;

/** Names one after the other, the rest counted. */
function listed(names) {
  const rest = names.length - HINTED;
  return names.slice(0, HINTED).join(", ") + (rest > 0 ? ` and ${whole.format(rest)} more` : "");
}

/** How many newsrooms have it, and how many of them tell it by themselves. */
function voicesOf(row) {
  const rooms = count(row.newsrooms, "newsroom");
  return row.independent === undefined ? rooms : `${rooms}, ${row.independent ? whole.format(row.independent) : "none"} independent`;
}

/** A line of a row: cut, if it must be, where it ends, whatever way it runs. */
function lineOf(text, language) {
  return el("bdi", { class: "line", dir: "auto", lang: languageTag(language) }, el("span", { class: "headline" }, text));
}

/** What comes behind another part, if there is any. */
const separated = (part) => part && [el("span", { class: "sep" }, " · "), part];

/** One report in the list. */
function rowOf(row, place, of) {
  const more = row.sources.length - 3;
  const sources = row.sources.slice(0, 3).flatMap((source, i) => [i ? ", " : "", told(source)]);
  const urgent = row.flags.filter((flag) => ["still-live", "before-correction", "kill"].includes(flag)).slice(0, 2);
  const first = row.first === null ? "no time" : moment(row.first, row.day);
  return el("li", { class: "row", "aria-setsize": of, "aria-posinset": place + 1, "data-place": place },
    el("a", { href: `#/report/${row.number}`, class: "open" },
      lineOf(row.headline || row.ids[0], row.language),
      el("span", { class: "meta", title: row.sources.length > 3 ? listed(row.sources) : undefined }, sources, more > 0 && ` and ${more} more`, separated(first), separated(row.newsrooms > 1 && voicesOf(row)), separated(row.last > row.first && `over ${lasting(row.last - row.first)}`))),
    el("span", { class: "facts" },
      urgent.map(flagChip),
      row.relations.slice(0, 3 - urgent.length).map((relation) => relationChip(relation)),
      el("span", { class: "size", title: "versions" }, whole.format(row.size), unseen(" versions")),
      el("span", { class: "weak", title: "weakest tie of any two versions" }, unseen("weakest "), certainty(row.weakest))));
}

/** The list itself: as tall as all rows, with the rows in sight. */
class Rows {
  constructor({ name, row, className }) {
    this.node = el("ol", { class: className ? `rows ${className}` : "rows", role: "list", "aria-label": name });
    this.made = row;
    this.shown = [];
    this.drawn = new Map();
    this.draw = this.draw.bind(this);
  }

  set(shown) {
    this.shown = shown;
    this.drawn.clear();
    this.node.replaceChildren();
    this.draw();
  }

  /** Pixels a row; the stylesheet says them. */
  height() {
    return parseFloat(getComputedStyle(this.node).getPropertyValue("--row")) || 72;
  }

  draw() {
    if (!this.node.isConnected) return;
    const height = this.height();
    this.node.style.setProperty("height", `${this.shown.length * height}px`);
    const top = -this.node.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(top / height) - 6);
    const last = Math.min(this.shown.length, Math.ceil((top + innerHeight) / height) + 6);
    for (const [place, node] of this.drawn) {
      if ((place < first || place >= last) && !node.contains(document.activeElement)) {
        node.remove();
        this.drawn.delete(place);
      }
    }
    for (let place = first; place < last; place++) this.row(place, height);
  }

  row(place, height) {
    if (this.drawn.has(place)) return;
    const node = this.made(this.shown[place], place, this.shown.length);
    node.style.setProperty("top", `${place * height}px`);
    this.drawn.set(place, node);
    // In order of place, so that Tab goes down the list.
    const after = [...this.node.children].find((other) => Number(other.dataset.place) > place);
    this.node.insertBefore(node, after ?? null);
  }

  /** Moves the focus to another row. */
  step(by) {
    const now = document.activeElement?.closest?.(".row");
    const place = now ? Number(now.dataset.place) + by : Math.max(0, Math.ceil(-this.node.getBoundingClientRect().top / this.height()));
    if (place < 0 || place >= this.shown.length) return;
    this.row(place, this.height());
    const link = this.drawn.get(place).querySelector("a");
    link.focus({ preventScroll: true });
    link.scrollIntoView({ block: "nearest" });
  }

  /** For paper, which does not scroll. */
  print(most) {
    const list = this.shown.slice(0, most).map((row, place) => this.made(row, place, this.shown.length));
    this.drawn.clear();
    this.node.replaceChildren(...list);
    this.node.style.removeProperty("height");
  }
}

/** One facet: a box to tick for each value. */
function facetBox(name, counts, state, change, counted) {
  const [title, , show] = state.kind.facets[name];
  const chosen = state.chosen[name];
  const values = [...new Set([...counts.keys(), ...chosen])];
  if (values.length === 0) return null;
  values.sort((x, y) => chosen.has(y) - chosen.has(x) || (counts.get(y) ?? 0) - (counts.get(x) ?? 0) || alphabet.compare(show(x), show(y)));
  const wanted = folded(state.open[`${name}?`] ?? "");
  const found = wanted ? values.filter((value) => folded(show(value)).includes(wanted)) : values;
  const some = found.slice(0, state.open[name] ? 200 : FEW);
  const tick = (value) => () => {
    chosen.has(value) ? chosen.delete(value) : chosen.add(value);
    change();
  };
  const box = (value) => el("li", {}, el("label", {},
    el("input", { type: "checkbox", checked: chosen.has(value), onchange: tick(value), "data-key": `${name}=${value}` }),
    told(show(value), "value"), counted && el("span", { class: "count" }, whole.format(counts.get(value) ?? 0))));
  const rest = found.length - some.length;
  const find = values.length > 2 * FEW && el("input", {
    type: "search", class: "find", placeholder: `Find a ${title.toLowerCase()}`, "aria-label": `Find a ${title.toLowerCase()}`,
    value: state.open[`${name}?`] ?? "", "data-key": `${name}?`,
    oninput: (event) => { state.open[`${name}?`] = event.target.value; change(false); },
  });
  const all = rest > 0 && !state.open[name] && el("button", { type: "button", class: "link", "data-key": `${name}+`, onclick: () => { state.open[name] = true; change(false); } }, `${whole.format(rest)} more`);
  return el("fieldset", { class: "facet" }, el("legend", {}, title), find, el("ul", {}, some.map(box)), all);
}

/** The view: a finder and `state` in, an element out; `exports` is the menu that saves what is found. */
function listView(finder, state, exports) {
  const { kind } = state;
  const list = new Rows(kind);
  // Whoever comes back finds the focus where it was.
  list.node.addEventListener("click", (event) => (state.opened = event.target.closest(".open")?.getAttribute("href")));
  const facets = el("div", { class: "facets" });
  const told_ = el("p", { class: "found", role: "status" });
  const active = el("div", { class: "active" });
  let turn_ = 0;
  let counts;
  const showFacets = () => {
    const key = document.activeElement?.dataset?.key;
    facets.replaceChildren(...Object.keys(kind.facets).map((name) => facetBox(name, counts[name], state, change, finder.counted)).filter(Boolean));
    const again = key && [...facets.querySelectorAll("[data-key]")].find((node) => node.dataset.key === key);
    if (again) again.focus({ preventScroll: true });
  };
  const showActive = () => {
    const off = (text, undo) => el("button", { type: "button", class: "chip off", onclick: () => { undo(); change(); } }, told(text), el("span", { "aria-hidden": "true" }, " ✕"), unseen(" – remove this filter"));
    const chips = Object.entries(state.chosen).flatMap(([name, chosen]) => [...chosen].map((value) => off(kind.facets[name][2](value), () => chosen.delete(value))));
    if (state.from) chips.push(off(`from ${state.from}`, () => { state.from = ""; from.value = ""; }));
    if (state.to) chips.push(off(`to ${state.to}`, () => { state.to = ""; to.value = ""; }));
    const narrowed = chips.length > 0 || state.query;
    const more = chips.length - CHOSEN;
    const rest = more > 1 && !state.open.chosen && el("button", { type: "button", class: "link", onclick: () => { state.open.chosen = true; showActive(); active.querySelectorAll(".chip")[CHOSEN].focus(); } }, `and ${whole.format(more)} more filters`);
    active.replaceChildren(...(rest ? [...chips.slice(0, CHOSEN), rest] : chips), ...(narrowed ? [el("button", { type: "button", class: "link", onclick: clear }, "Show all"), finder.save && el("button", { type: "button", class: "link", onclick: finder.save }, "Save this search")].filter(Boolean) : []));
    filters.querySelector("summary").dataset.count = chips.length || "";
  };
  const clear = () => {
    Object.assign(state, { ...everything(kind), sort: state.sort, stands: state.stands });
    [search.value, from.value, to.value] = ["", "", ""];
    change();
  };
  async function change(select_ = true) {
    if (!select_) return showFacets();
    const mine = ++turn_;
    keepInAddress(state);
    const tell = (text) => (told_.textContent = text);
    const found = await finder.find(state, () => mine !== turn_, tell).catch((error) => tell(error.message) && null);
    if (found) show(found);
  }
  const show = (found) => {
    counts = found.counts;
    state.order = found.shown.map((row) => row.number);
    list.set(found.shown);
    told_.textContent = found.told;
    further.hidden = !found.more;
    showFacets();
    showActive();
  };
  async function goOn() {
    const found = await finder.further(state);
    if (found) show(found);
  }
  const further = el("p", { class: "older", hidden: true }, el("button", { type: "button", class: "button", onclick: () => goOn() }, "Show more"));
  const search = el("input", { type: "search", id: "search", placeholder: finder.hint, "aria-label": finder.hint, value: state.query, autocomplete: "off", spellcheck: "false", oninput: () => { state.query = search.value; change(); } });
  const sort = el("select", { id: "sort", onchange: () => { state.sort = sort.value; change(); } }, Object.entries(finder.sorts).map(([key, [name]]) => el("option", { value: key, selected: key === state.sort }, name)));
  const stands = finder.stands && el("select", { id: "stands", onchange: () => { state.stands = stands.value; change(); } }, Object.entries(finder.stands).map(([key, name]) => el("option", { value: key, selected: key === state.stands }, name)));
  const day = (name, label) => el("input", { type: "date", "aria-label": label, value: state[name], onchange: (event) => { state[name] = event.target.value; change(); } });
  const [from, to] = [day("from", `${kind.seen} from this day on`), day("to", `${kind.seen} up to this day`)];
  const time = el("fieldset", { class: "facet days" }, el("legend", {}, kind.seen), el("label", {}, "from", from), el("label", {}, "to", to));
  const filters = el("details", { class: "filters", open: matchMedia("(min-width: 60rem)").matches }, el("summary", {}, "Filters"), time, facets);
  const node = el("div", { class: "desk" },
    filters,
    el("section", { class: "reports", "aria-label": kind.name },
      el("h1", { class: "unseen" }, kind.name),
      el("div", { class: "tools-row" }, el("div", { class: "searchbox" }, search, el("kbd", { "aria-hidden": "true" }, "/")), el("label", { class: "sort" }, "Sort by ", sort), stands && el("label", { class: "sort" }, "Shown as ", stands), exports(() => list.shown)),
      el("div", { class: "result" }, told_, active),
      finder.total > 0 && el("div", { class: "heads", "aria-hidden": "true" }, kind.heads.map(([name, title]) => el("span", { title }, name))),
      finder.total ? [list.node, further] : el("p", { class: "notice" }, kind.none)));
  return {
    node,
    keys: { j: () => list.step(1), k: () => list.step(-1), ArrowDown: () => list.step(1), ArrowUp: () => list.step(-1), "/": () => search.focus() },
    async shown() {
      await change();
      scrollTo(0, state.scroll);
      list.draw();
      const links = [...list.node.querySelectorAll(".open")];
      links.find((link) => link.getAttribute("href") === state.opened)?.focus({ preventScroll: true });
    },
    scrolled() {
      state.scroll = scrollY;
      list.draw();
    },
    resized: () => list.set(list.shown),
    printing: (on) => (on ? list.print(2000) : list.set(list.shown)),
  };
}
