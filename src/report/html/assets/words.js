// From the values of a run to plain words, numbers and times.

const RELATIONS = {
  identical: ["identical", "the same words in the same order"],
  copy: ["copy", "one is the other with small changes"],
  edited: ["edited", "most of each is found in the other, in order"],
  excerpt: ["excerpt", "contained in the other"],
  extended: ["extended", "contains the other"],
  update: ["update", "a later version by the same source"],
  correction: ["correction", "puts the other right or takes it back"],
  repeat: ["repeat", "the same version sent again"],
  rewrite: ["rewrite", "the same report, retold"],
  translation: ["translation", "the same report in another language"],
  roundup: ["round-up", "holds the other’s report among others"],
  related: ["related", "the same matter, but another report"],
  template: ["template", "one form with other facts: two reports"],
};

const MIRRORED = { excerpt: "extended", extended: "excerpt" };

const FLAGS = {
  kill: ["kill notice", "takes the report back", "bad"],
  killed: ["killed", "its own source took it back", "bad"],
  "still-live": ["still live", "the report was taken back; this copy still runs", "bad"],
  correction: ["correction", "puts something right", "warn"],
  corrected: ["corrected since", "its own source put it right", "warn"],
  "before-correction": ["before correction", "taken from a version that was put right since", "warn"],
};

const CREDITS = {
  kept: ["✓", "credit kept", "It names the agency that is due."],
  removed: ["✕", "credit removed", "It names no agency, though one is due."],
  replaced: ["⇄", "credit replaced", "It names another agency than the one that is due."],
};

const SIGNALS = {
  topic: "rare words in common, wherever they stand",
  "kept in order": "words kept in their order",
  "kept under a credit": "words kept where one credits the other’s agency",
  "swapped numbers": "other numbers in the same frame",
  "same substitution": "one wording for another, again and again",
  "other numbers": "figures of the lead that the other lacks",
  "headline apart": "words of a headline that the other story lacks",
  "one source, later": "days between two stories of one outlet",
  "two outlets": "two outlets printed them",
  "one form": "one outlet’s form under two headlines",
  "one keyword": "one wire sent both under one keyword",
};

const SETTINGS = {
  level: "Level",
  threshold: "Copy from a Jaccard similarity of",
  shingle: "Words a shingle",
  window: "Versions are at most this far apart",
  linkage: "Linkage",
  keep: "Version kept",
  keep_furniture: "Furniture is compared",
};

/** Why the one took it from the other. */
function reasonOf({ reason, agency }) {
  const said = {
    version: "later version, same source",
    "taken-back": "takes it back",
    credit: `credits ${agency}`,
    earlier: "published later",
    "common-source": `both credit ${agency}`,
    nothing: "nothing tells who took it from whom",
  };
  return said[reason] ?? reason;
}

const whole = new Intl.NumberFormat("en-GB");
const count = (n, one, many = `${one}s`) => `${whole.format(n)} ${n === 1 ? one : many}`;
const two = (n) => n.toFixed(2).replace("-", "−");
const signed = (n) => (n < 0 ? "−" : "+") + Math.abs(n).toFixed(2);

/** A number from 0 to 1, never rounded up: 1.00 is one, here as on a terminal. */
const certainty = (n) => (Math.floor(Math.round(n * 1e6) / 1e4) / 100).toFixed(2);
const percent = (share) => `${Math.floor(Math.round(share * 1e6) / 1e4)} %`;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const padded = (n) => String(n).padStart(2, "0");
const at = (seconds) => new Date(seconds * 1000);
const dayOf = (seconds) => `${at(seconds).getUTCDate()} ${MONTHS[at(seconds).getUTCMonth()]} ${at(seconds).getUTCFullYear()}`;
const clock = (seconds) => `${padded(at(seconds).getUTCHours())}:${padded(at(seconds).getUTCMinutes())}`;
const iso = (seconds) => at(seconds).toISOString().replace(".000Z", "Z");

/** When a story was published, as the program writes it; empty where that is not known. */
function timeOf({ time, day }) {
  if (time === null) return "";
  return day ? iso(time).slice(0, 10) : iso(time);
}

/** A moment in UTC, or a day of which no hour is known. */
function moment(seconds, isDay) {
  if (seconds === null || seconds === undefined) return el("span", { class: "muted" }, "no time");
  if (isDay) return el("time", { datetime: iso(seconds).slice(0, 10), title: "no hour is known" }, dayOf(seconds));
  return el("time", { datetime: iso(seconds), title: `${iso(seconds)} (UTC)` }, `${dayOf(seconds)}, ${clock(seconds)}`);
}

/** A stretch of time in its two largest units. */
function lasting(seconds) {
  const units = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  const first = units.findIndex(([size]) => Math.abs(seconds) >= size);
  if (first < 0) return "0 s";
  const [[size, name], next] = [units[first], units[first + 1]];
  const most = Math.floor(Math.abs(seconds) / size);
  // Of months and years nobody counts the hours.
  const rest = next && !(name === "d" && most >= 30) ? Math.floor((Math.abs(seconds) % size) / next[0]) : 0;
  return `${seconds < 0 ? "−" : ""}${most} ${name}${rest ? ` ${rest} ${next[1]}` : ""}`;
}

const languages = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });

function languageName(code) {
  try {
    return languages.of(code);
  } catch {
    return code;
  }
}

/** Letters without case and marks, as a search compares them. */
function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
