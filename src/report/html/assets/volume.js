// From counts by stretch of time to bars: how many stories came when.

const STRETCHES = { 3600: "hour", 86400: "day", 604800: "week", 2592000: "thirty days", 31536000: "year" };
/** Stretches that are drawn at most. */
const BARS = 120;

/**
 * Times of stories by the shortest stretch of which there are few enough: `{step, counts}`, and how many
 * are left out because no hour of theirs is known; where that is most of them, days are counted.
 */
function volumeOf(stories) {
  const dated = stories.filter(({ time }) => time !== null);
  const exact = dated.filter(({ day }) => !day);
  const all = dated.map(({ time }) => time);
  const span = Math.max(...all) - Math.min(...all);
  const steps = Object.keys(STRETCHES).map(Number).filter((one) => one >= 86400 || 2 * exact.length >= dated.length);
  const step = steps.find((one) => span / one < BARS) ?? steps.at(-1);
  const known = step < 86400 ? exact.map(({ time }) => time) : all;
  const isLong = step >= 2592000;
  // Months and years are those of the calendar.
  const startOf = (time) => (isLong ? Date.UTC(at(time).getUTCFullYear(), step === 2592000 ? at(time).getUTCMonth() : 0) / 1000 : Math.floor(time / step) * step);
  const counts = new Map();
  for (const time of known) {
    const start = startOf(time);
    counts.set(start, (counts.get(start) ?? 0) + 1);
  }
  return { step, ofCalendar: isLong, leftOut: dated.length - known.length, counts: [...counts].sort(([x], [y]) => x - y) };
}

/** Bars of the counts, by time; the tallest says how many it stands for. */
function volumeBars({ step, counts, ofCalendar, leftOut }, one, many = `${one}s`) {
  if (counts.length < 2) return null;
  const [first, last] = [counts[0][0], counts.at(-1)[0]];
  const slots = Math.min(Math.round((last - first) / step) + 1, 4 * BARS);
  const most = Math.max(...counts.map(([, n]) => n));
  const [width, height] = [100 / slots, 40];
  const written = (start) => {
    if (ofCalendar) return step === 2592000 ? dayOf(start).replace(/^1 /, "") : String(at(start).getUTCFullYear());
    return step < 86400 ? `${dayOf(start)} ${clock(start)}` : dayOf(start);
  };
  const when = (start) => (step < 86400 ? moment(start) : written(start));
  const bar = ([start, n]) => svg("rect", { class: "column", x: (((start - first) / step) * width).toFixed(3), y: (height - (height * n) / most).toFixed(2), width: Math.max(width * 0.86, 0.2).toFixed(3), height: ((height * n) / most).toFixed(2) }, svg("title", {}, `${written(start)}: ${whole.format(n)}`));
  const tallest = counts.find(([, n]) => n === most);
  const words = `${count(most, one, many)} in the busiest ${ofCalendar && step === 2592000 ? "month" : STRETCHES[step] ?? "stretch"}, ${written(tallest[0])}${leftOut ? `; ${whole.format(leftOut)} without an hour left out` : ""}`;
  return el("figure", { class: "volume" },
    svg("svg", { viewBox: `0 0 100 ${height}`, preserveAspectRatio: "none", role: "img", "aria-label": words }, counts.map(bar)),
    el("figcaption", {}, el("span", {}, when(first)), el("span", { class: "muted" }, words), el("span", {}, when(last))));
}
