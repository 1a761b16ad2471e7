// From a pasted text or a dropped file to what it is a version of, with the evidence.

/** Hits that are listed before the rest is asked for. */
const HITS = 10;

const SEEN = {
  new: ["New", "no story of the index is a version of it"],
  identical: ["Known", "a story of the index has the same words"],
  version: ["A version", "of a report that the index knows"],
};

/** A stored hit as a row. */
function hitOf(hit) {
  return el("tr", {},
    el("th", { scope: "row" }, el("a", { href: `#/id/${part(hit.id)}` }, el("code", {}, told(hit.id))), el("div", { class: "meta" }, whoAndWhen({ source: hit.source, ...timed(hit.time) }))),
    el("td", { "data-name": "Relation" }, relationChip(hit.relation, hit.score)),
    el("td", { "data-name": "Jaccard" }, share(hit.jaccard, "word runs in both, of those in either")),
    el("td", { "data-name": "Found in it" }, share(hit.containment_a, "of what was looked for is in it")),
    el("td", { "data-name": "Of it found" }, share(hit.containment_b, "of it is in what was looked for")));
}

function hitsOf(answer) {
  if (answer.hits.length < 2) return null;
  const body = el("tbody", {}, answer.hits.slice(0, HITS).map(hitOf));
  const rest = answer.hits.slice(HITS);
  const more = rest.length > 0 && el("button", { type: "button", class: "link", onclick: (event) => { event.target.remove(); body.append(...rest.map(hitOf)); } }, `Show ${whole.format(rest.length)} more`);
  return el("section", {}, el("h2", {}, "Versions in the index", el("span", { class: "muted" }, ` ${whole.format(answer.hits_in_all)}`)),
    el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Versions in the index" }, el("table", { class: "versions hits" },
      el("thead", {}, el("tr", {}, ["Story", "Relation", "Jaccard", "Found in it", "Of it found"].map((name) => el("th", { scope: "col" }, name)))), body)), more);
}

/** What a desk must not miss of a report that is known: that it was taken back or put right. */
function standingOf(report) {
  const has = (flag) => report?.flags.includes(flag);
  return [
    (has("kill") || has("killed")) && el("p", { class: "alarm bad" }, el("b", {}, "Killed. "), "The report was taken back by its source. Do not use it."),
    (has("corrected") || has("correction")) && el("p", { class: "alarm warn" }, el("b", {}, "Corrected. "), "Its source put the report right; compare with the latest version."),
  ].filter(Boolean);
}

/** Who had a report first, or who is known to have had it early. */
function firstOf(report) {
  if (!report || !report.sources.length) return null;
  const who = told(report.sources[0], "source");
  return el("p", { class: "first" }, report.origin === null ? "The earliest known is " : "Had it first: ", who, ", ", moment(report.first, report.day), `. ${count(report.size, "version")} at ${count(report.sources.length, "source")}.`);
}

/** Stories that hold a passage, the first first. */
function foundIn(found) {
  if (!found?.length) return null;
  const row = (story) => el("tr", {},
    el("th", { scope: "row" }, el("a", { href: `#/id/${part(story.id)}` }, told(story.headline || story.id, "headline")), el("div", { class: "meta" }, whoAndWhen({ source: story.source, ...timed(story.time) }), printedAt(story.url) && [" · ", printedLink(story)]), story.standing?.map(flagChip)),
    el("td", { "data-name": "Of the passage" }, share(story.share, "of the passage is in it")));
  return el("section", { class: "found-in" }, el("h2", {}, "Found in", el("span", { class: "muted" }, ` ${count(found.length, "story", "stories")}, first to last`)),
    el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Found in" }, el("table", { class: "versions hits" },
      el("thead", {}, el("tr", {}, ["Story", "Of the passage"].map((name) => el("th", { scope: "col" }, name)))), el("tbody", {}, found.map(row)))));
}

/** Words up to which a text that is new may be looked for word by word. */
const FEW_WORDS = 30;

/** The way to the reports that hold the words of a short text. */
function byWords({ body }) {
  const words = typeof body === "string" ? body.trim().split(/\s+/u) : [];
  return words.length > 0 && words.length <= FEW_WORDS && el("a", { class: "button", href: `#/?q=${part(words.join(" "))}` }, "Look for its words in the reports");
}

/** What is said of one story. */
function answerOf(answer, model, add, words) {
  const [word, meaning] = answer.found_in?.length ? ["Found", "the passage stands in stories of the index"] : SEEN[answer.answer];
  const page = answer.page;
  const pair = page && pairView(page, 0, 1, model, { crumbs: [], back: "#/search", href: () => "#/search", marking: null });
  const closest = page?.members[0];
  const report = answer.number === null ? null : answer.cluster === null ? `#/story/${answer.number}` : `#/report/${answer.number}`;
  const node = el("section", { class: `answer ${answer.answer}` },
    el("div", { class: "said" },
      el("p", { class: "word" }, el("b", {}, word), ` – ${meaning}.`),
      standingOf(answer.report), firstOf(answer.report),
      closest && el("p", {}, "The closest is ", el("a", { href: `#/id/${part(closest.id)}` }, told(closest.headline || closest.id, "headline")), ", ", whoAndWhen(closest), "."),
      (report || add || words) && el("p", { class: "asks" }, !report && !answer.found_in?.length && words, report && el("a", { class: "button", href: report }, answer.cluster === null ? "Open the story" : "Open the report"), add)),
    pair && el("div", { class: "searched" }, pair.node), hitsOf(answer), foundIn(answer.found_in));
  return { node, pair };
}

