// From pairs that something ties, though they are two reports, to a page that says why not.

/** Pairs on the page before the rest is asked for. */
const PAIRS = 50;

function reasonsOf(row, model) {
  if (!row.signals) return null;
  const moved = model.map(([name, weight], i) => ({ name, moved: row.signals.values[i] * weight })).sort((x, y) => y.moved - x.moved);
  const some = (list, kind) => list.slice(0, 2).map(({ name, moved: by }) => el("li", { class: kind }, el("b", {}, signed(by)), ` ${name}`));
  return el("ul", { class: "why" }, some(moved.filter(({ moved: by }) => by > 0.3), "for"), some(moved.filter(({ moved: by }) => by < -0.3).reverse(), "against"));
}

function apartRow(row, place, model) {
  const story = ({ headline: line, source, time, day, report }) => el("div", { class: "side" }, told(line, "headline"), el("div", { class: "meta" }, source ? told(source, "source") : el("span", {}, "source unknown"), " · ", moment(time, day), report !== null && [" · ", el("a", { href: `#/report/${report + 1}` }, `report ${whole.format(report + 1)}`)]));
  return el("li", { class: "apart" }, el("div", { class: "stories" }, row.stories.map(story)), el("div", { class: "facts" }, relationChip(row.relation, row.score), reasonsOf(row, model), el("a", { class: "button", href: `#/apart/${place + 1}` }, "Compare", unseen(` ${row.stories.map((one) => one.headline).join(" and ")}`))));
}

function apartSection(title, words, rows, model) {
  if (rows.length === 0) return null;
  const list = el("ol", { class: "aparts" }, rows.slice(0, PAIRS).map(([row, place]) => apartRow(row, place, model)));
  const more = rows.length > PAIRS && el("button", { type: "button", class: "link", onclick: async (event) => {
    event.target.remove();
    await unhurried(rows.length - PAIRS, (i) => list.append(apartRow(...rows[PAIRS + i], model)));
  } }, `Show ${whole.format(rows.length - PAIRS)} more`);
  return el("section", {}, el("h2", {}, title, el("span", { class: "muted" }, ` ${whole.format(rows.length)}`)), el("p", { class: "muted" }, words), list, more);
}

/** The view of near misses and cut bridges. */
function apartView(summary) {
  const rows = summary.apart.map((row, place) => [row, place]);
  const left = summary.apart_found - rows.length;
  const is = (...relations) => ([row]) => !row.cut && relations.includes(row.relation);
  const node = el("article", {},
    el("h1", {}, "Near misses"),
    el("p", { class: "lead" }, "Pairs that something ties, and that were not joined. Look here to judge where the line was drawn."),
    rows.length === 0 && el("p", { class: "notice" }, summary.settings.level === "rewrite" ? "None was found." : "Near misses are looked for at level rewrite only."),
    apartSection("Cut bridges", "Two stories that would be joined by themselves, in groups that do not hold together.", rows.filter(([row]) => row.cut), summary.model),
    apartSection("Round-ups", "One holds the other’s report among others.", rows.filter(is("roundup")), summary.model),
    apartSection("Templates", "One form of one outlet with other facts: two reports, however much text they share.", rows.filter(is("template")), summary.model),
    apartSection("Related, not the same", "The same matter or event, but another report; the likeliest first.", rows.filter(is("related")), summary.model),
    left > 0 && el("p", { class: "muted" }, `${whole.format(left)} less likely pairs are not in this file; --relations all --format jsonl has them.`));
  return { node, title: "Near misses", keys: { Escape: () => (location.hash = "#/") } };
}
