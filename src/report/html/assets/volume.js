// From counts by stretch of time to bars: how many stories came when.

const STRETCHES = { 3600: "hour", 86400: "day", 604800: "week", 2592000: "thirty days", 31536000: "year" };
/** Stretches that are drawn at most. */
const BARS = 120;

/** Times of stories by the shortest stretch of which there are few enough: `{step, counts}`. */
function volumeOf(times) {
  const known = times.filter((time) => time !== null);
  const [first, last] = [Math.min(...known), Math.max(...known)];
  const steps = Object.keys(STRETCHES).map(Number);
  const step = steps.find((one) => (last - first) / one < BARS) ?? steps.at(-1);
  const counts = new Map();
  for (const time of known) {
    const start = Math.floor(time / step) * step;
    counts.set(start, (counts.get(start) ?? 0) + 1);
  }
  return { step, counts: [...counts].sort(([x], [y]) => x - y) };
}

/** Bars of the counts, by time; the tallest says how many it stands for. */
function volumeBars({ step, counts }, many) {
  if (counts.length < 2) return null;
  const [first, last] = [counts[0][0], counts.at(-1)[0]];
  const slots = Math.min(Math.round((last - first) / step) + 1, 4 * BARS);
  const most = Math.max(...counts.map(([, n]) => n));
  const [width, height] = [100 / slots, 40];
  const when = (start) => (step < 86400 ? moment(start) : dayOf(start));
  const bar = ([start, n]) => svg("rect", { class: "bar", x: (((start - first) / step) * width).toFixed(3), y: (height - (height * n) / most).toFixed(2), width: Math.max(width * 0.86, 0.2).toFixed(3), height: ((height * n) / most).toFixed(2) }, svg("title", {}, `${step < 86400 ? `${dayOf(start)} ${clock(start)}` : dayOf(start)}: ${whole.format(n)}`));
  const tallest = counts.find(([, n]) => n === most);
  const words = `${whole.format(most)} ${many} in the busiest ${STRETCHES[step] ?? "stretch"}, ${step < 86400 ? `${dayOf(tallest[0])} ${clock(tallest[0])}` : dayOf(tallest[0])}`;
  return el("figure", { class: "volume" },
    svg("svg", { viewBox: `0 0 100 ${height}`, preserveAspectRatio: "none", role: "img", "aria-label": words }, counts.map(bar)),
    el("figcaption", {}, el("span", {}, when(first)), el("span", { class: "muted" }, words), el("span", {}, when(last))));
}
