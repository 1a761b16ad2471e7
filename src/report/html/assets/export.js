// From the reports or passages that a list shows to a file for another tool, made in the page itself.

const byId = (x, y) => (x < y ? -1 : x > y ? 1 : 0);

function pairMessage(detail, { a, b, relation, score, jaccard, containment_a, containment_b, direction, reason, agency, languages: both, cut }) {
  return { type: "pair", a: detail.members[a].id, b: detail.members[b].id, relation, score, jaccard, containment_a, containment_b, direction, reason, agency, languages: both, cut };
}

function clusterMessage(detail, derives) {
  const { members } = detail;
  const flags = members.filter((member) => member.flag).map((member) => [member.id, member.flag]);
  const standing = members.filter((member) => member.flags && member.flags.length).map((member) => [member.id, member.flags]);
  const derived = members.filter((_, place) => place !== detail.base).map((member) => ({ id: member.id, base: members[detail.base].id, from_base: member.from_base ?? null, of_base: member.of_base ?? null, credit: member.credit ?? null, changes: member.changes }));
  return { type: "cluster", canonical: members[detail.canonical].id, origin: detail.origin, members: members.map((member) => member.id), weakest: detail.weakest, newsrooms: detail.newsrooms || undefined, independent: detail.independent, flags: flags.length ? Object.fromEntries(flags) : undefined, standing: standing.length ? Object.fromEntries(standing) : undefined, derived: derives && derived.length ? derived : undefined };
}

/** One typed message a line, as `--format jsonl` writes them. */
const jsonLines = {
  name: "JSON lines", file: "reports.jsonl", type: "application/jsonl",
  begin: () => ({ pairs: [], clusters: [] }),
  pair: (state, detail, pair) => state.pairs.push(pairMessage(detail, pair)),
  add(state, detail, _, summary) {
    detail.pairs.filter((pair) => pair.relation !== undefined).forEach((pair) => this.pair(state, detail, pair));
    state.clusters.push(clusterMessage(detail, summary.settings.level === "rewrite"));
  },
  end(state, summary, whole_) {
    state.pairs.sort((x, y) => byId(x.a, y.a) || byId(x.b, y.b));
    const rest = whole_ ? [...summary.skipped.map((one) => ({ type: "skipped", ...one })), { type: "summary", ...summary.counts }] : [];
    return [...state.pairs, ...state.clusters, ...rest].map((message) => `${JSON.stringify(message)}\n`);
  },
};

/** A cell of a table. What a spreadsheet would take for a formula gets an apostrophe, as the program gives it. */
const cell = (value) => {
  const raw = value === undefined || value === null ? "" : String(value);
  const text = /^[=+\-@\t\r]/.test(raw) && !Number.isFinite(Number(raw)) ? `'${raw}` : raw;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** A row a member, as `--format csv` writes them. */
const table = {
  name: "CSV", file: "reports.csv", type: "text/csv",
  begin: () => ["cluster,canonical,id,role,relation,score,jaccard,source,time,headline\n"],
  add(lines, detail, number) {
    const canonical = detail.canonical;
    detail.members.forEach((member, place) => {
      const pair = place === canonical ? undefined : detail.pairs.find((one) => one.relation !== undefined && one.a === Math.min(place, canonical) && one.b === Math.max(place, canonical));
      const relation = pair && (place === pair.a ? pair.relation : MIRRORED[pair.relation] ?? pair.relation);
      lines.push(`${[number, detail.members[canonical].id, member.id, place === canonical ? "canonical" : "member", relation, pair?.score, pair?.jaccard, member.source, timeOf(member), member.headline].map(cell).join(",")}\n`);
    });
  },
  end: (lines) => lines,
};

const escaped = (text) => String(text).replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "").replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const GRAPH_KEYS = [["node", "headline", "string"], ["node", "source", "string"], ["node", "time", "string"], ["node", "cluster", "long"], ["node", "canonical", "boolean"], ["node", "flag", "string"], ["edge", "relation", "string"], ["edge", "score", "double"], ["edge", "jaccard", "double"], ["edge", "lag", "long"], ["edge", "direction", "string"]];

