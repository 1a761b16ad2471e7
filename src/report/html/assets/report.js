// From one report to its page: what it is, who took it from whom, what each version made of it.

/** Versions in the table before the rest is asked for. */
const VERSIONS = 100;
/** Versions with a time from which their course is drawn. */
const ENOUGH_TIMES = 5;
/** Members that a warning names. */
const NAMED = 12;

function firstToLast(members) {
  const dated = members.filter((member) => member.time !== null).sort((x, y) => x.time - y.time);
  if (dated.length === 0) return el("span", { class: "muted" }, "no times known");
  const [first, last] = [dated[0], dated.at(-1)];
  const when = ({ time, day }) => moment(time, day);
  return first.time === last.time ? when(first) : [when(first), " to ", when(last), el("span", { class: "muted" }, ` (${lasting(last.time - first.time)})`)];
}

function originOf(detail) {
  if (detail.origin === null) return el("span", { class: "muted" }, "the evidence does not say");
  const member = detail.members.find((one) => one.id === detail.origin);
  return member ? [told(member.source || member.id), ", ", moment(member.time, member.day)] : [told(detail.origin), el("span", { class: "muted" }, ", not among the stories")];
}

/** How many newsrooms have it, and how many of them tell it by themselves. */
function newsroomsOf(detail) {
  const origin = detail.members.find((one) => one.id === detail.origin)?.source || detail.origin;
  const voices = detail.newsrooms > 1 && detail.independent !== undefined && [", ", detail.independent ? `${whole.format(detail.independent)} of them` : "none", " independent of ", told(origin)];
  return [whole.format(detail.newsrooms), voices];
}

/** What a desk must not miss. */
function alarm(detail) {
  const live = detail.members.filter((member) => member.flags?.includes("still-live"));
  const before = detail.members.filter((member) => member.flags?.includes("before-correction"));
  const names = (members) => [members.slice(0, NAMED).flatMap((member, i) => [i ? ", " : "", printedLink(member, told(member.source || member.id))]), members.length > NAMED && ` and ${whole.format(members.length - NAMED)} more`];
  return [
    detail.members.some((member) => member.flags?.includes("kill")) && el("p", { class: "alarm bad" }, el("b", {}, "Taken back. "), live.length ? ["Still live at ", names(live), "."] : "No copy elsewhere is known to run."),
    before.length > 0 && el("p", { class: "alarm warn" }, el("b", {}, "Put right since. "), "Taken before the correction: ", names(before), "."),
  ].filter(Boolean);
}

const FACTS = [["numbers", "figure", "figures"], ["names", "name", "names"], ["quotes", "quote", "quotes"]];

/** Facts that only one of two versions has. */
function changesOf(changes) {
  if (!changes) return el("span", { class: "muted" }, "–", unseen("not compared"));
  const kinds = FACTS.map(([kind, one, many]) => ({ kind, one, many, added: changes[`${kind}_added`], dropped: changes[`${kind}_dropped`] })).filter(({ added, dropped }) => added.length + dropped.length);
  if (kinds.length === 0) return el("span", { class: "muted" }, "none");
  const list = (facts, sign, word) => facts.length > 0 && el("li", { class: word }, el("b", { "aria-hidden": "true" }, `${sign} `), unseen(`${word}: `), facts.slice(0, 40).flatMap((fact, i) => [i ? " · " : "", told(fact)]), facts.length > 40 && ` and ${facts.length - 40} more`);
  const brief = kinds.map(({ one, many, added, dropped }) => [added.length && `+${added.length}`, dropped.length && `−${dropped.length}`].filter(Boolean).join(" ") + ` ${added.length + dropped.length === 1 ? one : many}`).join(", ");
  return el("details", { class: "changes" }, el("summary", {}, brief), kinds.map(({ many, added, dropped }) => el("div", {}, el("h4", {}, many), el("ul", {}, list(added, "+", "added"), list(dropped, "−", "dropped")))));
}

/** Names and figures of two languages cannot be told apart by their letters. */
const speaksAnother = (one, other) => one.language && other.language && one.language !== other.language;

