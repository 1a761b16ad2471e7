// From a source to who carried its stories: how much of them, how fast, with what credit.

const HOWS = { verbatim: "verbatim", edited: "edited", retold: "retold", translated: "translated" };
const PICKUP_FILES = { csv: "CSV", jsonl: "JSON lines", gexf: "GEXF", graphml: "GraphML" };
/** Uses that are shown before the rest is asked for. */
const USES = 100;

/** The parameters of the view, as its address says them. */
function pickupAsked() {
  const given = new URLSearchParams(location.hash.split("?")[1] ?? "");
  return { source: given.get("source") ?? "", from: given.get("from") ?? "", to: given.get("to") ?? "" };
}

function pickupQuestion({ source, from, to }) {
  const question = new URLSearchParams({ source });
  const span = spanOf({ from, to });
  if (Number.isFinite(span.from)) question.append("since", iso(span.from));
  if (Number.isFinite(span.to)) question.append("until", iso(span.to));
  return question.toString();
}

function carriersTable(carriers) {
  const number = (name, value, kind = "") => el("td", { "data-name": name, class: `number ${kind}` }, value);
  const row = (one) => el("tr", {}, el("th", { scope: "row" }, one.source ? told(one.source) : el("span", { class: "muted" }, "source unknown")),
    number("Stories", whole.format(one.stories)), number("Median delay", one.delay === null ? "–" : lasting(one.delay)),
    el("td", { "data-name": "Used" }, share(one.used, "of ours used, in the mean")), number("Verbatim", whole.format(one.verbatim)), number("Credited", whole.format(one.credited)),
    number("Not credited", whole.format(one.uncredited), one.uncredited ? "bad" : ""));
  const heads = [["Carried by"], ["Stories", "number"], ["Median delay", "number"], ["Used"], ["Verbatim", "number"], ["Credited", "number"], ["Not credited", "number"]];
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "By source" }, el("table", { class: "versions carriers" }, el("thead", {}, el("tr", {}, heads.map(([name, kind]) => el("th", { scope: "col", class: kind }, name)))), el("tbody", {}, carriers.map(row))));
}

function useRow(one, before) {
  const story = (told_) => [el("a", { href: `#/id/${part(told_.id)}`, class: "version" }, told(told_.headline || told_.id, "headline")), el("div", { class: "meta" }, whenOf(told_.time), printedAt(told_.url) && [" · ", printedLink(told_)]), told_.standing.map((flag) => [flagChip(flag), " "])];
  const isSame = before?.ours.id === one.ours.id;
  return el("tr", {},
    el("td", { "data-name": "Ours" }, isSame ? el("span", { class: "muted" }, "the same", unseen(`: ${one.ours.headline}`)) : story(one.ours)),
    el("th", { scope: "row", "data-name": "Carried by" }, el("div", {}, one.carrier ? told(one.carrier, "source") : el("span", { class: "muted" }, "source unknown"), one.via !== null && el("span", { class: "muted" }, " via ", told(one.via))), story(one.theirs)),
    el("td", { "data-name": "Delay", class: "number" }, one.delay === null ? "–" : lasting(one.delay)),
    el("td", { "data-name": "Of ours" }, share(one.used, "of ours is used")),
    el("td", { "data-name": "How" }, HOWS[one.how] ?? one.how),
    el("td", { "data-name": "Credit" }, creditMark(one.credit)));
}

function usesTable(uses) {
  const body = el("tbody", {}, uses.slice(0, USES).map((one, place) => useRow(one, uses[place - 1])));
  const more = uses.length > USES && el("button", { type: "button", class: "link", onclick: async (event) => {
    event.target.remove();
    await unhurried(uses.length - USES, (i) => body.append(useRow(uses[USES + i], uses[USES + i - 1])));
  } }, `Show ${whole.format(uses.length - USES)} more`);
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Each use" }, el("table", { class: "versions uses" }, el("thead", {}, el("tr", {}, ["Ours", "Carried by", "Delay", "Of ours", "How", "Credit"].map((name) => el("th", { scope: "col" }, name)))), body), more);
}

async function openPickup(desk) {
  const asks = pickupAsked();
  const source = el("input", { id: "pickup-source", list: "pickup-sources", value: asks.source, placeholder: "An agency or an outlet", autocomplete: "off", spellcheck: "false", required: true });
  const day = (name, label) => el("input", { type: "date", value: asks[name], "aria-label": label, name });
  const [from, to] = [day("from", "Ours from this day on"), day("to", "Ours up to this day")];
  const form = el("form", { class: "pickup-form", onsubmit: (event) => {
    event.preventDefault();
    const wanted = new URLSearchParams(Object.entries({ source: source.value.trim(), from: from.value, to: to.value }).filter(([, value]) => value));
    location.hash = `#/pickup?${wanted}`;
  } }, el("label", { for: "pickup-source" }, "Whose stories "), source, el("datalist", { id: "pickup-sources" }, desk.sources.slice(0, 500).map((name) => el("option", { value: name }))), el("label", { class: asks.from ? "" : "unset" }, "from ", from), el("label", { class: asks.to ? "" : "unset" }, "to ", to), el("button", { type: "submit", class: "button main" }, "Show the pickup"));
  const node = el("article", { class: "pickup" }, el("h1", {}, "Pickup"), form);
  const view = { node, title: "Pickup", keys: { Escape: () => (location.hash = "#/"), "/": () => source.focus() } };
  if (!asks.source) {
    node.append(el("p", { class: "notice" }, "Choose a source to see who carried its stories: how much of them, how fast, and with what credit."));
    return view;
  }
  let found;
  try {
    found = await asked(`pickup?${pickupQuestion(asks)}`);
  } catch (error) {
    node.append(el("p", { class: "alarm bad", role: "alert" }, `${error.message}.`));
    return view;
  }
  const save_ = (format) => async () => {
    menu.open = false;
    try {
      const response = await answered(`pickup?format=${format}&${pickupQuestion(asks)}`);
      save([await response.blob()], `pickup.${format}`, response.headers.get("Content-Type"));
      announce(`Saved pickup.${format}.`);
      setTimeout(() => announce(""), 4000);
    } catch (error) {
      announce(`Not saved: ${error.message}`);
    }
  };
  const menu = el("details", { class: "menu export" }, el("summary", {}, "Export"), el("ul", {}, Object.entries(PICKUP_FILES).map(([format, name]) => el("li", {}, el("button", { type: "button", onclick: save_(format) }, name)))));
  form.append(menu);
  const fact = (name, ...value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));
  const bars = volumeBars(await asked(`volume?${pickupQuestion(asks)}`), "story", "stories");
  const sure = found.uses.filter((one) => ["removed", "replaced"].includes(one.credit)).length;
  node.append(
    el("dl", { class: "facts-row" }, fact("Stories", whole.format(found.stories)), fact("Carried", whole.format(found.carried)), fact("Times", whole.format(found.uses.length)), fact("By sources", whole.format(found.carriers.length)), fact("Newsrooms", whole.format(found.newsrooms)), fact("Credit missing", whole.format(sure))),
    ...(bars ? [el("section", {}, el("h2", {}, "Its stories over time"), bars)] : []),
    ...(found.uses.length ? [el("section", {}, el("h2", {}, "By source"), carriersTable(found.carriers)), el("section", {}, el("h2", {}, "Each use"), usesTable(found.uses))]
      : [el("p", { class: "notice" }, "No other source of the index carried a story of it.")]));
  view.title = `Pickup of ${asks.source}`;
  return view;
}
