// From the printings of a passage to a small drawing of when they came.

/** Printings up to which each has a mark; beyond, bars say how many came when. */
const MARKED = 400;
/** Printings up to which marks have the names of their outlets. */
const NAMED_MARKS = 40;
/** Lines of marks, at most. */
const LINES = 14;

/** From the first moment to the last: a day is drawn whole. */
function reachOf(dated) {
  const ends = dated.map(({ time, day }) => (day ? time + 86400 : time));
  return [Math.min(...dated.map(({ time }) => time)), Math.max(...ends)];
}

/** Places of the marks: from, to, and on which line; null where there are too many lines. */
function placed(dated, x, width, isNamed) {
  const room = new Room(0, width);
  const marks = [];
  for (const printing of dated) {
    const [from, to] = [x(printing.time), printing.day ? x(printing.time + 86400) : x(printing.time)];
    const name = isNamed && fitted(nameOfPrinting(printing), width / 3);
    const wide = name ? measured(name, true) + 12 : 0;
    // Beside its mark, or over it where that leaves no room at either side.
    const side = to + 8 + wide <= width ? "start" : from - 8 - wide >= 0 ? "end" : "middle";
    const [left, right] = { start: [from - 8, to + 8 + wide], end: [from - 8 - wide, to + 8], middle: [from - 8, to + 8] }[side];
    let line = 0;
    const box = () => [Math.max(0, left), line * 22, Math.min(width, right), line * 22 + 20];
    while (line < LINES && !room.isFree(box())) line++;
    if (line === LINES) return null;
    room.take(box());
    marks.push({ printing, from, to, line, name, side });
  }
  return marks;
}

/** Labels of the axis where there is room: the days, or hours, on which something was printed. */
function daysAlong(dated, x, width, bottom) {
  let [edge, last] = [-Infinity, ""];
  return dated.map(({ time, day }) => {
    const place = x(time);
    const text = day || dayOf(time) !== last ? dayOf(time) : clock(time);
    const room = measured(text);
    const toLeft = place + room > width;
    if ((toLeft ? place - room : place) < edge) return null;
    [edge, last] = [(toLeft ? place : place + room) + 12, dayOf(time)];
    return [svg("line", { class: "tick", x1: place, x2: place, y1: 22, y2: bottom }), svg("text", { class: "when", x: place, y: 14, "text-anchor": toLeft ? "end" : "start" }, text)];
  }).filter(Boolean);
}

/**
 * The drawing, in so many pixels, of printings in the order of time; `href` makes the address of one.
 * Nothing where all is of one moment.
 */
function course(printings, width, firsts, href) {
  const dated = printings.map((printing, place) => ({ ...printing, place })).filter(({ time }) => time !== null);
  if (dated.length < 2) return null;
  const [start, end] = reachOf(dated);
  if (end === start) return null;
  const x = (time) => 10 + ((time - start) / (end - start)) * (width - 20);
  const marks = dated.length <= MARKED && (placed(dated, x, width, dated.length <= NAMED_MARKS) ?? placed(dated, x, width, false));
  if (!marks) return volumeBars(volumeOf(dated), "printing");
  const [top, bottom] = [28, 34 + 22 * (1 + Math.max(...marks.map(({ line }) => line)))];
  const drawn = marks.map(({ printing, from, to, line, name, side }) => {
    const y = top + line * 22 + 10;
    const first = firsts.has(printing.place);
    const label = `${nameOfPrinting(printing)}, ${dayOf(printing.time)}${printing.day ? "" : ` ${clock(printing.time)}`}${first ? `: ${firsts.size === 1 ? "printed first" : "among the first"}` : ""}`;
    const wide = to - from > 12;
    return svg("a", { href: href(printing.place), "aria-label": label }, svg("title", {}, label),
      svg("rect", { class: "hit", x: from - 9, y: y - 10, width: to - from + 18, height: 20, rx: 6 }),
      wide ? svg("rect", { class: `mark${first ? " canonical" : ""}`, x: from, y: y - 4, width: to - from, height: 8, rx: 4 }) : [first && svg("circle", { class: "ring", cx: (from + to) / 2, cy: y, r: 8 }), svg("circle", { class: `mark${first ? " canonical" : ""}`, cx: (from + to) / 2, cy: y, r: 4.5 })],
      name && svg("text", { class: "name", x: { start: to + 11, end: from - 11, middle: (from + to) / 2 }[side], y: y + 4, "text-anchor": side, direction: "ltr" }, name));
  });
  return svg("svg", { class: "timeline course", width, height: bottom, viewBox: `0 0 ${width} ${bottom}`, role: "group", "aria-label": "The printings in time" }, daysAlong(dated, x, width, bottom - 4), drawn);
}

/** What the signs of the drawing mean. */
function courseKey(dated, firsts) {
  const sign = (drawn, text) => el("li", {}, svg("svg", { width: 30, height: 16, "aria-hidden": "true" }, drawn), text);
  const hasHours = dated.some(({ day }) => !day);
  return el("ul", { class: "key" },
    sign([svg("circle", { class: "ring", cx: 15, cy: 8, r: 7 }), svg("circle", { class: "mark canonical", cx: 15, cy: 8, r: 4 })], firsts.size > 1 ? "among the first" : "printed first"),
    dated.some(({ day }) => day) && sign(svg("rect", { class: "mark", x: 3, y: 4, width: 24, height: 8, rx: 4 }), "a day; no hour is known"),
    hasHours && el("li", { class: "muted" }, "Hours are UTC."));
}
