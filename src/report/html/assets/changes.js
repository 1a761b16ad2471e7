// From two versions to one column: word by word what was taken out and what was put in, which
// figures became which, which names and quotations came and went.

/** Changed words up to which two texts are compared word by word. */
const DIFFERENT = 2000;

const TOKENS = /\n\s*\n|\s+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}\p{M}]+(?:[.,:’'‑-][\p{L}\p{N}\p{M}]+)*|[^\s]/gu;
const plainly = (text) => text.normalize("NFKC").replace(/[“”„«»]/g, '"').replace(/[’‘]/g, "'").replace(/[–—‑]/g, "-");

/** Words and marks, each with the space before it. */
function wordsOf(text) {
  const words = [];
  let space = "";
  for (const [token] of text.matchAll(TOKENS)) {
    if (/^\s/.test(token)) {
      space = token.includes("\n\n") || /\n\s*\n/.test(token) ? "\n\n" : " ";
    } else {
      words.push({ text: token, key: plainly(token), space });
      space = "";
    }
  }
  return words;
}

/** Whether it is no mark. */
const isWord = (word) => /[\p{L}\p{N}]/u.test(word.text);

/** The shortest way from `a` to `b` (Myers): steps back from the end; null where they differ too much. */
function wayBetween(a, b, different) {
  const [n, m] = [a.length, b.length];
  const most = Math.min(n + m, different);
  const ends = new Map([[1, 0]]);
  const trail = [];
  for (let d = 0; d <= most; d++) {
    const before = new Map();
    for (let k = -d; k <= d; k += 2) {
      const isDown = k === -d || (k !== d && (ends.get(k - 1) ?? -1) < (ends.get(k + 1) ?? -1));
      let x = isDown ? ends.get(k + 1) : ends.get(k - 1) + 1;
      const from = x;
      let y = x - k;
      while (x < n && y < m && a[x].key === b[y].key) [x, y] = [x + 1, y + 1];
      before.set(k, { from, isDown });
      ends.set(k, x);
      if (x >= n && y >= m) {
        trail.push(before);
        return trail;
      }
    }
    trail.push(before);
  }
  return null;
}

/** Runs of words that are in both (`same`), in `a` only (`out`), in `b` only (`in`). */
function runsBetween(a, b, different = DIFFERENT) {
  const trail = wayBetween(a, b, different);
  if (!trail) return [{ kind: "out", words: a }, { kind: "in", words: b }];
  const steps = [];
  let [x, y] = [a.length, b.length];
  for (let d = trail.length - 1; d >= 0; d--) {
    const { from, isDown } = trail[d].get(x - y);
    while (x > from) {
      steps.push(["same", b[y - 1]]);
      [x, y] = [x - 1, y - 1];
    }
    if (d === 0) break;
    if (isDown) steps.push(["in", b[--y]]);
    else steps.push(["out", a[--x]]);
  }
  const runs = [];
  for (const [kind, word] of steps.reverse()) {
    if (runs.at(-1)?.kind === kind) runs.at(-1).words.push(word);
    else runs.push({ kind, words: [word] });
  }
  return tidied(runs);
}

/** What went before what came; a word or two that stand between changes are part of them. */
function tidied(runs) {
  const found = [];
  let [out, in_] = [[], []];
  const close = () => {
    if (out.length) found.push({ kind: "out", words: out });
    if (in_.length) found.push({ kind: "in", words: in_ });
    [out, in_] = [[], []];
  };
  runs.forEach((run, i) => {
    const isIsland = run.kind === "same" && i > 0 && i < runs.length - 1 && run.words.length <= 2 && run.words.every((word) => word.text.length < 4 && !/\p{N}/u.test(word.text)) && out.length && in_.length;
    if (run.kind === "out" || isIsland) out.push(...run.words);
    if (run.kind === "in" || isIsland) in_.push(...run.words);
    if (run.kind !== "same" || isIsland) return;
    close();
    found.push(run);
  });
  close();
  return found;
}

const isFigure = (word) => /\p{N}/u.test(word.text);

/** Figures that became others: what each was, what it is, and of what. */
function figuresBetween(runs) {
  const found = [];
  runs.forEach((run, i) => {
    const next = runs[i + 1];
    if (run.kind !== "out" || next?.kind !== "in") return;
    const [was, is] = [run.words.filter(isFigure), next.words.filter(isFigure)];
    if (was.length === 0 || was.length !== is.length) return;
    was.forEach((word, j) => {
      const behind = next.words[next.words.indexOf(is[j]) + 1] ?? runs[i + 2]?.words[0];
      const of = behind && /\p{L}/u.test(behind.text) ? behind.text : "";
      if (word.key !== is[j].key) found.push({ was: word.text, is: is[j].text, of });
    });
  });
  return found;
}

/** Quotations, without their marks. */
const quotesOf = (text) => [...text.matchAll(/[“„«"]([^“”„«»"]{12,600})[”“»"]/gu)].map((match) => match[1].replace(/[,.]$/, ""));

/** Names: words in capitals in the midst of a sentence, with their neighbours. */
function namesOf(text) {
  const name = /(?<![.!?:“”"«»\n]\s*|^)(?<!\p{L})\p{Lu}[\p{L}\p{M}’'-]+(?:\s+\p{Lu}[\p{L}\p{M}’'-]+)*/gu;
  return [...text.matchAll(name)].map((match) => match[0].replace(/\s+/g, " ").replace(/['’]s$/, ""));
}

/** Those of `mine` that the other text has not, each once. */
function lackedBy(other, mine) {
  const text = plainly(other).toLowerCase();
  return [...new Set(mine)].filter((one) => !text.includes(plainly(one).toLowerCase()));
}

/** All that changed from one version to another. */
function changesBetween(before, after) {
  const runs = runsBetween(wordsOf(before.body ?? ""), wordsOf(after.body ?? ""));
  const pair = (of) => ({ gone: lackedBy(after.body, of(before.body)), come: lackedBy(before.body, of(after.body)) });
  return { runs, figures: figuresBetween(runs), names: pair(namesOf), quotes: pair(quotesOf) };
}

/** Versions in order of time that were compared with one before: the outlet's own, or whose text it took. */
function versionBefore(detail, place) {
  const member = detail.members[place];
  const order = byTime(detail);
  const earlier = order.slice(0, order.indexOf(place)).filter((other) => detail.members[other].source === member.source && member.source);
  return earlier.at(-1) ?? member.taken?.from ?? (place === detail.base ? undefined : detail.base);
}

/** The text of the later version with what was taken out of the earlier one, in paragraphs. */
function oneColumn(runs) {
  const paragraphs = [el("p", { dir: "auto" })];
  for (const { kind, words } of runs) {
    let part = [];
    const put = () => {
      if (!part.length) return;
      const text = part.map((word, i) => (i ? word.space : "") + word.text).join("");
      const node = { same: () => text, out: () => el("del", {}, unseen("[taken out: "), text, unseen("]")), in: () => el("ins", {}, unseen("[put in: "), text, unseen("]")) }[kind]();
      paragraphs.at(-1).append(part[0].space === " " ? " " : "", node);
      part = [];
    };
    for (const word of words) {
      if (word.space === "\n\n" && paragraphs.at(-1).hasChildNodes()) {
        put();
        if (kind === "out") paragraphs.at(-1).append(" ");
        else paragraphs.push(el("p", { dir: "auto" }));
      }
      part.push(word);
    }
    put();
  }
  return paragraphs.filter((paragraph) => paragraph.hasChildNodes());
}

/** What changed as a list of facts. */
function factsChanged({ figures, names, quotes }) {
  const item = (name, values) => values.length > 0 && el("div", {}, el("dt", {}, name), el("dd", {}, el("ul", {}, values)));
  const gone = (text) => el("li", {}, el("del", {}, unseen("[gone: "), told(text), unseen("]")));
  const come = (text) => el("li", {}, el("ins", {}, unseen("[new: "), told(text), unseen("]")));
  const figure = ({ was, is, of }) => el("li", {}, of && el("span", { class: "muted" }, told(of), " "), el("del", {}, told(was)), " → ", el("ins", {}, told(is)));
  const all = [item("Figures", figures.map(figure)), item("Names", [...names.gone.map(gone), ...names.come.map(come)]), item("Quotations", [...quotes.gone.map(gone), ...quotes.come.map(come)])].filter(Boolean);
  return all.length ? el("dl", { class: "facts-changed" }, all) : el("p", { class: "muted" }, "No figure, name or quotation changed.");
}

/** How much was taken out and put in, in words. */
function amounts(runs) {
  const words = (kind) => runs.filter((run) => run.kind === kind).flatMap((run) => run.words).filter(isWord).length;
  return [words("out"), words("in")];
}

/** The view of what changed from member `a` to member `b`; `where` as for two side by side. */
function changesView(detail, a, b, where) {
  const [before, after] = [detail.members[a], detail.members[b]];
  const step = (to) => to !== undefined && (() => (location.hash = to));
  const bar = el("div", { class: "pair-bar" }, el("div", { class: "choosers" },
    el("label", {}, "From ", chooser(detail.members, a, b, "Earlier version", (place) => (location.hash = where.changes(place, b)))),
    el("label", {}, "to ", chooser(detail.members, b, a, "Later version", (place) => (location.hash = where.changes(a, place))))),
    el("a", { class: "button", href: where.href(a, b) }, "Side by side"),
    el("ul", { class: "legend" }, el("li", {}, el("del", {}, "taken out")), el("li", {}, el("ins", {}, "put in"))));
  const head = (member) => [told(member.headline || member.id, "headline"), el("span", { class: "meta" }, " ", whoAndWhen(member), printedAt(member.url) && [" · ", printedLink(member)])];
  const crumbs_ = crumbs(...where.crumbs.slice(0, -1), ["What changed"]);
  const title = `What changed: ${after.source || after.id}`;
  if (before.body === undefined || after.body === undefined) {
    return { node: el("article", { class: "changed" }, crumbs_, el("h1", {}, "What changed"), bar, el("p", { class: "notice" }, "The texts are not in this file.")), title, keys: { Escape: step(where.back) } };
  }
  const found = changesBetween(before, after);
  const [out, in_] = amounts(found.runs);
  const isSame = before.headline === after.headline;
  const node = el("article", { class: "changed" }, crumbs_,
    el("h1", {}, "What changed"), bar,
    el("p", { class: "versions-named" }, head(before), el("span", { "aria-hidden": "true" }, " → "), unseen(" became "), isSame ? el("span", { class: "meta" }, whoAndWhen(after), printedAt(after.url) && [" · ", printedLink(after)]) : head(after)),
    el("p", { class: "lead" }, out + in_ === 0 ? "Not a word of the text." : `${count(out, "word")} taken out, ${whole.format(in_)} put in.`),
    factsChanged(found),
    el("section", { class: "column", "aria-label": "The text", lang: languageTag(after.language) },
      !isSame && el("h2", { dir: "auto" }, before.headline && el("del", {}, unseen("[taken out: "), told(before.headline), unseen("]")), " ", el("ins", {}, unseen("[put in: "), told(after.headline), unseen("]"))),
      oneColumn(found.runs)));
  return { node, title, keys: { Escape: step(where.back) } };
}
