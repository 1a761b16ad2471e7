// From two bodies and the passages they share to marked text: word for word, edited, furniture.

/** Characters of a stretch between two passages that still counts as one of them edited. */
const EDITED = 240;

/**
 * The stretches of both sides. Between two passages that follow each other on both sides, what
 * differs is an edit if there is little of it; a passage that follows another one there has moved.
 */
function stretches(passages, bodies) {
  const onB = [...passages].sort((x, y) => x.b[0] - y.b[0]);
  const place = new Map(onB.map((passage, i) => [passage.number, i]));
  const sides = { a: [], b: [] };
  passages.forEach((passage, i) => {
    const next = passages[i + 1];
    passage.moved = i > 0 && place.get(passage.number) < place.get(passages[i - 1].number);
    sides.a.push({ kind: "verbatim", from: passage.a[0], to: passage.a[1], number: passage.number });
    sides.b.push({ kind: "verbatim", from: passage.b[0], to: passage.b[1], number: passage.number });
    if (!next || place.get(next.number) !== place.get(passage.number) + 1) return;
    const gaps = { a: [passage.a[1], next.a[0]], b: [passage.b[1], next.b[0]] };
    const short = (side) => gaps[side][1] - gaps[side][0] <= EDITED;
    if (!short("a") || !short("b")) return;
    for (const side of ["a", "b"]) {
      const [from, to] = gaps[side];
      // From the first letter or digit to the last: a mark at its edge is no edit.
      const words = /[\p{L}\p{N}](.*[\p{L}\p{N}\p{M}])?/su.exec(bodies[side].slice(from, to));
      if (words) sides[side].push({ kind: "edited", from: from + words.index, to: from + words.index + words[0].length, number: passage.number });
    }
  });
  for (const side of ["a", "b"]) sides[side].sort((x, y) => x.from - y.from);
  return sides;
}

const FURNITURE = { dateline: "dateline", byline: "byline", slug: "slug", marker: "version marker", "photo-credit": "picture credit", "sign-off": "sign-off", copyright: "copyright line", take: "mark of a part", note: "note to editors", promotion: "invitation to read on" };

function furnitureOf([, kind, text]) {
  const name = FURNITURE[kind] ?? kind;
  return el("span", { class: "furniture", title: `${name}: not compared` }, el("bdi", { class: "unseen" }, `[${name}: `), text.replace(/\s+/g, " "), unseen("]"));
}

/** A stretch as text, marked for what it is. */
function stretchOf(kind, number, text, first) {
  if (kind === "plain") return text;
  const hue = `hue-${(number - 1) % 6}`;
  const label = first && kind === "verbatim" && el("sup", { class: "number" }, String(number));
  const name = { verbatim: "mark", edited: "span" }[kind];
  return el(name, { class: `${kind} ${hue}`, "data-number": number, title: kind === "edited" ? "edited" : `passage ${number}, word for word` }, label, kind === "edited" && first && unseen("[edited: "), text, kind === "edited" && first && unseen("]"));
}

/** A body as paragraphs: its stretches marked, its furniture where it stood. */
function marked(body, found, furniture) {
  const cuts = new Set([0, body.length]);
  found.forEach((stretch) => cuts.add(stretch.from).add(stretch.to));
  furniture.forEach(([place]) => cuts.add(Math.min(place, body.length)));
  const ends = body.includes("\n\n") ? /\n\s*\n/g : /\n+/g;
  const breaks = [...body.matchAll(ends)].map((match) => [match.index, match.index + match[0].length]);
  breaks.forEach(([from, to]) => cuts.add(from).add(to));
  const places = [...cuts].sort((x, y) => x - y);
  const paragraphs = [el("p", { dir: "auto" })];
  const put = (child) => paragraphs.at(-1).append(child);
  let [at_, seen] = [0, new Set()];
  const waiting = [...furniture];
  const isBreak = new Map(breaks);
  for (let i = 0; i < places.length; i++) {
    const [from, to] = [places[i], places[i + 1]];
    while (waiting.length && Math.min(waiting[0][0], body.length) <= from) {
      const piece = waiting.shift();
      const alone = piece[1] !== "dateline" && piece[1] !== "marker" && (from === 0 || from === body.length || isBreak.has(from));
      if (alone && paragraphs.at(-1).hasChildNodes()) paragraphs.push(el("p", { dir: "auto" }));
      put(furnitureOf(piece));
      if (alone) paragraphs.push(el("p", { dir: "auto" }));
      else put(" ");
    }
    if (to === undefined) break;
    while (at_ < found.length && found[at_].to <= from) at_++;
    const stretch = found[at_] && found[at_].from <= from ? found[at_] : { kind: "plain" };
    if (isBreak.has(from)) {
      if (paragraphs.at(-1).hasChildNodes()) paragraphs.push(el("p", { dir: "auto" }));
      continue;
    }
    const key = `${stretch.kind}${stretch.number}`;
    put(stretchOf(stretch.kind, stretch.number, body.slice(from, to), !seen.has(key)));
    seen.add(key);
  }
  return paragraphs.filter((paragraph) => paragraph.hasChildNodes());
}
