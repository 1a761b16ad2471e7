// From the settings of a run and what went wrong to a page about it.

function settingOf(name, value) {
  if (name === "window") return value === null ? "no limit" : lasting(value);
  if (name === "keep_furniture") return value ? "yes" : "no";
  return String(value);
}

/** The view of the run. */
function aboutView(summary) {
  const { counts, warnings, skipped, settings } = summary;
  const fact = (name, value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));
  const left = counts.skipped - skipped.length;
  const node = el("article", { class: "about" },
    el("h1", {}, "The run"),
    el("dl", { class: "facts-row" }, fact("Stories", whole.format(counts.stories)), fact("Reports", whole.format(counts.clusters)), fact("Stories in reports", whole.format(counts.clustered)), fact("By themselves", whole.format(counts.stories - counts.clustered)), fact("Pairs", whole.format(counts.pairs)), fact("Skipped", whole.format(counts.skipped))),
    el("section", {}, el("h2", {}, "Settings"), el("dl", { class: "settings" }, Object.entries(SETTINGS).map(([name, words]) => fact(words, settingOf(name, settings[name]))), fact("Version of dedup", summary.version))),
    !summary.texts && counts.clusters > 0 && el("p", { class: "notice" }, "This file has no texts: reports show who and when, pairs show their measures."),
    el("section", {}, el("h2", {}, "Warnings"), warnings.length ? el("ul", { class: "warnings" }, warnings.map((warning) => el("li", {}, told(warning)))) : el("p", { class: "muted" }, "None.")),
    el("section", {}, el("h2", {}, "Skipped records"), skipped.length
      ? el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Skipped records" }, el("table", { class: "skipped" }, el("thead", {}, el("tr", {}, ["Path", "Line", "Reason"].map((name) => el("th", { scope: "col" }, name)))), el("tbody", {}, skipped.map(({ path, line, reason }) => el("tr", {}, el("td", {}, told(path)), el("td", { class: "number" }, line || "–"), el("td", {}, told(reason)))))))
      : el("p", { class: "muted" }, "None: every record became a story."), left > 0 && el("p", { class: "muted" }, `${whole.format(left)} more are not named here; --format jsonl has them all.`)));
  return { node, title: "The run", keys: { Escape: () => (location.hash = "#/") } };
}
