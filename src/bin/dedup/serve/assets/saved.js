// From what the list shows to searches by name: each is an address, and the names are kept by this
// browser.

const SAVED = 50;

const searches = {
  all() {
    try {
      const held = JSON.parse(localStorage.getItem("dedup-searches") ?? "[]");
      return Array.isArray(held) ? held.filter((one) => typeof one?.name === "string" && typeof one?.question === "string") : [];
    } catch { return []; }
  },
  keep(all) { try { localStorage.setItem("dedup-searches", JSON.stringify(all.slice(-SAVED))); } catch { announce("This browser keeps no searches; the address does."); } },
};

/** A search in words. */
function nameOf(state) {
  const chosen = Object.entries(state.chosen).flatMap(([key, values]) => [...values].map((value) => FACETS[key][2](value)));
  return [state.query, ...chosen, state.from && `from ${state.from}`, state.to && `to ${state.to}`].filter(Boolean).join(", ").slice(0, 80);
}

/** The feed of what comes in that a search would show. */
function feedAddress(question) {
  const given = new URLSearchParams(question);
  const days = spanOf({ from: given.get("from"), to: given.get("to") });
  ["sort", "stands", "from", "to"].forEach((name) => given.delete(name));
  if (days.from !== undefined) given.append("since", iso(days.from));
  if (days.to !== undefined) given.append("until", iso(days.to));
  return `/api/v1/atom${given.size ? `?${given}` : ""}`;
}

/** The searches that are kept, and a way to keep the one that the list shows. */
function savedSearches(state) {
  const list = el("ul", { class: "saved-list" });
  const draw = () => {
    list.parentElement?.toggleAttribute("hidden", searches.all().length === 0);
    list.replaceChildren(...searches.all().map(({ name, question }) => el("li", { class: "chip" },
    el("a", { href: `#/?${question}` }, told(name)), " ",
    el("a", { class: "small", href: feedAddress(question), title: `Atom feed of ${name}` }, "feed", unseen(` of ${name}`)), " ",
    el("button", { type: "button", class: "link", onclick: () => { searches.keep(searches.all().filter((one) => one.question !== question)); draw(); } }, el("span", { "aria-hidden": "true" }, "✕"), unseen(`forget ${name}`)))));
  };
  const save = () => {
    const question = parametersOf(state).toString();
    const name = nameOf(state);
    searches.keep([...searches.all().filter((one) => one.question !== question), { name, question }]);
    announce(`Saved: ${name}`);
    setTimeout(() => announce(""), 4000);
    draw();
  };
  const node = el("nav", { class: "saved", "aria-label": "Saved searches" }, list);
  draw();
  return { save, node };
}
