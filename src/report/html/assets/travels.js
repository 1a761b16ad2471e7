// From a row a passage to a list of passages that sorts, searches and filters as that of reports
// does, and to the views and the section of a report that show them.

/** Passages that the page of a report names. */
const FURTHER = 8;

const PASSAGE_SORTS = {
  printings: ["Most printings", (x, y) => y.printings - x.printings],
  outlets: ["Most outlets", (x, y) => y.outlets - x.outlets],
  oldest: ["First printed", (x, y) => (x.first ?? Infinity) - (y.first ?? Infinity)],
  newest: ["Last printed", (x, y) => (y.last ?? -Infinity) - (x.last ?? -Infinity)],
  run: ["Longest on its way", (x, y) => (y.last - y.first || 0) - (x.last - x.first || 0)],
  words: ["Longest text", (x, y) => y.words - x.words],
};

/** The list of passages; of `rows` are the reports that a passage may be in. */
function kindOfPassages(rows, base) {
  const report = (number) => rows[number]?.headline || `report ${whole.format(number + 1)}`;
  return {
    at: base === "#/" ? LIST : /^#\/passages(?:\?.*)?$/,
    base, sorts: PASSAGE_SORTS, sort: "printings", name: "Passages", one: "passage", hint: "Search passages, outlets, ids", seen: "Printed",
    facets: {
      sources: ["Outlet", (row) => row.sources, (source) => source, "source"],
      languages: ["Language", (row) => (row.language ? [row.language] : []), languageName, "language"],
      reports: ["Report", (row) => row.reports.map((number) => String(number + 1)), (number) => report(Number(number) - 1), "report"],
    },
    words: (row) => [row.text, ...row.sources, ...row.ids],
    row: passageRow, className: "of-passages",
    heads: [["Passage"], ["Printings", "how often it was printed"], ["Outlets", "how many outlets printed it"]],
    none: "No two stories share a passage of that length. --least N asks for shorter ones.",
  };
}

/** Signs that nobody sees and that turn or hide what stands around them. */
const UNSEEN_SIGNS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\u200B\u2060\uFEFF]/g;

/** A text as it came, but for those. */
const asPrinted = (text) => text.replace(UNSEEN_SIGNS, "");

/** As many whole words as fit. */
function opening(text, most) {
  const plain = asPrinted(text).replace(/\s+/g, " ").trim();
  if ([...plain].length <= most) return plain;
  const cut = shortened(plain, most);
  const end = cut.lastIndexOf(" ");
  return end > most / 2 ? `${cut.slice(0, end)} …` : cut;
}

/** Whoever printed it, in the order of time. */
function printers(row) {
  const more = row.outlets - 3;
  const named = row.sources.slice(0, 3).flatMap((source, i) => [i ? ", " : "", told(source)]);
  return named.length ? [named, more > 0 && ` and ${whole.format(more)} more`] : el("span", {}, "outlets unknown");
}

/** From when to when. */
function whenPrinted(row) {
  if (row.first === null) return "no date";
  return [moment(row.first, row.day), separated(row.last > row.first && `over ${lasting(row.last - row.first)}`)];
}

/** One passage in the list. */
function passageRow(row, place, of) {
  return el("li", { class: "row", "aria-setsize": of, "aria-posinset": place + 1, "data-place": place },
    el("a", { href: `#/passage/${row.number}`, class: "open" },
      lineOf(asPrinted(row.text), row.language),
      el("span", { class: "meta" }, printers(row), separated(whenPrinted(row)), separated(row.undated > 0 && row.first !== null && `${whole.format(row.undated)} without a date`), separated(count(row.words, "word")))),
    el("span", { class: "facts" },
      el("span", { class: "size", title: "printings" }, whole.format(row.printings), unseen(" printings")),
      el("span", { class: "weak", title: "outlets" }, whole.format(row.outlets), unseen(" outlets"))));
}

/** What the run came to, above the list of passages. */
function passageStrip(summary, counts) {
  const { stories, skipped } = summary.counts;
  const item = (n, words, href) => el("li", { class: href && "warn" }, href ? el("a", { href }, el("b", {}, whole.format(n)), ` ${words}`) : [el("b", {}, whole.format(n)), ` ${words}`]);
  return el("ul", { class: "strip", "aria-label": "The run" }, item(stories, stories === 1 ? "story" : "stories"), item(counts.families, counts.families === 1 ? "passage" : "passages"), item(counts.stories, counts.stories === 1 ? "story holds one" : "stories hold one"), skipped > 0 && item(skipped, "skipped", "#/run"), summary.warnings.length > 0 && item(summary.warnings.length, summary.warnings.length === 1 ? "warning" : "warnings", "#/run"), el("li", { class: "setting" }, `level ${summary.settings.level}, ${whole.format(counts.least)} words or more, dedup ${summary.version}`));
}

