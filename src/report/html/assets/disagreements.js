// From pairs in which a result and labels differ to a list and to each pair side by side, to be
// marked by a reader.

const MARK_KEYS = [["j  k", "next, previous pair"], ["Enter", "open"], ["y", "right: one report"], ["n", "wrong: two reports"], ["d", "in doubt"], ["[  ]", "previous, next passage"], ["Esc", "back to the list"], ["t", "light or dark"], ["?", "this help"]];

const FAULTS = {
  "false-join": ["false join", "joined, though the label says two reports", "bad"],
  miss: ["miss", "not joined, though the label says one report", "warn"],
};

/** Which pairs the list may show. */
const CHOICES = {
  all: ["All", () => true],
  joins: ["False joins", (row) => row.fault === "false-join"],
  misses: ["Misses", (row) => row.fault === "miss"],
  open: ["Not marked yet", (row, marks) => !marks.of(row.label)],
  marked: ["Marked", (row, marks) => Boolean(marks.of(row.label))],
  doubt: ["In doubt", (row, marks) => marks.of(row.label)?.doubt ?? row.doubt],
};

const weighed = (weight) => whole.format(Number(weight.toFixed(2)));

/** What a label says beside its verdict: kind, note and whatever else. */
function labelNotes({ a, b, label, weight, doubt, ...rest }) {
  return Object.entries(rest).map(([name, value]) => [el("span", { class: "muted" }, `${name} `), told(typeof value === "string" ? value : JSON.stringify(value))]);
}

function whatLabelSays(row) {
  const said = row.listed ? (row.label.label ? "one report" : "two reports") : "nothing; where labels are closed that means two reports";
  const parts = [[el("b", {}, said)], row.doubt && ["in doubt"], ["weight ", weighed(row.label.weight ?? 1)], ...labelNotes(row.label)];
  return parts.filter(Boolean).flatMap((part, i) => (i ? [" · ", ...part] : part));
}

function whatRunSays(row) {
  const tie = row.relation ? relationChip(row.relation, row.score) : "nothing ties them";
  if (!row.compared) return [el("b", {}, "not joined"), ": never compared; by themselves ", tie];
  return [el("b", {}, row.fault === "false-join" ? "joined" : "not joined"), ": ", tie, row.cut && " · cut by linkage", row.together !== (row.fault === "false-join") && (row.together ? " · in one cluster through others" : " · in two clusters")];
}

function faultChip(row) {
  const [name, meaning, kind] = FAULTS[row.fault];
  return el("span", { class: `chip flag ${kind}`, title: meaning }, name);
}

/** Label and result, one above the other. */
function bothSay(row) {
  return el("dl", { class: "both-say" }, el("div", {}, el("dt", {}, "Label"), el("dd", {}, whatLabelSays(row))), el("div", {}, el("dt", {}, "Run"), el("dd", {}, whatRunSays(row))));
}

/** What the result came to, and how far the reader has come. */
function headStrip(summary, marks) {
  const item = (n, words) => el("li", {}, el("b", {}, n), ` ${words}`);
  const fault = ([n, weight], one, many) => item(whole.format(n), `${n === 1 ? one : many}${n ? `, weight ${weighed(weight)}` : ""}`);
  const marked = el("b", {}, whole.format(marks.count()));
  const node = el("ul", { class: "strip", "aria-label": "Result and labels" }, item(whole.format(summary.labelled), "labelled pairs"), fault(summary.false_joins, "false join", "false joins"), fault(summary.misses, "miss", "misses"), item(two(summary.precision), "precision"), item(two(summary.recall), "recall"), item(two(summary.f1), "F1"), el("li", {}, marked, " marked"), el("li", { class: "setting" }, `dedup ${summary.version}`));
  return { node, show: () => (marked.textContent = whole.format(marks.count())) };
}

/** A menu that saves labels: those that were marked, or all with the marks put in. */
function labelMenu(rows, marks, labels) {
  const changed = (label) => (marks.of(label) ? markedLabel(label, marks.of(label)) : label);
  const mine = () => rows.filter(({ label }) => marks.of(label));
  const run = (gather, file) => () => {
    menu.open = false;
    saveLabels(gather(), file);
  };
  const all = () => [...labels().map(changed), ...mine().filter(({ listed }) => !listed).map(({ label }) => changed(label))];
  const item = (name, gather, file) => el("li", {}, el("button", { type: "button", onclick: run(gather, file) }, name));
  const menu = el("details", { class: "menu export" }, el("summary", {}, "Export labels"), el("ul", {}, item("Marked pairs", () => mine().map(({ label }) => changed(label)), "marks.jsonl"), item("All labels, with marks", all, "labels.jsonl")));
  return menu;
}

function disagreementRow(row, place, { model, marks, changed }) {
  const side = (story) => el("div", { class: "side" }, told(story.headline || story.id, "headline", story.language), el("div", { class: "meta" }, whoAndWhen(story)));
  const buttons = markButtons(row.label, marks, changed);
  const node = el("li", { class: "apart disagreement", "data-place": place },
    el("div", { class: "stories" }, el("div", { class: "chips" }, faultChip(row), reasonsOf(row, model)), row.stories.map(side), bothSay(row)),
    el("div", { class: "facts" }, buttons.node, el("a", { class: "button open", href: `#/pair/${place + 1}` }, "Side by side", unseen(` ${row.stories.map((one) => one.headline || one.id).join(" and ")}`))));
  return { node, press: buttons.press };
}

