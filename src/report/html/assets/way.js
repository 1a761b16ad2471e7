// From the printings of a passage to its page: who printed it first, who after, and what each made
// of it.

/** Printings that are drawn together, once they come near. */
const TOGETHER = 20;
/** Changed words up to which two stretches are compared word by word. */
const UNLIKE = 300;
/** Words that one printing lacks and that are still shown, struck. */
const LACKED = 40;
/** Printings that go on paper. */
const ON_PAPER = 2000;

const BROKEN = /[-¬⸗\u00AD]\s*\n\s*/g;
const STRETCH_TOKENS = /\s+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}\p{M}]+(?:(?:[.,:’'‑-]|[-¬⸗\u00AD]\s*\n\s*)[\p{L}\p{N}\p{M}]+)*|[^\s]/gu;

/** Words and marks of a stretch, each with the space before it; a word broken at a line end is one. */
function stretchWords(text) {
  const words = [];
  let space = "";
  for (const [token] of asPrinted(text).matchAll(STRETCH_TOKENS)) {
    if (/^\s/.test(token)) {
      space = " ";
    } else {
      words.push({ text: token.replace(BROKEN, ""), key: plainly(token.replace(BROKEN, "")).toLowerCase(), space });
      space = "";
    }
  }
  return words;
}

/** What differs from `base`: runs of words, and how many words differ; no runs where too much does. */
function comparedWith(base, printing) {
  const [was, is] = [stretchWords(base.text), stretchWords(printing.text)];
  const runs = runsBetween(was, is, UNLIKE);
  const words = (run) => (run && run.kind !== "same" ? run.words.filter(isWord).length : 0);
  const number = runs.reduce((sum, run, i) => sum + (run.kind === "in" && runs[i - 1]?.kind === "out" ? Math.max(0, words(run) - words(runs[i - 1])) : words(run)), 0);
  const isUnlike = !runs.some((run) => run.kind === "same");
  return { runs: isUnlike ? null : runs, number };
}

const joined = (words) => words.map((word, i) => (i ? word.space : "") + word.text).join("");

/** Runs as text: struck what the base alone has, underlined what this one alone has. */
function differing(runs) {
  return runs.flatMap(({ kind, words }, i) => {
    const text = joined(words);
    // A word that comes first in its stretch has no space before it, whatever is struck there.
    const space = words[0].space || (i > 0 && isWord(words[0]) && isWord(runs[i - 1].words.at(-1)) ? " " : "");
    const shown = {
      same: () => text,
      in: () => el("ins", {}, unseen("[here: "), text, unseen("]")),
      out: () => (words.length > LACKED ? el("span", { class: "muted lacked" }, `[${count(words.filter(isWord).length, "word")} not here]`) : el("del", {}, unseen("[not here: "), text, unseen("]"))),
    }[kind]();
    return [space, shown];
  });
}

/** Places of those that may have been first: a day may begin with any hour of it. */
function firstsOf(printings) {
  const dated = printings.map((printing, place) => ({ ...printing, place })).filter(({ time }) => time !== null);
  const latest = ({ time, day }) => (day ? time + 86399 : time);
  const edge = Math.min(...dated.map(latest));
  return new Set(dated.filter(({ time }) => time <= edge).map(({ place }) => place));
}

/** How long after the first, as far as it is known. */
function after(printing, first) {
  if (printing.time === null || first.time === null) return null;
  if (printing.day || first.day) {
    const days = Math.round((Math.floor(printing.time / 86400) - Math.floor(first.time / 86400)));
    return days > 0 ? `${count(days, "day")} later` : "the same day";
  }
  return printing.time > first.time ? `${lasting(printing.time - first.time)} later` : "at the same time";
}

/** Rows in the flow of the page, drawn only near what is in sight. */
class Printings {
  constructor(name, places, row, size) {
    this.node = el("div", { class: "printings", role: "list", "aria-label": name });
    this.row = row;
    this.parts = [];
    for (let from = 0; from < places.length; from += TOGETHER) {
      const part = { places: places.slice(from, from + TOGETHER), node: el("div", { class: "part" }), drawn: false };
      part.node.style.setProperty("height", `${part.places.reduce((sum, place) => sum + size(place), 0)}px`);
      this.parts.push(part);
      this.node.append(part.node);
    }
    this.watch = new IntersectionObserver((seen) => seen.forEach(({ target, isIntersecting }) => {
      const part = this.parts.find(({ node }) => node === target);
      isIntersecting ? this.draw(part) : this.clear(part);
    }), { rootMargin: "900px 0px" });
    if (this.parts.length > 0) this.draw(this.parts[0]);
    this.parts.forEach(({ node }) => this.watch.observe(node));
  }

  draw(part) {
    if (part.drawn) return;
    part.drawn = true;
    part.node.replaceChildren(...part.places.map(this.row));
    part.node.style.removeProperty("height");
  }

  /** What is far away is as tall as it was, and empty. */
  clear(part) {
    if (!part.drawn || this.isPrinting || part.node.contains(document.activeElement)) return;
    part.node.style.setProperty("height", `${part.node.offsetHeight}px`);
    part.node.replaceChildren();
    part.drawn = false;
  }

  /** The row of a place, drawn with what is around it. */
  at(place) {
    const i = this.parts.findIndex(({ places }) => places.includes(place));
    if (i < 0) return null;
    this.parts.slice(Math.max(0, i - 1), i + 2).forEach((part) => this.draw(part));
    return this.parts[i].node.querySelector(`[data-place="${place}"]`);
  }

  print(on) {
    this.isPrinting = on;
    let left = ON_PAPER;
    if (on) this.parts.filter((part) => (left -= part.places.length) >= -TOGETHER).forEach((part) => this.draw(part));
  }
}

/** What the address says of this page: with which printing the others are compared, and where one is. */
function placesInAddress(of) {
  const given = new URLSearchParams(location.hash.split("?")[1] ?? "");
  const place = (name) => (/^\d+$/.test(given.get(name) ?? "") && given.get(name) >= 1 && given.get(name) <= of ? Number(given.get(name)) - 1 : undefined);
  return { base: place("with") ?? 0, here: place("at") };
}

function addressOf(number, base, here) {
  const given = new URLSearchParams();
  if (base) given.append("with", base + 1);
  if (here !== undefined) given.append("at", here + 1);
  return `#/passage/${number}${given.size ? `?${given}` : ""}`;
}

const nameOfPrinting = (printing) => asPrinted(printing.source || printing.id);

/** One printing: who, when, under which title, and what it made of the passage. */
function printingRow(place, { printings, base, firsts, number }) {
  const printing = printings[place];
  const isFirst = firsts.has(place);
  const first = printings[0];
  const found = place === base ? null : comparedWith(printings[base], printing);
  const later = !isFirst && after(printing, first);
  const said = place === base ? el("span", { class: "muted small" }, "the others are compared with this one") : el("span", { class: `chip ${found.number ? "differs" : "same"}` }, found.runs === null ? "hardly a word the same" : found.number ? `${count(found.number, "word")} ${found.number === 1 ? "differs" : "differ"}` : "word for word");
  const title = printing.headline || printing.id;
  return el("div", { class: `printing${place === base ? " reference" : ""}`, role: "listitem", "aria-setsize": printings.length, "aria-posinset": place + 1, "data-place": place },
    el("div", { class: "printing-head" },
      el("span", { class: "nth", "aria-hidden": "true" }, printing.time === null ? "–" : whole.format(place + 1)),
      printing.source ? told(asPrinted(printing.source), "source") : el("span", { class: "muted" }, "outlet unknown"),
      printing.time === null ? el("span", { class: "muted" }, "no date") : moment(printing.time, printing.day), later && el("span", { class: "muted" }, later),
      isFirst && el("span", { class: "chip kept" }, firsts.size === 1 ? "printed first" : "among the first"), said),
    el("div", { class: "printing-title" }, el("a", { href: `#/passages/story/${printing.story + 1}?passage=${number}`, class: "version" }, told(asPrinted(title), "headline", printing.language)),
      el("span", { class: "meta" }, printing.headline && [" ", el("code", {}, told(asPrinted(printing.id)))], printedAt(printing.url) && [" ", printedLink(printing)], printing.report !== undefined && [" ", el("a", { href: `#/report/${printing.report + 1}` }, `report ${whole.format(printing.report + 1)}`)])),
    el("p", { class: "stretch", dir: "auto", lang: languageTag(printing.language) }, found?.runs ? differing(found.runs) : joined(stretchWords(printing.text))),
    place !== base && el("a", { class: "small compare", href: addressOf(number, place, place) }, "Compare the others with this one", unseen(`: ${nameOfPrinting(printing)}`)));
}

/** Who printed it first, as far as that is known. */
function firstPrinter(printings, firsts, undated) {
  if (firsts.size === 0) return el("span", { class: "muted" }, "no printing has a date");
  const first = printings[0];
  if (firsts.size > 3) return `one of ${whole.format(firsts.size)} that no hour tells apart`;
  if (firsts.size > 1) return [...[...firsts].flatMap((place, i) => [i ? " or " : "", told(nameOfPrinting(printings[place]))]), el("span", { class: "muted" }, ": no hour tells them apart")];
  return [told(nameOfPrinting(first)), ", ", moment(first.time, first.day), undated > 0 && el("span", { class: "muted" }, " of those with a date")];
}

/** The view of a passage; `row` is what the list says of it. */
function wayView({ printings }, row, kind, { before, after: next }) {
  const { number } = row;
  const { base, here } = placesInAddress(printings.length);
  const firsts = firstsOf(printings);
  const given = { printings, base, firsts, number };
  const places = [...printings.keys()];
  const dated = places.filter((place) => printings[place].time !== null);
  const undated = places.filter((place) => printings[place].time === null);
  const size = (place) => 104 + 27 * Math.ceil(printings[place].text.length / Math.max(30, Math.min(innerWidth, 1180) / 9));
  const list = (name, some) => new Printings(name, some, (place) => printingRow(place, given), size);
  const lists = [list("Printings in the order of time", dated), list("Printings without a date", undated)];
  const drawing = el("div", { class: "drawing" });
  const key = courseKey(dated.map((place) => printings[place]), firsts);
  const time = el("section", {}, el("h2", {}, "In time"), key, drawing);
  const draw = () => {
    const drawn = course(printings, Math.max(280, drawing.clientWidth), firsts, (place) => addressOf(number, base, place));
    time.hidden = !drawn;
    if (!drawn) return;
    key.hidden = !drawn.classList.contains("course");
    drawing.replaceChildren(drawn);
  };
  const go = (to) => () => to && (location.hash = to);
  const show = (place) => {
    const node = lists.map((one) => one.at(place)).find(Boolean);
    const link = node?.querySelector(".version");
    link?.focus({ preventScroll: true });
    node?.scrollIntoView({ block: "nearest" });
    return node;
  };
  const step = (by) => () => {
    const now = document.activeElement?.closest?.(".printing");
    const place = now ? Number(now.dataset.place) + by : 0;
    if (place < 0 || place >= printings.length) return;
    show(place);
    history.replaceState(null, "", addressOf(number, base, place));
  };
  const differ = el("ul", { class: "legend" }, el("li", {}, el("ins", {}, "underlined"), ": only here"), el("li", {}, el("del", {}, "struck"), ": only in ", told(shortened(nameOfPrinting(printings[base]), 50)), ", with which it is compared"));
  const fact = (name, ...value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));
  const title = opening(row.text, 110);
  const node = el("article", { class: "way" },
    crumbs(["Passages", kind.base], [`Passage ${whole.format(number)}`]),
    el("h1", {}, told(title, undefined, row.language)),
    el("dl", { class: "facts-row" }, fact("Printings", whole.format(row.printings)), fact("Outlets", row.outlets ? whole.format(row.outlets) : "not known"), fact("Printed first", firstPrinter(printings, firsts, undated.length)),
      row.last > row.first && fact("On its way for", lasting(row.last - row.first)), undated.length > 0 && fact("Without a date", whole.format(undated.length)), fact("Words", whole.format(row.words))),
    time,
    el("section", {}, el("h2", {}, "Printings"), differ, lists[0].node),
    undated.length > 0 && el("section", { class: "undated" }, el("h2", {}, "Without a date"), dated.length > 0 && el("p", { class: "muted" }, "Any of these may be earlier than those above."), lists[1].node),
    printings.length > ON_PAPER && el("p", { class: "muted small paper" }, `The first ${whole.format(ON_PAPER)} of ${whole.format(printings.length)} printings.`),
    el("p", { class: "stepper" }, before && el("a", { href: `#/passage/${before}`, rel: "prev" }, "← Passage before"), next && el("a", { href: `#/passage/${next}`, rel: "next" }, "Next passage →")));
  return {
    node, title,
    shown() {
      draw();
      if (here !== undefined) show(here)?.scrollIntoView({ block: "center" });
    },
    resized: draw,
    printing: (on) => lists.forEach((one) => one.print(on)),
    keys: { j: step(1), k: step(-1), Escape: go(kind.base), "]": go(next && `#/passage/${next}`), "[": go(before && `#/passage/${before}`) },
  };
}
