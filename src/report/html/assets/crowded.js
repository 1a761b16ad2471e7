// From a report with many members to a drawing that shows them all: few lanes, small marks, and
// arrows for those that are asked for.

/** Lanes before the sources with fewer versions share one. */
const CROWDED_LANES = { wide: 20, narrow: 12 };

/** Lanes in the order of their first member; those of few members share the last one. */
function crowdedLanes(members, most) {
  const all = lanes(members);
  if (all.size <= most + 1) return all;
  const rank = [...all.keys()].sort((x, y) => all.get(y).length - all.get(x).length);
  const shown = new Set(rank.slice(0, most));
  const rest = [...all].filter(([name]) => !shown.has(name));
  const kept = new Map([...all].filter(([name]) => shown.has(name)));
  const last = rest.flatMap(([, some]) => some).sort((x, y) => x.time - y.time);
  return kept.set(`${whole.format(rest.length)} more sources`, last);
}

/** The drawing of all members with a time, in so many pixels; `every` asks for a lane a source. */
function crowdedTimeline(detail, members, { width, href, every }) {
  const narrow = width < 640;
  const [gutter, margin, lane, top] = narrow ? [10, 16, 38, 34] : [168, 24, 24, 34];
  const rows = crowdedLanes(members, every ? Infinity : CROWDED_LANES[narrow ? "narrow" : "wide"]);
  const height = top + rows.size * lane + 10;
  const times = members.map((member) => member.time);
  const x = scale(times, gutter + 12, width - margin);
  const y = new Map();
  [...rows.values()].forEach((some, i) => some.forEach((member) => y.set(member.place, top + i * lane + (narrow ? lane - 12 : lane / 2))));
  const place = new Map(members.map((member) => [member.place, member]));
  const at = (member) => [x(member.time), y.get(member.place)];
  const drawn = (member, isAsked) => {
    const from = place.get(member.taken?.from);
    if (!from) return null;
    const kind = member.taken.reason === "earlier" ? "weak" : member.taken.reason;
    return svg("path", { class: `arrow ${kind}${isAsked ? " asked" : ""}`, d: arrow(...at(from), ...at(member)), "marker-end": `url(#head-${member.taken.reason === "taken-back" ? "bad" : "plain"})` });
  };
  // Whom each source took it from first; the rest is drawn for the mark that is pointed at.
  const firsts = [...rows].slice(0, every || !narrow ? CROWDED_LANES.wide : CROWDED_LANES.narrow).map(([, some]) => drawn(some[0]));
  const asked = svg("g", { class: "asked" });
  const ask = (member) => asked.replaceChildren(...[member, ...members.filter((one) => one.taken?.from === member.place)].map((one) => drawn(one, true)).filter(Boolean));
  const bands = [...rows].map((_, i) => svg("rect", { class: i % 2 ? "lane" : "lane odd", x: 0, y: top + i * lane, width, height: lane }));
  const names = [...rows].map(([name, some], i) => {
    const many = some.length > 1 ? ` (${whole.format(some.length)})` : "";
    const shown = fitted(name, (narrow ? width - 16 : gutter - 24) - measured(many, true)) + many;
    return svg("text", { class: "name", x: narrow ? 8 : gutter - 14, y: top + i * lane + (narrow ? 14 : lane / 2 + 4), "text-anchor": narrow ? "start" : "end", direction: "ltr" }, shown, svg("title", {}, name));
  });
  const marks = members.map((member) => {
    const label = labelOf(member);
    const [mx, my] = at(member);
    const role = { canonical: member.place === detail.canonical, origin: member.id === detail.origin };
    // The table has a link to each: hundreds of stops on the way there help nobody.
    return svg("a", { href: href(member), tabindex: -1, "aria-label": label, onpointerenter: () => ask(member), onfocus: () => ask(member) }, svg("title", {}, label), svg("circle", { class: "hit", cx: mx, cy: my, r: 8 }), mark(member, mx, my, role));
  });
  return svg("svg", { class: "timeline crowded", width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": `Timeline of ${count(members.length, "version")}: one lane a source. The table below has them all.`, onpointerleave: () => asked.replaceChildren() },
    arrowHeads(), bands, axis(members, x, top, height - 10, width, true), firsts, asked, names, marks);
}