/** The passages of report `number` that others printed, too, or most of its versions. */
function furtherOf(number, ways, kind, reports) {
  const inside = reports.get(number - 1);
  if (!inside) return null;
  const isAlone = (row) => row.reports.length === 1 && row.reports[0] === number - 1;
  const further = inside.filter((row) => row.printings > 2 || !isAlone(row)).sort((x, y) => isAlone(x) - isAlone(y) || y.printings - x.printings || x.number - y.number);
  const item = (row) => el("li", {}, el("a", { href: `#/passage/${row.number}` }, told(opening(row.text, 140), "headline", row.language)),
    el("div", { class: "meta" }, `${count(row.printings, "printing")} in ${count(row.outlets, "outlet")}`, row.reports.length > 1 && `, in ${count(row.reports.length, "report")}`, " · ", whenPrinted(row)));
  const all = el("p", {}, el("a", { href: `${kind.base}?report=${number}` }, inside.length === 1 ? "The one passage of this report in the list" : `All ${whole.format(inside.length)} passages of this report`));
  return el("section", { class: "further" }, el("h2", {}, "Passages that went further"),
    further.length ? el("ul", {}, further.slice(0, FURTHER).map(item)) : el("p", { class: "muted" }, "None of its passages is in more than two printings."), all);
}

/** A passage a line, with all its printings, as `--level passage --format jsonl` writes them. */
const familyLines = {
  name: "JSON lines", file: "passages.jsonl", type: "application/jsonl",
  begin: () => [],
  add(lines, { printings }) {
    const sources = [...new Set(printings.map(({ source }) => source).filter(Boolean))];
    const members = printings.map((one) => ({ id: one.id, source: one.source || null, time: timeOf(one) || null, start: one.start, end: one.end, text: one.text }));
    lines.push(`${JSON.stringify({ type: "family", stories: new Set(members.map(({ id }) => id)).size, sources: sources.length ? sources : undefined, members })}\n`);
  },
  end: (lines) => lines,
};

/** A row a printing. */
const printingsTable = {
  name: "CSV", file: "passages.csv", type: "text/csv",
  begin: () => ["passage,id,source,time,start,end,headline,url,text\n"],
  add: (lines, { printings }, number) => printings.forEach((one) => lines.push(`${[number, one.id, one.source, timeOf(one), one.start, one.end, one.headline, one.url, one.text].map(cell).join(",")}\n`)),
  end: (lines) => lines,
};

/** What a list of passages is saved as; `way` gives the printings of each. */
const passageFiles = (way) => ({ forms: [familyLines, printingsTable], one: "passage", read: (row) => way(row.number - 1) });

/** The views of passages, beside those of reports: what `start` asks for. */
async function passageViews(summary, rows) {
  const counts = held("passages");
  const isAll = summary.settings.level === "passage";
  const ways = await allRows("ways");
  const reports = new Map();
  ways.forEach((row) => row.reports.forEach((number) => (reports.get(number) ?? reports.set(number, []).get(number)).push(row)));
  const kind = kindOfPassages(rows, isAll ? "#/" : "#/passages");
  const state = everything(kind);
  const [way, story] = [entries("passages"), entries("stories")];
  const list = () => {
    takeFromAddress(state);
    const made = listView(finderOf(ways, kind), state, (shown) => exportMenu(shown, passageFiles(way), { summary, total: ways.length }));
    return { ...made, node: el("div", {}, passageStrip(summary, counts), made.node), title: "Passages", list: true };
  };
  const around = (n) => {
    const order = state.order?.includes(n) ? state.order : ways.map((row) => row.number);
    const place = order.indexOf(n);
    return { before: order[place - 1], after: order[place + 1] };
  };
  const tab = (name, href, at, n) => el("a", { href, "data-tab": at }, name, n !== undefined && el("span", { class: "count" }, whole.format(n)));
  const troubled = summary.counts.skipped + summary.warnings.length;
  const mine = tab("Passages", kind.base, isAll ? "#/" : "#/passage", counts.families);
  return {
    tabs: (others) => (isAll ? [mine, tab("Run", "#/run", "#/run", troubled || undefined)] : [others[0], mine, ...others.slice(1)]),
    views: [
      [kind.at, list],
      [/^#\/passage\/(\d+)(?:\?.*)?$/, async (n) => (ways[n - 1] ? wayView(await way(n - 1), ways[n - 1], kind, around(n)) : missing())],
      [/^#\/passages\/story\/(\d+)(?:\?.*)?$/, async (n) => (n > 0 && n <= counts.stories ? holderView(await story(n - 1), ways, kind, counts.texts) : missing())],
    ],
    ofReport: (number) => furtherOf(number, ways, kind, reports),
  };
}
