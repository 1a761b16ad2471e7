// From two stories to a page with both texts side by side, and the evidence below.

/** Both panes scroll together: what is in the middle of one comes to the middle of the other. */
function inStep(panes, passages) {
  let leader = panes.a;
  const anchors = () => {
    const middle = (pane, number) => {
      const mark = pane.querySelector(`mark[data-number="${number}"]`);
      return mark.offsetTop - pane.firstElementChild.offsetTop + mark.offsetHeight / 2;
    };
    // Passages that moved cannot be in step with the rest.
    const kept = [];
    for (const { number } of passages) {
      const [a, b] = [middle(panes.a, number), middle(panes.b, number)];
      const last = kept.at(-1);
      if (!last || (a > last.a && b > last.b)) kept.push({ a, b });
    }
    return [{ a: 0, b: 0 }, ...kept, { a: panes.a.scrollHeight, b: panes.b.scrollHeight }];
  };
  const follow = () => {
    const [from, to] = leader === panes.a ? ["a", "b"] : ["b", "a"];
    const points = anchors();
    const half = panes[from].clientHeight / 2;
    const top = panes[from].scrollTop;
    const full = panes[from].scrollHeight - panes[from].clientHeight;
    const end = panes[to].scrollHeight - panes[to].clientHeight;
    if (top <= 2) return void (panes[to].scrollTop = 0);
    if (top >= full - 2) return void (panes[to].scrollTop = end);
    const middle = top + half;
    const i = Math.max(1, points.findIndex((point) => point[from] >= middle));
    const [x, y] = [points[i - 1], points[i]];
    const part = y[from] > x[from] ? (middle - x[from]) / (y[from] - x[from]) : 0;
    panes[to].scrollTop = x[to] + part * (y[to] - x[to]) - panes[to].clientHeight / 2;
  };
  for (const pane of [panes.a, panes.b]) {
    ["pointerenter", "wheel", "touchstart", "focusin", "keydown"].forEach((name) => pane.addEventListener(name, () => (leader = pane), { passive: true }));
    let asked = false;
    pane.addEventListener("scroll", () => {
      if (pane !== leader || asked) return;
      asked = true;
      requestAnimationFrame(() => { asked = false; follow(); });
    }, { passive: true });
  }
  return { lead: (pane) => (leader = pane) };
}

/** One of the two texts. */
function pane(member, letter, found, href) {
  const text = member.body === undefined
    ? [el("p", { class: "muted" }, "The text is not in this file.")]
    : marked(member.body, found, member.furniture ?? []);
  return el("section", { class: "pane", "aria-label": `${letter}: ${member.source || member.id}`, lang: languageTag(member.language) },
    el("header", {}, el("span", { class: "letter", "aria-hidden": "true" }, letter), el("div", {}, el("h2", { dir: "auto" }, told(member.headline || member.id)), el("p", { class: "meta" }, whoAndWhen(member), printedAt(member.url) && [" · ", printedLink(member)], member.marker && [" ", el("span", { class: "chip plain" }, told(member.marker))], (member.flags ?? []).map((flag) => [" ", flagChip(flag)])))),
    el("div", { class: "text", tabindex: 0, role: "region", "aria-label": `Text of ${letter}` }, el("div", {}, text)));
}

/** Members that a menu offers. */
const OFFERED = 500;

/** A menu of the members of a report, to put another one on this side. */
function chooser(members, chosen, other, label, go) {
  const offered = new Set([...members.keys()].slice(0, OFFERED)).add(chosen).add(other);
  const select = el("select", { "aria-label": label, onchange: () => go(Number(select.value)) }, [...offered].map((place) => [members[place], place]).map(([member, place]) => el("option", { value: place, selected: place === chosen, disabled: place === other }, `${place + 1}  ${member.source || member.id}${member.time === null ? "" : ` – ${dayOf(member.time)}${member.day ? "" : `, ${clock(member.time)}`}`}`)));
  return select;
}