/** Asks for a token; gives whether there is one now. */
function askForToken(words) {
  return new Promise((done) => {
    const field = el("input", { type: "password", id: "token", autocomplete: "off", spellcheck: "false", required: true });
    const dialog = el("dialog", { class: "help", "aria-labelledby": "token-title" },
      el("h2", { id: "token-title" }, "Token"), el("p", {}, words),
      el("form", { method: "dialog", onsubmit: () => { if (field.value) token.set(field.value.trim()); } },
        el("p", {}, el("label", { for: "token" }, "Token "), field),
        el("button", { type: "submit" }, "Use it"), " ", el("button", { type: "button", onclick: () => dialog.close("no") }, "Leave it")),
      el("p", { class: "muted small" }, "It is kept in this tab only."));
    dialog.addEventListener("close", () => { dialog.remove(); done(dialog.returnValue !== "no" && Boolean(field.value)); });
    document.body.append(dialog);
    dialog.showModal();
    field.focus();
  });
}

/** The view of the search. `held` keeps what was looked for; `stats` says whether stories are taken. */
function searchView(held, stats) {
  const result = el("div", { class: "results", "aria-live": "polite" });
  let now = [];
  const show = (...nodes) => result.replaceChildren(...nodes.flat().filter(Boolean));
  const skippedOf = (skipped) => skipped.length > 0 && el("p", { class: "alarm warn" }, `${count(skipped.length, "record")} could not be read: ${skipped[0].reason}`);
  const draw = () => {
    const { answers, skipped } = held.found;
    const several = answers.length > 1;
    const adder = stats.takes_stories && !held.added && el("button", { type: "button", class: "button add", onclick: add }, several ? "Add them to the index" : "Add it to the index");
    const made = answers.map((answer) => answerOf(answer, stats.model, !several && adder, byWords(held.sent)));
    now = made.map(({ pair }) => pair).filter(Boolean);
    show(skippedOf(skipped), held.added, several && el("p", { class: "asks" }, el("span", {}, `${count(answers.length, "story", "stories")} in it.`), adder), made.map(({ node }) => node));
    now.forEach((pair) => pair.shown());
  };
  async function look(sent) {
    Object.assign(held, { sent, found: null, added: null });
    show(el("p", { class: "muted" }, "Looking …"));
    try {
      held.found = await asked(`query?evidence=false&page=true${sent.name ? `&name=${part(sent.name)}` : ""}`, { method: "POST", body: sent.body, type: sent.type });
      if (held.sent !== sent) return;
      draw();
      text.rows = 4;
      result.scrollIntoView({ block: "nearest" });
    } catch (error) {
      show(el("p", { class: "alarm bad", role: "alert" }, `${error.message}.`.replace(/\.\.$/, ".")));
    }
  }
  async function add() {
    const { sent } = held;
    const send = () => asked(`stories${sent.name ? `?name=${part(sent.name)}` : ""}`, { method: "POST", body: sent.body, type: sent.type });
    try {
      const { answers } = await send().catch(async (error) => {
        if ((error.status === 401 || error.status === 403) && await askForToken("To add stories a write token is needed.")) return send();
        throw error;
      });
      held.added = el("p", { class: "alarm good" }, answers.every((answer) => answer.known) ? "It was in the index already." : `Added as ${answers.map((answer) => answer.id).join(", ")}.`);
      draw();
    } catch (error) {
      show(el("p", { class: "alarm bad", role: "alert" }, `Not added: ${error.message}.`));
    }
  }
  const text = el("textarea", { id: "text", rows: held.found ? 4 : 9, placeholder: "Paste a story, or drop a file anywhere on the page", value: held.text ?? "", "aria-describedby": "text-help", oninput: () => { held.text = text.value; } });
  const lookForText = () => text.value.trim() && look({ body: text.value, type: "text/plain" });
  const file = el("input", { type: "file", id: "file", class: "unseen", onchange: () => file.files[0] && takeFile(file.files[0]) });
  const takeFile = (one) => look({ body: one, type: "application/octet-stream", name: one.name });
  text.addEventListener("paste", () => setTimeout(() => { held.text = text.value; lookForText(); }));
  const form = el("form", { class: "asker", onsubmit: (event) => { event.preventDefault(); lookForText(); } },
    el("label", { for: "text", class: "unseen" }, "Text of a story"), text,
    el("div", { class: "asks" }, el("button", { type: "submit", class: "button main" }, "Look for versions"),
      el("label", { class: "button", for: "file" }, "Choose a file"), file,
      el("span", { class: "muted small", id: "text-help" }, "Text, JSON, NewsML, NITF, HTML and the other forms that a scan reads.")));
  const step = (key) => () => now[0]?.keys[key]?.();
  const node = el("article", { class: "search" }, el("h1", {}, "What is it a version of?"), form, result);
  return {
    node, title: "Look up", takeFile,
    shown: () => { if (held.dropped) { takeFile(held.dropped); held.dropped = null; } else if (held.found) draw(); else text.focus({ preventScroll: true }); },
    keys: { n: step("n"), p: step("p"), Escape: () => (location.hash = "#/"), "/": () => text.focus() },
  };
}
