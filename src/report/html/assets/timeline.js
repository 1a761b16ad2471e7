// From the members of a report to a drawing: one lane a source, a mark a story, an arrow for each
// story from whoever it was taken from.

/** Stories up to which each has words and an arrow; more are drawn smaller. */
const DRAWN = 60;

/**
 * A scale that gives long waits less room than their due, or a flurry would be one dot: the room
 * between two moments grows with the square root of the time.
 */
function scale(times, from, to) {
  const moments = [...new Set(times)].sort((x, y) => x - y);
  const places = new Map([[moments[0], 0]]);
  let sum = 0;
  for (let i = 1; i < moments.length; i++) {
    sum += Math.sqrt(moments[i] - moments[i - 1]);
    places.set(moments[i], sum);
  }
  return (time) => (sum ? from + (places.get(time) / sum) * (to - from) : from);
}

function lanes(members) {
  const lanes = new Map();
  for (const member of members) {
    const name = member.source || "source unknown";
    if (!lanes.has(name)) lanes.set(name, []);
    lanes.get(name).push(member);
  }
  return lanes;
}

/** Where an arrow leaves one mark and meets the other. */
function arrow(x1, y1, x2, y2) {
  const r = 9;
  if (y1 === y2) return `M${x1 + 5},${y1 - 6} Q${(x1 + x2) / 2},${y1 - 26} ${x2 - 5},${y2 - 7}`;
  const down = Math.sign(y2 - y1);
  if (x2 - x1 < 24) return `M${x1},${y1 + down * r} C${x1 - 18},${(y1 + y2) / 2} ${x2 - 18},${(y1 + y2) / 2} ${x2 - 4},${y2 - down * r}`;
  return `M${x1},${y1 + down * r} C${x1},${y2} ${x1},${y2} ${x2 - r - 1},${y2}`;
}

/** A mark: a ring for the first, a cross for a notice that takes it back. */
function mark(member, x, y, role) {
  if (member.flags?.includes("kill")) return svg("path", { class: "mark kill", d: `M${x - 5},${y - 5}L${x + 5},${y + 5}M${x - 5},${y + 5}L${x + 5},${y - 5}` });
  return [role.origin && svg("circle", { class: "ring", cx: x, cy: y, r: 9 }), svg("circle", { class: `mark${role.canonical ? " canonical" : ""}${member.flags?.includes("still-live") ? " live" : ""}`, cx: x, cy: y, r: 5.5 })];
}

/** Pixels that a text of the drawing takes. */
function measured(text, isBold) {
  measured.context ??= document.createElement("canvas").getContext("2d");
  measured.context.font = `${isBold ? 600 : 400} 12.5px ${getComputedStyle(document.body).fontFamily}`;
  return measured.context.measureText(text).width;
}

/** As much of a text as fits. */
function fitted(text, room) {
  if (measured(text, true) <= room) return text;
  let letters = [...text];
  while (letters.length > 1 && measured(`${letters.join("")}…`, true) > room) letters = letters.slice(0, -1);
  return `${letters.join("").trimEnd()}…`;
}

/** Room that is taken in the drawing: boxes of left, top, right, bottom. */
class Room {
  constructor(left, right) {
    Object.assign(this, { left, right, boxes: [] });
  }

  take(box) {
    this.boxes.push(box);
  }

  isFree([left, top, right, bottom]) {
    return left >= this.left && right <= this.right && !this.boxes.some((box) => left < box[2] && box[0] < right && top < box[3] && box[1] < bottom);
  }
}

/** The words of a mark where there is room for them: beside it, above or under it; fewer, or none, where there is not. */
function markText(member, x, y, room) {
  const relation = member.tie && (RELATIONS[member.tie.relation]?.[0] ?? member.tie.relation);
  const first = member.marker || relation || "";
  const why = member.taken && reasonOf(member.taken);
  const places = [[x + 13, y + 4, "start"], [x - 8, y + 20, "start"], [x - 8, y - 11, "start"], [x + 8, y + 20, "end"], [x + 8, y - 11, "end"], [x - 13, y + 4, "end"]];
  const gap = first && why ? 6 : 0;
  for (const words of [[first, why], [first], [undefined, why]].filter((words) => words.some(Boolean))) {
    const wide = (words[0] ? measured(words[0], true) : 0) + (words[1] ? gap + measured(words[1]) : 0);
    for (const [at, base, anchor] of places) {
      const box = [anchor === "end" ? at - wide : at, base - 11, anchor === "end" ? at : at + wide, base + 4];
      if (!room.isFree(box)) continue;
      room.take(box);
      return svg("text", { class: "beside", x: at, y: base, "text-anchor": anchor }, words[0] && svg("tspan", { class: "what" }, words[0]), words[1] && svg("tspan", { class: "why", dx: words[0] ? gap : 0 }, words[1]));
    }
  }
  return null;
}

/** What is said of a mark. */
function labelOf(member) {
  return `${member.source || "source unknown"}, ${dayOf(member.time)}${member.day ? "" : ` ${clock(member.time)}`}: ${member.headline}${member.taken ? ` (${reasonOf(member.taken)})` : ""}`;
}

/** The heads of all arrows. */
function arrowHeads() {
  const head = (id) => svg("marker", { id: `head-${id}`, class: `head ${id}`, viewBox: "0 0 8 8", refX: 6, refY: 4, markerWidth: 8, markerHeight: 8, orient: "auto-start-reverse" }, svg("path", { d: "M0,0L8,4L0,8z" }));
  return svg("defs", {}, head("plain"), head("bad"));
}

