// From what a pair was judged by to a verdict in words and the weight of each piece of evidence.

/** The pair of members `a` and `b` with `a` on the left, whatever its order in the data. */
function oriented(detail, a, b) {
  const pair = detail.pairs.find((one) => one.a === Math.min(a, b) && one.b === Math.max(a, b)) ?? {};
  const flat = pair.passages ?? [];
  const passages = [];
  for (let i = 0; i < flat.length; i += 4) {
    const [x, y] = [[flat[i], flat[i + 1]], [flat[i + 2], flat[i + 3]]];
    passages.push(a < b ? { a: x, b: y } : { a: y, b: x });
  }
  passages.sort((x, y) => x.a[0] - y.a[0]).forEach((passage, i) => (passage.number = i + 1));
  const matched = pair.matched?.map((one) => (a < b ? one : { a: one.b, b: one.a }));
  const turned = { containment_a: pair.containment_b, containment_b: pair.containment_a, relation: MIRRORED[pair.relation] ?? pair.relation, direction: { "a-to-b": "b-to-a", "b-to-a": "a-to-b" }[pair.direction] ?? pair.direction };
  return { ...pair, ...(a < b ? {} : turned), matched, a, b, passages, aligned: Boolean(pair.passages) };
}

/** The order in which two members stand side by side: the giver, or the earlier one, first. */
function inOrder(detail, x, y) {
  const [one, other] = [detail.members[x], detail.members[y]];
  if (one.taken?.from === y) return [y, x];
  if (other.taken?.from === x) return [x, y];
  return (one.time ?? Infinity) <= (other.time ?? Infinity) ? [x, y] : [y, x];
}

/** The address of two members of report `number` side by side. */
function sideBySide(detail, number, x, y) {
  return `#/report/${number}/${inOrder(detail, x, y).map((place) => place + 1).join("/")}`;
}

/** Whether a relation makes two stories versions of one report; none of their own, of a third. */
const joins = (relation) => !["related", "roundup", "template"].includes(relation);

/** What ties the two, in one sentence. */
function verdict(pair, members) {
  const name = (place) => told(members[place].source || members[place].id);
  if (pair.relation === undefined) return el("p", { class: "verdict" }, "Not tied directly: both are versions of a third.");
  const [relation, meaning] = RELATIONS[pair.relation] ?? [pair.relation, ""];
  const said = { excerpt: "A is contained in B", extended: "B is contained in A" }[pair.relation] ?? meaning;
  const took = { "a-to-b": [1, 0], "b-to-a": [0, 1] }[pair.direction];
  const from = !joins(pair.relation) ? null : took ? ["; ", name(took[0]), " took it from ", name(took[1]), ` (${reasonOf(pair)})`] : [`; ${reasonOf(pair)}`];
  return el("p", { class: "verdict" }, relationChip(pair.relation, pair.score), " ", el("b", {}, relation[0].toUpperCase() + relation.slice(1)), `: ${said}`, from, ".", pair.cut && " The level would join the two; linkage kept their groups apart.");
}

/** Words of the one beside those of the other that say the same. */
function matchedWords(pair) {
  if (!pair.matched?.length) return null;
  return el("ul", { class: "matched", "aria-label": "Words that say the same" }, pair.matched.map(({ a, b }) => el("li", {}, el("bdi", {}, a), " ~ ", el("bdi", {}, b))));
}

/** Exact measures as bars. */
function measures(pair) {
  const bar = (name, value, title) => el("div", { class: "measure", title }, el("dt", {}, name), el("dd", {}, share(value, title)));
  return el("dl", { class: "measures" },
    bar("Jaccard", pair.jaccard, "word runs in both, of those in either"),
    bar("A in B", pair.containment_a, "word runs of A that B has"),
    bar("B in A", pair.containment_b, "word runs of B that A has"));
}

/** Each signal, what it is worth here, and the sum. */
function signals(pair, model) {
  const { values, start } = pair.signals;
  const rows = model.map(([name, weight], i) => ({ name, value: values[i], weight, moved: values[i] * weight })).filter(({ moved }) => Math.abs(moved) >= 0.005).sort((x, y) => Math.abs(y.moved) - Math.abs(x.moved));
  const most = Math.max(1, ...rows.map(({ moved }) => Math.abs(moved)), Math.abs(start ?? 0));
  const bar = (moved) => el("span", { class: `moved ${moved < 0 ? "against" : "for"}`, "aria-hidden": "true", vars: { "--moved": Math.abs(moved) / most } });
  const row = (name, why, sum, moved) => el("tr", {}, el("th", { scope: "row" }, name, el("span", { class: "muted small" }, why)), el("td", { class: "sum" }, sum), el("td", { class: "bars" }, bar(moved)), el("td", { class: "amount" }, signed(moved)));
  const total = start === undefined ? null : rows.reduce((sum, { moved }) => sum + moved, start);
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Signals" }, el("table", { class: "signals" },
    el("caption", { class: "unseen" }, "What each signal moved the odds by"),
    el("thead", {}, el("tr", {}, ["Signal", "Value × weight", "Against, for", "Moves the odds by"].map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, start !== undefined && row("before any evidence", "how rare versions are", "", start), rows.map(({ name, value, weight, moved }) => row(name, SIGNALS[name] ?? "", `${two(value)} × ${two(weight)}`, moved))),
    total !== null && el("tfoot", {}, el("tr", {}, el("th", { scope: "row" }, "Together"), el("td", {}, ""), el("td", {}, ""), el("td", { class: "amount" }, signed(total), el("span", { class: "muted small" }, ` → probability ${certainty(pair.score)}`))))));
}

/** The evidence of a pair. */
function evidence(pair, members, model) {
  if (pair.relation === undefined) return null;
  const alone = {
    identical: "Both have the same words in the same order: nothing else needs weighing.",
    copy: "The exact measure decides: so much of both is the same that no other evidence is needed.",
  }[pair.relation];
  const decided = pair.signals && pair.signals.start !== undefined;
  const across = pair.relation === "translation";
  return el("section", { class: "evidence" }, el("h2", {}, "Evidence"),
    el("p", { class: "muted" }, alone ?? (across ? "The two are in different languages: what their words mean, their names and their numbers decide. Shares of text cannot be compared." : decided ? "Word runs say how much is copied; the signals below, added up, say how likely both are versions of one report." : pair.signals ? "A notice is tied by the headline it names; the signals are shown, but did not decide." : ["version", "taken-back"].includes(pair.reason) ? "What the sender says ties the two, or the measures below; no other signal was weighed." : "The measures below decide; no other signal was weighed.")),
    across ? matchedWords(pair) : measures(pair), pair.signals && !alone && !across && signals(pair, model));
}
