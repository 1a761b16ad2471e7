// From flows between sources to a matrix: who carries whose copy, how late, how much word for word.

/** Sources that the matrix shows. */
const SHOWN = 24;

const METRICS = {
  stories: ["Stories", (flow) => flow.stories, (n) => whole.format(n)],
  lag: ["Median delay", (flow) => flow.lag, (n) => lasting(n)],
  verbatim: ["Word for word", (flow) => flow.verbatim, percent],
  credited: ["Credited", (flow) => flow.credited / flow.stories, percent],
};

function flowWords(flow) {
  return [told(flow.to), ` has ${count(flow.stories, "story", "stories")} that `, told(flow.from), " had first; ", flow.lag === null ? "delays not known" : `median delay ${lasting(flow.lag)}`, `; ${percent(flow.verbatim)} word for word; ${whole.format(flow.credited)} credited.`];
}

function matrixTable(flows, metric, choose) {
  const weight = new Map();
  const add = (name, n) => weight.set(name, (weight.get(name) ?? 0) + n);
  flows.forEach((flow) => { add(flow.from, flow.stories); add(flow.to, flow.stories); });
  const busiest = [...weight.keys()].sort((x, y) => weight.get(y) - weight.get(x) || alphabet.compare(x, y)).slice(0, SHOWN);
  const named = new Set(busiest);
  const inside = flows.filter((flow) => named.has(flow.from) && named.has(flow.to));
  const givers = busiest.filter((name) => inside.some((flow) => flow.from === name));
  const takers = busiest.filter((name) => inside.some((flow) => flow.to === name));
  const of = new Map(inside.map((flow) => [`${flow.from}\n${flow.to}`, flow]));
  const [, value, show] = METRICS[metric];
  // Shades follow ranks of size: the busiest flow must not leave all others white.
  const most = Math.max(...inside.map((flow) => Math.abs(value(flow) ?? 0)), 1e-9);
  const cell = (from, to) => {
    const flow = of.get(`${from}\n${to}`);
    if (!flow) return el("td", { class: from === to ? "self" : "none" });
    const n = value(flow);
    return el("td", { class: "heat", vars: { "--heat": n === null ? 0 : Math.sqrt(Math.abs(n) / most) } }, el("button", { type: "button", onclick: () => choose(flow), "aria-label": `${to} from ${from}: ${n === null ? "not known" : show(n)}` }, n === null ? "–" : show(n)));
  };
  return el("table", { class: "matrix" },
    el("thead", {}, el("tr", {}, el("td", { class: "corner" }, el("span", {}, "had it first ↓"), el("span", {}, "took it →")), takers.map((name) => el("th", { scope: "col", title: name }, el("span", {}, told(shortened(name, 22))))))),
    el("tbody", {}, givers.map((from) => el("tr", {}, el("th", { scope: "row", title: from }, told(shortened(from, 26))), takers.map((to) => cell(from, to))))));
}

/** The view of who carries whose copy. */
function matrixView(summary, narrowTo) {
  const { flows, sources } = summary;
  const table = el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Matrix of sources" });
  const words = el("p", { class: "chosen-flow", role: "status" }, "Choose a number to read what it says.");
  let metric = "stories";
  const choose = (flow) => words.replaceChildren(...flowWords(flow), " ", el("button", { type: "button", class: "link", onclick: () => narrowTo([flow.to]) }, "Reports with ", told(flow.to)));
  const draw = () => table.replaceChildren(matrixTable(flows, metric, choose));
  const radio = (key) => el("label", {}, el("input", { type: "radio", name: "metric", value: key, checked: key === metric, onchange: () => { metric = key; draw(); } }), METRICS[key][0]);
  const listed = el("tbody");
  const row = (flow) => listed.append(el("tr", {}, el("td", {}, told(flow.from)), el("td", {}, told(flow.to)), el("td", { class: "number" }, whole.format(flow.stories)), el("td", { class: "number" }, flow.lag === null ? "–" : lasting(flow.lag)), el("td", {}, share(flow.verbatim, "word for word")), el("td", { class: "number" }, whole.format(flow.credited))));
  flows.slice(0, 50).forEach(row);
  const more = flows.length > 50 && el("button", { type: "button", class: "link", onclick: async (event) => { event.target.remove(); await unhurried(flows.length - 50, (i) => row(flows[50 + i])); } }, `Show ${whole.format(flows.length - 50)} more`);
  const node = el("article", { class: "sources" },
    el("h1", {}, "Sources"),
    el("p", { class: "lead" }, `Who carries whose copy: ${count(sources.length, "source")} in reports. Each version counts once, as taken from its likeliest giver.`),
    flows.length === 0
      ? el("p", { class: "notice" }, "No version is known to come from another source.")
      : [el("fieldset", { class: "metric" }, el("legend", { class: "unseen" }, "Show"), Object.keys(METRICS).map(radio)), table, words,
         el("h2", {}, "Every flow"),
         el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Every flow" }, el("table", { class: "flows" }, el("thead", {}, el("tr", {}, ["Had it first", "Took it", "Stories", "Median delay", "Word for word", "Credited"].map((name) => el("th", { scope: "col" }, name)))), listed)), more]);
  return { node, title: "Sources", shown: () => flows.length && draw(), keys: { Escape: () => (location.hash = "#/") } };
}