/** Labels along the axis where there is room; of a moment without one a line, unless there are too many. */
function axis(members, x, top, bottom, width, isCrowded) {
  const hours = new Set(members.filter((member) => !member.day).map(({ time }) => time));
  let [edge, day] = [-Infinity, ""];
  return [...new Set(members.map(({ time }) => time))].sort((a, b) => a - b).map((time) => {
    const place = x(time);
    const line = svg("line", { class: "tick", x1: place, x2: place, y1: top, y2: bottom });
    // A day of which no hour is known is no midnight.
    const text = !hours.has(time) ? dayOf(time) : dayOf(time) === day ? clock(time) : `${dayOf(time)}, ${clock(time)}`;
    const room = measured(text);
    const toLeft = place + room > width;
    if ((toLeft ? place - room : place) < edge) return isCrowded ? null : line;
    [edge, day] = [(toLeft ? place : place + room) + 10, dayOf(time)];
    return [line, svg("text", { class: "when", x: place, y: top - 8, "text-anchor": toLeft ? "end" : "start" }, text)];
  }).filter(Boolean);
}

/**
 * The drawing, in so many pixels; `href` makes the address of two members side by side. Of many
 * members `crowd` says whether each source has a lane, and changes that.
 */
function timeline(detail, width, href, crowd) {
  const all = detail.members.map((member, place) => ({ ...member, place }));
  const timed = all.filter((member) => member.time !== null).sort((x, y) => x.time - y.time || x.place - y.place);
  const left = all.length - timed.length;
  const note = left > 0 && el("p", { class: "muted small" }, `${count(left, "version")} without a time ${left === 1 ? "is" : "are"} not drawn.`);
  if (timed.length > DRAWN) {
    const some = lanes(timed).size > CROWDED_LANES[width < 640 ? "narrow" : "wide"] + 1;
    const every = some && el("p", {}, el("button", { type: "button", class: "link", "aria-pressed": String(crowd.every), onclick: crowd.change }, `A lane for each of the ${whole.format(lanes(timed).size)} sources`));
    return [crowdedTimeline(detail, timed, { width, href, every: crowd.every }), every, note].filter(Boolean);
  }
  const members = timed;
  if (members.length === 0) return el("p", { class: "notice" }, "No version says when it was published: there is no timeline to draw.");
  const narrow = width < 640;
  const [gutter, margin, lane, top] = narrow ? [10, 26, 70, 34] : [168, 210, 46, 34];
  const rows = lanes(members);
  const height = top + rows.size * lane + 10;
  const times = members.map((member) => member.time);
  const x = scale(times, gutter + 12, width - margin);
  const laneOf = new Map([...rows.keys()].map((name, i) => [name, top + i * lane + lane / 2 + (narrow ? 4 : 0)]));
  const y = (member) => laneOf.get(member.source || "source unknown");
  const place = new Map(members.map((member) => [member.place, member]));
  const names = [...rows.keys()].map((_, i) => svg("rect", { class: i % 2 ? "lane" : "lane odd", x: 0, y: top + i * lane, width, height: lane }));
  const room = new Room(narrow ? 4 : gutter - 8, width - 6);
  const labels = [...rows.keys()].map((name) => {
    const shown = fitted(name, narrow ? width - 16 : gutter - 24);
    if (narrow) room.take([8, laneOf.get(name) - 34, 8 + measured(shown, true), laneOf.get(name) - 19]);
    return svg("text", { class: "name", x: narrow ? 8 : gutter - 14, y: narrow ? laneOf.get(name) - 22 : laneOf.get(name) + 4, "text-anchor": narrow ? "start" : "end", direction: "ltr" }, shown, svg("title", {}, name));
  });
  members.forEach((member) => room.take([x(member.time) - 8, y(member) - 8, x(member.time) + 8, y(member) + 8]));
  const arrows = members.filter((member) => member.taken && place.has(member.taken.from)).map((member) => {
    const from = place.get(member.taken.from);
    const strong = member.taken.reason === "earlier" ? "weak" : member.taken.reason;
    return svg("path", { class: `arrow ${strong}`, d: arrow(x(from.time), y(from), x(member.time), y(member)), "marker-end": `url(#head-${member.taken.reason === "taken-back" ? "bad" : "plain"})` });
  });
  const marks = members.map((member) => {
    const role = { canonical: member.place === detail.canonical, origin: member.id === detail.origin };
    const label = labelOf(member);
    const link = svg("a", { href: href(member), "aria-label": label }, svg("title", {}, label), svg("circle", { class: "hit", cx: x(member.time), cy: y(member), r: 14 }), mark(member, x(member.time), y(member), role));
    return [link, markText(member, x(member.time), y(member), room)];
  });
  const drawing = svg("svg", { class: "timeline", width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "Timeline: one lane a source, an arrow to each story from whoever it was taken from" },
    arrowHeads(), names, axis(members, x, top, height - 10, width), arrows, labels, marks);
  return [drawing, note].filter(Boolean);
}

function shortened(text, most) {
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : text;
}

/** What the signs of the drawing mean. */
function timelineKey() {
  const sign = (drawn, text) => el("li", {}, svg("svg", { width: 30, height: 16, "aria-hidden": "true" }, drawn), text);
  return el("ul", { class: "key" },
    sign(svg("path", { class: "arrow credit", d: "M2,8H28" }), "says so: credit or version"),
    sign(svg("path", { class: "arrow weak", d: "M2,8H28" }), "merely later"),
    sign([svg("circle", { class: "ring", cx: 15, cy: 8, r: 7 }), svg("circle", { class: "mark", cx: 15, cy: 8, r: 4 })], "had it first"),
    sign(svg("circle", { class: "mark canonical", cx: 15, cy: 8, r: 5 }), "kept version"),
    el("li", { class: "muted" }, "Times are UTC; long waits are drawn shorter."));
}
