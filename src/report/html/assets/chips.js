// From one fact to the small mark by which every view shows it.

/** A relation, with what it means. */
function relationChip(relation, score) {
  const [name, meaning] = RELATIONS[relation] ?? [relation, ""];
  return el("span", { class: `chip rel rel-${relation}`, title: meaning }, name, score !== undefined && el("b", {}, certainty(score)));
}

/** What stands against a story. */
function flagChip(flag) {
  const [name, meaning, kind] = FLAGS[flag] ?? [flag, "", "bad"];
  return el("span", { class: `chip flag ${kind}`, title: meaning }, el("span", { "aria-hidden": "true" }, kind === "bad" ? "⊘ " : "⚠︎ "), name);
}

/** What became of the credit; words beside the sign, for whoever does not see colours. */
function creditMark(fate) {
  if (!fate) return el("span", { class: "muted", title: "none is due, or it is not sure that one is" }, "–", unseen("none known to be due"));
  const [sign, name, meaning] = CREDITS[fate];
  return el("span", { class: `credit ${fate}`, title: meaning }, el("span", { "aria-hidden": "true" }, `${sign} `), name.replace("credit ", ""), unseen(" credit"));
}

/** A share of something as a bar with its number. */
function share(value, name) {
  if (value === undefined || value === null) return el("span", { class: "muted", title: "not compared word for word" }, "–", unseen(` ${name}: not compared`));
  return el("span", { class: "share", title: name }, el("span", { class: "track", "aria-hidden": "true" }, el("span", { class: "full", vars: { "--share": value } })), percent(value));
}

/** A headline as a heading or a link shows it. */
function headline(story) {
  return told(story.headline || story.id, "headline", story.language);
}

/** The address where a story was printed, if it is one on the web. */
function printedAt(url) {
  if (!url) return null;
  try {
    const address = new URL(url);
    return /^https?:$/.test(address.protocol) ? address : null;
  } catch {
    return null;
  }
}

/** A link to where a story was printed: `shown` in it, or the host. */
function printedLink(story, shown) {
  const address = printedAt(story.url);
  if (!address) return shown ?? null;
  return el("a", { href: address.href, class: "printed", target: "_blank", rel: "noopener noreferrer nofollow", title: address.href }, shown ?? told(address.host), el("span", { "aria-hidden": "true" }, " ↗"), unseen(" opens where it was printed"));
}

/** Who and when. */
function whoAndWhen(story) {
  return el("span", { class: "who" }, story.source ? told(story.source, "source") : el("span", { class: "muted" }, "source unknown"), " · ", moment(story.time, story.day));
}

/** A heading with a way back. */
function crumbs(...steps) {
  const parts = steps.map(([name, href]) => el("li", {}, href ? el("a", { href }, name) : el("span", { "aria-current": "page" }, name)));
  return el("nav", { class: "crumbs", "aria-label": "Where you are" }, el("ol", {}, parts));
}