function disagreementList({ summary, rows, labels, marks, state }) {
  const strip_ = headStrip(summary, marks);
  const list = el("ol", { class: "aparts" });
  const found = el("span", { class: "found", role: "status" });
  let made = [];
  const draw = () => {
    state.order = [...rows.keys()].filter((place) => CHOICES[state.shown][1](rows[place], marks));
    made = [];
    const more = () => {
      const next = state.order.slice(made.length, made.length + PAIRS);
      const added = next.map((place) => disagreementRow(rows[place], place, { model: summary.model, marks, changed: strip_.show }));
      made.push(...added);
      list.append(...added.map(({ node }) => node));
      button.hidden = made.length >= state.order.length;
    };
    const button = el("button", { type: "button", class: "link", onclick: more }, "Show more");
    list.replaceChildren();
    rest.replaceChildren(button);
    more();
    found.textContent = state.order.length === rows.length ? count(rows.length, "pair") : `${whole.format(state.order.length)} of ${count(rows.length, "pair")}`;
  };
  const rest = el("div", {});
  const select = el("select", { "aria-label": "Show", onchange: () => { state.shown = select.value; draw(); } }, Object.entries(CHOICES).map(([key, [name]]) => el("option", { value: key, selected: key === state.shown }, name)));
  const here = () => made.findIndex(({ node }) => node.contains(document.activeElement));
  const go = (by) => () => made[Math.min(made.length - 1, Math.max(0, here() + by))]?.node.querySelector(".open").focus();
  const mark = (key) => () => made[here()]?.press(key)();
  const node = el("article", {}, strip_.node,
    el("h1", {}, "Where result and labels differ"),
    el("p", { class: "lead" }, "The heaviest first. Say of each pair whether both are versions of one report; the labels that come of it are exported as eval and fit read them."),
    el("div", { class: "result" }, el("label", { class: "sort" }, "Show ", select), found, labelMenu(rows, marks, labels)),
    rows.length === 0 ? el("p", { class: "notice" }, "Nowhere: result and labels agree.") : list, rest,
    summary.left_out > 0 && el("p", { class: "muted" }, `${whole.format(summary.left_out)} lighter ones are not in this file.`));
  draw();
  return { node, title: "Disagreements", list: true, keys: { j: go(1), k: go(-1), y: mark("y"), n: mark("n"), d: mark("d") } };
}

/** Both texts of a pair, what label and run say of it, and buttons to mark it. */
async function disagreementView(n, { summary, rows, pair, marks, state }) {
  const row = rows[n - 1];
  if (!row) return missing();
  const order = state.order?.includes(n - 1) ? state.order : [...rows.keys()];
  const at_ = order.indexOf(n - 1);
  const to = (place) => () => place !== undefined && (location.hash = `#/pair/${place + 1}`);
  const detail = await pair(n - 1);
  const buttons = markButtons(row.label, marks, () => {});
  const link = (place, words) => (place === undefined ? el("span", { class: "muted" }, words) : el("a", { href: `#/pair/${place + 1}` }, words));
  const marking = el("div", { class: "judging" }, el("div", {}, faultChip(row), bothSay(row)), el("div", { class: "judging-tools" }, buttons.node, el("nav", { class: "turns", "aria-label": "Pairs" }, link(order[at_ - 1], "‹ Previous"), link(order[at_ + 1], "Next ›"))));
  const view = pairView(detail, 0, 1, summary.model, { crumbs: [["Disagreements", "#/"], [`Pair ${whole.format(at_ + 1)} of ${whole.format(order.length)}`]], back: "#/", href: () => `#/pair/${n}`, marking, steps: ["[", "]"] });
  const verdict_ = view.node.querySelector(".verdict");
  if (!row.relation) verdict_.textContent = row.compared ? "Nothing ties the two." : "The run never compared the two: they share too little that is rare. By themselves, too, nothing ties them.";
  else if (!row.compared) verdict_.prepend("The run never compared the two. By themselves: ");
  return { ...view, keys: { ...view.keys, j: to(order[at_ + 1]), k: to(order[at_ - 1]), y: buttons.press("y"), n: buttons.press("n"), d: buttons.press("d") } };
}

function startDisagreements() {
  const show = frame(MARK_KEYS);
  const [summary, rows] = [held("summary"), held("rows")];
  const page = { summary, rows, labels: () => held("labels"), pair: entries("pairs"), marks: marksKept(`dedup-marks-${summary.key}`), state: { shown: "all" } };
  const tab = el("a", { href: "#/", "data-tab": "#/" }, "Disagreements", el("span", { class: "count" }, whole.format(rows.length)));
  return show([tab], [[/^#?\/?$/, () => disagreementList(page)], [/^#\/pair\/(\d+)$/, (n) => disagreementView(n, page)]]);
}

startDisagreements().catch(unreadable);