/** The way to what changed against the version before. */
function changesLink(detail, place, number) {
  const before = versionBefore(detail, place);
  if (before === undefined || detail.members[place].body === undefined || detail.members[place].tie?.relation === "identical") return null;
  return el("div", {}, el("a", { class: "small", href: insideReport(number).changes(before, place) }, "word by word"));
}

function version(detail, place, number) {
  const member = detail.members[place];
  const isBase = place === detail.base;
  const taken = member.taken && [el("span", { class: "muted" }, "from "), told(detail.members[member.taken.from].source || detail.members[member.taken.from].id), el("span", { class: "muted" }, ` – ${reasonOf(member.taken)}`)];
  // At level copy only pairs were measured.
  const measured = detail.members.some((one) => one.credit || one.from_base !== undefined);
  // Of another language no word can be the same.
  const isTold = member.tie?.relation === "translation";
  const from = isTold ? undefined : member.from_base ?? (member.taken?.from === detail.base ? member.taken.verbatim : undefined);
  const other = isBase ? (place === 0 ? 1 : 0) : detail.base;
  return el("tr", {},
    el("th", { scope: "row" },
      el("a", { href: sideBySide(detail, number, place, other), class: "version" }, headline(member)),
      el("div", { class: "meta" }, whoAndWhen(member)),
      el("div", { class: "meta" }, printedAt(member.url) && [printedLink(member), " "], el("code", {}, told(member.id)), member.marker && [" ", el("span", { class: "chip plain", title: "as its sender marked it" }, told(member.marker))], (member.flags ?? []).map((flag) => [" ", flagChip(flag)]), member.flag && [" ", el("span", { class: "chip flag bad" }, member.flag)])),
    el("td", { "data-name": "Relation" }, place === detail.canonical && el("span", { class: "chip kept", title: "the version that is kept and shown" }, "kept"), member.tie && relationChip(member.tie.relation, member.tie.score), member.tie && member.tie.to !== detail.canonical && el("div", { class: "muted small" }, "to ", told(detail.members[member.tie.to].source || detail.members[member.tie.to].id))),
    el("td", { "data-name": "Taken" }, (taken && el("span", {}, taken)) || el("span", { class: "muted" }, member.id === detail.origin ? "had it first" : "not known")),
    isBase
      ? el("td", { colspan: 4, class: "base" }, "the version that the others are compared with")
      : [el("td", { "data-name": "Of its text" }, share(from, "of its text is the first version’s")),
         el("td", { "data-name": "Used" }, share(member.of_base, "of the first version is used")),
         el("td", { "data-name": "Credit" }, measured ? creditMark(member.credit) : el("span", { class: "muted" }, "–", unseen("not looked for"))),
         el("td", { "data-name": "Changed" }, speaksAnother(member, detail.members[detail.base]) ? el("span", { class: "muted" }, `told in ${languageName(member.language)}`) : [changesOf(member.changes), changesLink(detail, place, number)])]);
}

/** Places of the members, the earliest first. */
function byTime(detail) {
  return detail.members.map((_, place) => place).sort((x, y) => (detail.members[x].time ?? Infinity) - (detail.members[y].time ?? Infinity) || x - y);
}

function versions(detail, number) {
  const order = byTime(detail);
  const body = el("tbody", {}, order.slice(0, VERSIONS).map((place) => version(detail, place, number)));
  const more = order.length > VERSIONS && el("button", { type: "button", class: "link", onclick: async (event) => {
    event.target.remove();
    await unhurried(order.length - VERSIONS, (i) => body.append(version(detail, order[VERSIONS + i], number)));
  } }, `Show ${whole.format(order.length - VERSIONS)} more versions`);
  const head = ["Version", "Relation", "Taken", "Of its text", "Used", "Credit", "Changed"];
  const titles = { "Of its text": "share of this version’s text that is the first version’s", Used: "share of the first version’s text that is in this one", Changed: "figures, names and quotes that only one of the two has" };
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Versions" }, el("table", { class: "versions" }, el("thead", {}, el("tr", {}, head.map((name) => el("th", { scope: "col", title: titles[name] }, name)))), body), more);
}