/** Stories as nodes, relations as edges, as `--format graphml` writes them. */
const graph = {
  name: "GraphML", file: "reports.graphml", type: "application/xml",
  begin: () => ({ nodes: [], edges: [], ids: new Set() }),
  data: (of, values) => Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== "").map(([key, value]) => `<data key="${of}-${key}">${escaped(value)}</data>`).join(""),
  node(state, member, cluster, canonical) {
    if (state.ids.has(member.id)) return;
    state.ids.add(member.id);
    state.nodes.push(`<node id="${escaped(member.id)}">${this.data("node", { headline: member.headline, source: member.source, time: timeOf(member), cluster, canonical, flag: member.flag })}</node>\n`);
  },
  add(state, detail, number) {
    detail.members.forEach((member, place) => this.node(state, member, number, place === detail.canonical));
    detail.pairs.filter((one) => one.relation !== undefined).forEach((pair) => this.pair(state, detail, pair));
  },
  pair(state, detail, pair) {
    const [from, to] = (pair.direction === "b-to-a" ? [pair.b, pair.a] : [pair.a, pair.b]).map((place) => detail.members[place]);
    [from, to].forEach((member) => this.node(state, member));
    const lag = from.time === null || to.time === null ? undefined : to.time - from.time;
    state.edges.push(`<edge source="${escaped(from.id)}" target="${escaped(to.id)}">${this.data("edge", { relation: pair.relation, score: pair.score, jaccard: pair.jaccard, lag, direction: pair.direction === "unknown" ? "unknown" : "known" })}</edge>\n`);
  },
  end: ({ nodes, edges }) => ['<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n', ...GRAPH_KEYS.map(([of, name, type]) => `<key id="${of}-${name}" for="${of}" attr.name="${name}" attr.type="${type}"/>\n`), '<graph edgedefault="directed">\n', ...nodes, ...edges, "</graph>\n</graphml>\n"],
};

/** Hands a file to the reader. */
function save(parts, name, type) {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

/** Pairs that would join two reports and were cut: they belong to all, and to none of the reports. */
async function cutPairs(form, state, { source, summary }) {
  if (!form.pair) return;
  for (const [place, row] of summary.apart.entries()) {
    if (!row.cut) continue;
    const detail = await source.apart(place);
    form.pair(state, detail, detail.pairs[0]);
  }
}

/** What a list of reports is saved as; `source` has the data. */
const reportFiles = ({ source, summary }) => ({ forms: [jsonLines, table, graph], one: "report", read: (row) => source.report(row.number - 1), rest: (form, state) => cutPairs(form, state, { source, summary }) });

/** A menu that saves what `shown` gives of `total` rows: each as `read` finds it and, of all, the `rest`. */
function exportMenu(shown, { forms, one, read, rest }, { summary, total }) {
  let running = 0;
  const run = (form) => async () => {
    const mine = ++running;
    menu.open = false;
    const rows = [...shown()].sort((x, y) => x.number - y.number);
    const state = form.begin();
    let last = performance.now();
    const whole_ = await unhurried(rows.length, async (i) => {
      form.add(state, await read(rows[i]), rows[i].number, summary);
      if (performance.now() - last > 400) {
        last = performance.now();
        announce(`${form.name}: ${percent(i / rows.length)} of ${count(rows.length, one)}`);
      }
    }, () => mine !== running);
    if (!whole_) return;
    if (rest && rows.length === total) await rest(form, state);
    save(form.end(state, summary, rows.length === total), form.file, form.type);
    announce(`Saved ${count(rows.length, one)} as ${form.file}.`);
    setTimeout(() => announce(""), 4000);
  };
  const item = (form) => el("li", {}, el("button", { type: "button", onclick: run(form) }, form.name));
  const menu = el("details", { class: "menu export" }, el("summary", {}, "Export"), el("ul", {}, forms.map(item)));
  return menu;
}
