// From arrivals to a live feed of what a desk should know of each.

const NEWS = {
  "new-report": ["new report", "no version of it had come before", "plain"],
  "known-report": ["version", "a version of a report that is known", "plain"],
  "new-information": ["new information", "facts that no earlier version had", "good"],
  "silent-correction": ["silent correction", "the same source had other facts before, and does not say so", "warn"],
  correction: ["correction", "says that it puts something right", "warn"],
  kill: ["kill", "takes the report back", "bad"],
  "copy-without-credit": ["copy without credit", "another’s text, without the credit that is due", "bad"],
};

/** What the feed is narrowed to; each takes some kinds of news. */
const FEEDS = {
  all: ["All", () => true],
  reports: ["New reports", (one) => one.news.includes("new-report")],
  information: ["New information", (one) => one.news.includes("new-information")],
  corrections: ["Corrections and kills", (one) => ["silent-correction", "correction", "kill"].some((news) => one.news.includes(news))],
  credit: ["Without credit", (one) => one.news.includes("copy-without-credit")],
};

/** Arrivals that are kept. */
const KEPT = 500;

function newsChip(news) {
  const [name, meaning, kind] = NEWS[news] ?? [news, "", "plain"];
  const sign = { bad: "⊘ ", warn: "⚠︎ ", good: "+ " }[kind];
  return el("span", { class: `chip ${kind === "plain" ? "news" : `flag ${kind}`}`, title: meaning }, sign && el("span", { "aria-hidden": "true" }, sign), name);
}

const addressOf = (arrival) => `#/story/${arrival.number}`;
const secondsOf = (time) => (time === null ? null : Date.parse(time) / 1000);

/** A time as the server writes it, for the views: a day alone is no midnight. */
const timed = (time) => ({ time: secondsOf(time), day: time !== null && time.length === 10 });

const whenOf = (time) => moment(secondsOf(time), timed(time).day);

/** One arrival. */
function arrivalOf(arrival) {
  const { of, changes } = arrival;
  const shown = arrival.news.filter((news) => news !== "known-report" || arrival.news.length === 1);
  return el("li", { class: "arrival", "data-number": arrival.number },
    el("time", { class: "came", datetime: arrival.added, title: `came in ${arrival.added} (UTC)` }, clock(secondsOf(arrival.added))),
    el("div", { class: "what" },
      el("a", { class: "open", href: addressOf(arrival) }, told(arrival.headline || arrival.id, "headline")),
      el("div", { class: "meta" }, whoAndWhen({ source: arrival.source, ...timed(arrival.time) }), printedAt(arrival.url) && [" · ", printedLink(arrival)]),
      of && el("div", { class: "meta of" }, "of ", told(of.headline || of.id, "headline"), " · ", whoAndWhen({ source: of.source, ...timed(of.time) })),
      arrival.translations && el("div", { class: "meta elsewhere" }, "in other languages: ", arrival.translations.map((other, at) => [at > 0 && " · ", el("a", { href: addressOf(other) }, told(other.source || other.id, "source")), ` (${other.language})`])),
      changes && changesOf(changes)),
    el("div", { class: "chips" }, shown.map(newsChip), of && relationChip(of.relation, of.score)));
}

/** The view of the feed. `feed` has what came and tells what comes. */
function feedView(feed) {
  const list = el("ol", { class: "arrivals", role: "list", "aria-label": "Arrivals, the latest first" });
  const none = el("p", { class: "notice", hidden: true }, "Nothing of this kind has come in yet.");
  const waiting = el("button", { type: "button", class: "waiting", hidden: true, onclick: () => { hold(false); } });
  const held = el("button", { type: "button", class: "button", "aria-pressed": "false", onclick: () => hold(held.getAttribute("aria-pressed") !== "true") }, "Pause");
  const state = el("span", { class: "heard" });
  let came = [];
  const draw = () => {
    const shown = feed.arrivals.filter(FEEDS[feed.kind][1]).slice(0, 200);
    list.replaceChildren(...shown.map(arrivalOf));
    none.hidden = shown.length > 0;
  };
  const hold = (on) => {
    held.setAttribute("aria-pressed", String(on));
    held.textContent = on ? "Go on" : "Pause";
    if (on) return;
    came = [];
    waiting.hidden = true;
    draw();
  };
  const add = (arrival) => {
    if (!FEEDS[feed.kind][1](arrival)) return;
    if (held.getAttribute("aria-pressed") === "true") {
      came.push(arrival);
      waiting.hidden = false;
      waiting.textContent = `${count(came.length, "story", "stories")} came in meanwhile. Show`;
      return;
    }
    const node = arrivalOf(arrival);
    node.classList.add("fresh");
    list.prepend(node);
    none.hidden = true;
    while (list.children.length > 200) list.lastElementChild.remove();
  };
  const connected = () => {
    state.replaceChildren(el("span", { class: `dot ${feed.isHeard ? "on" : ""}`, "aria-hidden": "true" }), feed.isHeard ? "live" : "not connected; trying again");
  };
  const radio = (kind) => el("label", { class: "pick" }, el("input", { type: "radio", name: "kind", value: kind, checked: kind === feed.kind, onchange: () => { feed.kind = kind; draw(); } }), FEEDS[kind][0]);
  const node = el("article", { class: "feed" },
    el("div", { class: "feed-head" }, el("h1", {}, "Coming in"), state, held),
    el("fieldset", { class: "metric" }, el("legend", { class: "unseen" }, "Show"), Object.keys(FEEDS).map(radio)),
    waiting, none, list);
  return {
    node, title: "Coming in",
    shown() {
      draw();
      connected();
      feed.view = { add, connected };
    },
    keys: { Escape: () => (location.hash = "#/") },
  };
}

/** What came, kept while other views are open. */
function feedOf() {
  const feed = { arrivals: [], kind: "all", isHeard: false, view: null, watchers: [] };
  feed.arrived = (arrival) => {
    ids.set(arrival.number, arrival.id);
    feed.arrivals.unshift(arrival);
    feed.arrivals.length = Math.min(feed.arrivals.length, KEPT);
    if (location.hash === "#/live") feed.view?.add(arrival);
    feed.watchers.forEach((watch) => watch(arrival));
  };
  feed.connected = (on) => {
    feed.isHeard = on;
    feed.view?.connected();
    feed.watchers.forEach((watch) => watch(null));
  };
  return feed;
}