function legend(hasPassages) {
  if (!hasPassages) return null;
  return el("ul", { class: "legend" },
    el("li", {}, el("mark", { class: "verbatim hue-0" }, el("sup", { class: "number" }, "1"), "word for word"), ", numbered on both sides"),
    el("li", {}, el("span", { class: "edited hue-0" }, "edited"), " between two of them"),
    el("li", {}, el("span", { class: "furniture" }, "furniture"), ", not compared"));
}

/**
 * The view of members `a` and `b` (from 0) of `detail`; `where` has the way back and makes the
 * address of two members. It may have something in place of the bar to mark them (null for nothing),
 * and other keys for the passages before and after.
 */
function pairView(detail, a, b, model, where) {
  const pair = oriented(detail, a, b);
  const members = [detail.members[pair.a], detail.members[pair.b]];
  const { passages } = pair;
  const sides = stretches(passages, { a: members[0].body ?? "", b: members[1].body ?? "" });
  const panes = { a: pane(members[0], "A", sides.a), b: pane(members[1], "B", sides.b) };
  const texts = { a: panes.a.querySelector(".text"), b: panes.b.querySelector(".text") };
  let now = 0;
  let step;
  const counter = el("output", {}, passages.length ? count(passages.length, "shared passage") : pair.aligned ? "no shared passage" : "not aligned");
  const show = (number, calm) => {
    now = number;
    for (const side of ["a", "b"]) {
      texts[side].querySelectorAll(".chosen").forEach((node) => node.classList.remove("chosen"));
      const marks = [...texts[side].querySelectorAll(`[data-number="${number}"]`)];
      marks.forEach((node) => node.classList.add("chosen"));
      if (marks[0] && !calm) {
        step.lead(null);
        const first = marks[0].getBoundingClientRect();
        const box = texts[side].getBoundingClientRect();
        texts[side].scrollTop += first.top - box.top - box.height / 3;
      }
    }
    counter.textContent = `passage ${number} of ${passages.length}`;
  };
  const [before, after] = where.steps ?? ["p", "n"];
  const go = (by) => () => passages.length && show(((now - 1 + by + passages.length) % passages.length) + 1);
  for (const side of ["a", "b"]) {
    texts[side].addEventListener("click", (event) => {
      const mark = event.target.closest("[data-number]");
      if (mark && String(getSelection()) === "") show(Number(mark.dataset.number));
    });
    texts[side].addEventListener("pointerover", (event) => {
      const number = event.target.closest("[data-number]")?.dataset.number;
      for (const one of ["a", "b"]) texts[one].querySelectorAll("[data-number]").forEach((node) => node.classList.toggle("under", node.dataset.number === number));
    });
  }
  const bar = el("div", { class: "pair-bar" },
    detail.members.length > 2 && el("div", { class: "choosers" },
      el("label", {}, el("span", { class: "letter", "aria-hidden": "true" }, "A"), chooser(detail.members, pair.a, pair.b, "Story A", (place) => (location.hash = where.href(place, pair.b)))),
      el("label", {}, el("span", { class: "letter", "aria-hidden": "true" }, "B"), chooser(detail.members, pair.b, pair.a, "Story B", (place) => (location.hash = where.href(pair.a, place))))),
    legend(passages.length),
    where.changes && el("a", { class: "button", href: where.changes(pair.a, pair.b) }, "What changed"),
    el("div", { class: "stepper" }, el("button", { type: "button", onclick: go(-1), disabled: !passages.length, title: `passage before (${before})` }, "‹", unseen(" passage before")), counter, el("button", { type: "button", onclick: go(1), disabled: !passages.length, title: `next passage (${after})` }, "›", unseen(" next passage"))));
  const node = el("article", { class: "pair" }, crumbs(...where.crumbs), el("h1", { class: "unseen" }, "Two stories side by side"), verdict(pair, members), where.marking === undefined ? markBar(members, !pair.cut && joins(pair.relation)) : where.marking, bar, el("div", { class: "panes" }, panes.a, panes.b), evidence(pair, members, model));
  return {
    node,
    title: members.map((member) => member.source || member.id).join(" · "),
    shown: () => { step = passages.length ? inStep(texts, passages) : { lead() {} }; },
    keys: { [after]: go(1), [before]: go(-1), Escape: () => (location.hash = where.back) },
  };
}