/** How alike every two versions are, where they are few enough to see. */
function everyTwo(detail, number) {
  const size = detail.members.length;
  if (size < 3 || size > 14) return null;
  const order = byTime(detail);
  const scores = new Map(detail.pairs.map((pair) => [`${pair.a}/${pair.b}`, pair]));
  const cell = (a, b) => {
    if (a === b) return el("td", { class: "self" });
    const pair = scores.get(`${Math.min(a, b)}/${Math.max(a, b)}`);
    const known = pair?.score !== undefined;
    const names = `${detail.members[a].source || detail.members[a].id} and ${detail.members[b].source || detail.members[b].id}`;
    return el("td", { class: "heat", vars: { "--heat": known ? pair.score : 0 } }, el("a", { href: sideBySide(detail, number, a, b), "aria-label": `${names}: ${known ? `${pair.relation}, ${certainty(pair.score)}` : "not tied directly"}` }, known ? certainty(pair.score) : "·"));
  };
  const name = (member) => told(shortened(member.source || member.id, 18));
  return el("section", {}, el("h2", {}, "Every two"), el("p", { class: "muted small" }, "The probability that two are versions of one report. Choose a cell to see both texts."),
    el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Every two versions" }, el("table", { class: "grid" },
      el("thead", {}, el("tr", {}, el("td", {}), order.map((place, i) => el("th", { scope: "col", title: detail.members[place].headline }, `${i + 1}`, unseen(` ${detail.members[place].source}`))))),
      el("tbody", {}, order.map((a, i) => el("tr", {}, el("th", { scope: "row", title: detail.members[a].headline }, el("span", { class: "muted" }, `${i + 1} `), name(detail.members[a])), order.map((b) => cell(a, b))))))));
}

/** When the versions came, where they are enough to have a course. */
function volumeSection(detail) {
  const dated = detail.members.filter((member) => member.time !== null);
  const bars = dated.length >= ENOUGH_TIMES && volumeBars(volumeOf(dated), "version");
  return bars && el("section", {}, el("h2", {}, "Volume over time"), bars);
}

/** The view of report `number`. */
function reportView(detail, number, { before, after, further }) {
  const kept = detail.members[detail.canonical];
  const drawing = el("div", { class: "drawing" });
  const href = (member) => {
    const other = member.taken ? member.taken.from : member.place === detail.base ? (member.place ? 0 : 1) : detail.base;
    return sideBySide(detail, number, member.place, other);
  };
  const crowd = {
    every: false,
    change() {
      crowd.every = !crowd.every;
      draw();
      drawing.querySelector("button").focus({ preventScroll: true });
    },
  };
  const draw = () => drawing.replaceChildren(...[timeline(detail, Math.max(320, drawing.clientWidth), href, crowd)].flat());
  const step = (to) => () => to && (location.hash = `#/report/${to}`);
  const sources = new Set(detail.members.map((member) => member.source).filter(Boolean)).size;
  const fact = (name, ...value) => el("div", {}, el("dt", {}, name), el("dd", {}, value));
  const node = el("article", { class: "report" },
    crumbs(["Reports", "#/"], [`Report ${whole.format(number)}`]),
    el("h1", {}, told(kept.headline || kept.id, undefined, kept.language)),
    el("dl", { class: "facts-row" },
      fact("Versions", whole.format(detail.members.length)), fact("Sources", whole.format(sources)), detail.newsrooms && fact("Newsrooms", newsroomsOf(detail)), fact("Had it first", originOf(detail)),
      fact("Seen", firstToLast(detail.members)), fact("Weakest tie", certainty(detail.weakest))),
    alarm(detail),
    el("section", {}, el("h2", {}, "Who took it from whom"), timelineKey(), drawing),
    volumeSection(detail),
    el("section", {}, el("h2", {}, "Versions"), versions(detail, number)),
    further,
    everyTwo(detail, number),
    detail.pairs_left_out && el("p", { class: "muted small" }, `${count(detail.pairs_left_out, "pair")} of this report ${detail.pairs_left_out === 1 ? "is" : "are"} not in this file.`),
    el("p", { class: "stepper" }, before && el("a", { href: `#/report/${before}`, rel: "prev" }, "← Report before"), after && el("a", { href: `#/report/${after}`, rel: "next" }, "Next report →")));
  return { node, title: kept.headline || kept.id, shown: draw, resized: draw, keys: { Escape: () => (location.hash = "#/"), "]": step(after), "[": step(before) } };
}
