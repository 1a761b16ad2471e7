// From a story that holds passages to its page: the text as it came, each passage marked.

/** Stretches that do not lie over each other, numbered in the order of the text. */
function marksOf(passages) {
  let end = 0;
  return passages.map(([from, to, way], i) => {
    const stretch = { kind: "verbatim", from: Math.max(from, end), to, number: i + 1, way };
    end = Math.max(end, to);
    return stretch;
  }).filter(({ from, to }) => from < to);
}

/** The view of a story; `ways` are the rows of all passages. */
function holderView(story, ways, kind, hasTexts) {
  const found = marksOf(story.passages);
  const address = (way) => `#/passage/${way + 1}`;
  // What nobody sees leaves a place behind, so that all else stays where it was.
  const text = story.text === undefined ? [el("p", { class: "muted" }, hasTexts ? "The story has no text." : "This file has passages only: the stories together are too long for it.")] : marked(story.text.replace(UNSEEN_SIGNS, "\u200B"), found, []);
  const body = el("div", { class: "single", lang: languageTag(story.language) }, text);
  const way = new Map(found.map((stretch) => [String(stretch.number), stretch.way]));
  body.querySelectorAll("[data-number]").forEach((mark) => {
    const to = address(way.get(mark.dataset.number));
    mark.title = `passage ${mark.dataset.number}`;
    mark.querySelector("sup")?.replaceChildren(el("a", { href: to, "aria-label": `Passage ${mark.dataset.number}` }, mark.dataset.number));
    mark.addEventListener("click", () => String(getSelection()) === "" && (location.hash = to));
  });
  const wanted = Number(new URLSearchParams(location.hash.split("?")[1] ?? "").get("passage"));
  const chosen = found.find((stretch) => stretch.way === wanted - 1);
  const item = ({ number, way: to }) => el("li", { class: to === wanted - 1 ? "here" : undefined }, el("a", { href: address(to) }, el("span", { class: "nth", "aria-hidden": "true" }, whole.format(number)), told(opening(ways[to].text, 110), "headline", ways[to].language)),
    el("div", { class: "meta" }, `${count(ways[to].printings, "printing")} in ${count(ways[to].outlets, "outlet")} · `, printers(ways[to]), " · ", whenPrinted(ways[to])));
  const node = el("article", { class: "holder" },
    crumbs(["Passages", kind.base], ...(chosen ? [[`Passage ${whole.format(wanted)}`, address(chosen.way)]] : []), ["Story"]),
    el("h1", {}, told(asPrinted(story.headline || story.id), undefined, story.language)),
    el("p", { class: "meta" }, story.source ? told(asPrinted(story.source), "source") : "outlet unknown", " · ", moment(story.time, story.day), printedAt(story.url) && [" · ", printedLink(story)], story.report !== undefined && [" · ", el("a", { href: `#/report/${story.report + 1}` }, `report ${whole.format(story.report + 1)}`)], " · ", el("code", {}, told(asPrinted(story.id)))),
    el("section", { class: "further" }, el("h2", {}, found.length === 1 ? "The passage in it that travelled" : "The passages in it that travelled"), el("ol", {}, found.map(item))),
    el("section", { "aria-label": "The text" }, el("h2", {}, "The text as it came"), body));
  return {
    node, title: story.headline || story.id,
    shown() {
      const marks = chosen ? [...body.querySelectorAll(`[data-number="${chosen.number}"]`)] : [];
      marks.forEach((mark) => mark.classList.add("chosen"));
      marks[0]?.scrollIntoView({ block: "center" });
    },
    keys: { Escape: () => (location.hash = chosen ? address(chosen.way) : kind.base) },
  };
}
