// From kills and corrections to a list to work off: live copies, hours since the notice, a mark that
// lasts and that all see.

/** Reports that are looked at. */
const NOTICES = 50;

/** Marks are kept beside the index, by the id of the notice: who looks at it sees the same. */
const handled = {
  marks: new Set(),
  take({ handled: marks }) { handled.marks = new Set(marks.map((mark) => mark.id)); },
  async load() { handled.take(await asked("handled")); },
  async set(id, on) { handled.take(await asked(`handled/${part(id)}`, { method: on ? "PUT" : "DELETE" })); },
};

/** The last notice of a report and the copies that it means. */
function noticeOf(detail) {
  const having = (...flags) => detail.members.filter((member) => flags.some((flag) => member.flags?.includes(flag)));
  const notices = having("kill", "correction").sort((x, y) => (y.time ?? 0) - (x.time ?? 0));
  const kill = notices.find((member) => member.flags.includes("kill"));
  return { detail, notice: kill ?? notices[0], isKill: Boolean(kill), live: kill ? having("still-live") : having("before-correction") };
}

function noticeRow({ detail, notice, isKill, live }, changed) {
  const addresses = live.map((member) => printedAt(member.url)?.href).filter(Boolean);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(addresses.join("\n"));
      announce(`Copied ${count(addresses.length, "address", "addresses")}.`);
    } catch {
      announce("This browser does not let the page copy.");
    }
    setTimeout(() => announce(""), 4000);
  };
  const box = el("input", { type: "checkbox", checked: handled.marks.has(notice.id), onchange: () => handled.set(notice.id, box.checked).catch((error) => announce(error.message)).then(changed) });
  const since = notice.time === null ? null : Date.now() / 1000 - notice.time;
  return el("li", { class: "notice-row", "data-live": live.length },
    el("div", { class: "what" },
      el("a", { class: "open", href: `#/report/${detail.number}` }, told(detail.members[detail.canonical].headline || detail.id, "headline")),
      el("div", { class: "meta" }, flagChip(isKill ? "kill" : "correction"), " ", whoAndWhen(notice), since !== null && el("b", { class: "since" }, ` · ${lasting(since)} ago`)),
      live.length ? el("ul", { class: "live-copies", "aria-label": "Copies that still run" }, live.map((member) => el("li", {}, told(member.source || "source unknown", "source"), " ", printedLink(member) ?? el("code", {}, told(member.id)), " ", member.time !== null && el("span", { class: "muted" }, moment(member.time))))) : el("p", { class: "muted" }, isKill ? "No copy elsewhere is known to run." : "No copy of what was put right is known.")),
    el("div", { class: "acts" }, el("label", {}, box, " handled"), addresses.length > 0 && el("button", { type: "button", class: "button", onclick: copy }, "Copy addresses")));
}

async function openKills() {
  const page = await asked(`clusters?flag=kill&flag=correction&limit=${NOTICES}`);
  await handled.load();
  const details = [];
  for (const row of page.clusters) details.push(await asked(`clusters/${part(row.id)}`));
  details.forEach((detail) => ids.set(detail.number, detail.id));
  const notices = details.map(noticeOf).filter(({ notice }) => notice);
  const list = el("ol", { class: "notices", role: "list", "aria-label": "Kills and corrections" });
  const told_ = el("p", { class: "found", role: "status" });
  const open = el("input", { type: "checkbox", onchange: () => draw() });
  const draw = () => {
    const done = handled.marks;
    const rank = (one) => 4 * done.has(one.notice.id) + 2 * !one.live.length + !one.isKill;
    const shown = notices.filter((one) => !open.checked || !done.has(one.notice.id)).sort((x, y) => rank(x) - rank(y) || (y.notice.time ?? 0) - (x.notice.time ?? 0));
    const waiting = notices.filter((one) => one.live.length && !done.has(one.notice.id)).length;
    list.replaceChildren(...shown.map((one) => noticeRow(one, draw)));
    told_.textContent = notices.length ? `${count(waiting, "notice")} with live copies ${waiting === 1 ? "waits" : "wait"}${page.next === null ? "" : `; the latest ${notices.length} are shown`}.` : "No kill and no correction is known.";
  };
  draw();
  const node = el("article", { class: "kills" }, el("h1", {}, "Kills and corrections"), told_, notices.length > 0 && el("label", { class: "only-open" }, open, " only what is not handled"), list, el("p", { class: "muted small" }, "Marks are kept beside the index: everybody at this desk sees them."));
  return { node, title: "Kills", keys: { Escape: () => (location.hash = "#/") } };
}
