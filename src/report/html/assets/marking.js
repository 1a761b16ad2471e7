// From what a reader marks to labels, as `dedup eval` and `dedup fit` read them.

/** A pair, whichever of the two is named first. */
const pairKey = ({ a, b }) => JSON.stringify(a < b ? [a, b] : [b, a]);

/** What a label says of how the pair is what it is: no longer true once it is the other. */
const NAMES = ["kind", "relation", "grade"];

/**
 * A label as it is after a mark. Its weight and all else that it says stay, but for doubt, which is
 * the marker's own, and, where the label changed, the names of what the pair was.
 */
function markedLabel(said, mark) {
  const stale = mark.label === said.label ? ["doubt"] : ["doubt", ...NAMES];
  const kept = Object.entries(said).filter(([name]) => !stale.includes(name));
  return { ...Object.fromEntries(kept), label: mark.label, ...(mark.doubt && { doubt: true }) };
}

/** Marks by pair, under a name by which the browser keeps them, if it lets a page keep anything. */
function marksKept(name) {
  const read = () => { try { return JSON.parse(localStorage.getItem(name)) ?? []; } catch { return []; } };
  const marks = new Map(read());
  let isKept = true;
  const keep = () => { try { localStorage.setItem(name, JSON.stringify([...marks])); } catch { isKept = false; } };
  // Where nothing is kept, marks end with the page.
  addEventListener("beforeunload", (event) => marks.size && !isKept && event.preventDefault());
  return {
    of: (label) => marks.get(pairKey(label)),
    count: () => marks.size,
    labels: () => [...marks].map(([pair, mark]) => {
      const [a, b] = JSON.parse(pair);
      return markedLabel({ a, b }, mark);
    }),
    set(label, mark) {
      mark ? marks.set(pairKey(label), mark) : marks.delete(pairKey(label));
      keep();
    },
  };
}

let silence;

/** A sentence in the corner, for a while. */
function mention(text) {
  announce(text);
  clearTimeout(silence);
  silence = setTimeout(() => announce(""), 4000);
}

/** What a reader can say of a pair; said once more it is taken back. */
const MARKS = {
  y: { name: "Right", words: "one report", next: (mark) => (mark?.label === 1 ? undefined : { label: 1, doubt: mark?.doubt ?? false }), is: (mark) => mark?.label === 1 },
  n: { name: "Wrong", words: "two reports", next: (mark) => (mark?.label === 0 ? undefined : { label: 0, doubt: mark?.doubt ?? false }), is: (mark) => mark?.label === 0 },
  d: { name: "Doubt", words: "hard to say", next: (mark, said) => ({ label: mark?.label ?? said.label, doubt: !mark?.doubt }), is: (mark) => Boolean(mark?.doubt) },
};

/** Buttons to mark a pair of which `said` is held so far; `press` does what the button of a key does. */
function markButtons(said, marks, changed) {
  const buttons = new Map();
  const show = () => buttons.forEach((button, key) => button.setAttribute("aria-pressed", String(MARKS[key].is(marks.of(said)))));
  const press = (key) => () => {
    marks.set(said, MARKS[key].next(marks.of(said), said));
    show();
    const mark = marks.of(said);
    mention(mark ? `Marked ${mark.label ? "one report" : "two reports"}${mark.doubt ? ", in doubt" : ""}.` : "Mark taken back.");
    changed();
  };
  for (const [key, { name, words }] of Object.entries(MARKS)) {
    buttons.set(key, el("button", { type: "button", class: `marking ${key}`, onclick: press(key) }, el("b", {}, name), ` ${words}`));
  }
  show();
  return { node: el("div", { class: "markings", role: "group", "aria-label": "Are both versions of one report?" }, [...buttons.values()]), press };
}

/** Labels as a file, one a line. */
function saveLabels(labels, name) {
  save(labels.map((label) => `${JSON.stringify(label)}\n`), name, "application/jsonl");
  mention(`Saved ${count(labels.length, "label")} as ${name}.`);
}

/** The marks of a page that was made without labels: of all its pairs, and of the next page at this address. */
let marksHere;

/** A bar to mark two stories of which the result says that they are joined, or not; and to save what was marked. */
function markBar([a, b], joined) {
  marksHere ??= marksKept(`dedup-marks ${location.pathname}`);
  const said = { a: a.id, b: b.id, label: Number(joined) };
  const saving = el("button", { type: "button", class: "link", onclick: () => saveLabels(marksHere.labels(), "labels.jsonl") });
  const show = () => {
    saving.hidden = marksHere.count() === 0;
    saving.textContent = `Export ${count(marksHere.count(), "label")}`;
  };
  show();
  return el("div", { class: "mark-bar" }, el("span", { class: "muted" }, "Versions of one report?"), markButtons(said, marksHere, show).node, saving);
}
