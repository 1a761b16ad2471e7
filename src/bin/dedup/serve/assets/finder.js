// From what the list is asked for to reports that the server finds, page by page, and to a file of
// them all.

const DESK_SORTS = { newest: ["Latest in"], oldest: ["First in"], largest: ["Most versions"], weakest: ["Weakest tie"] };

/** Which version stands for a report while it is read. */
const STANDS = { "": "kept version", first: "first version", last: "last version", longest: "longest version", source: "ticked sources’ version" };

/** Reports of one page, and how many there must be before the reader is shown any. */
const PAGE = 100;
const ENOUGH = 20;
/** Stories without listed words that one page looks through. */
const SOON = 2000;

/** What the server is asked for. */
function questionOf(state) {
  const question = parametersOf(state);
  const { from, to } = spanOf(state);
  question.delete("from");
  question.delete("to");
  if (!DESK_SORTS[question.get("sort")]) question.delete("sort");
  const stands = state.stands === "source" ? state.chosen.sources.size && `source:${[...state.chosen.sources].join(",")}` : STANDS[state.stands] && state.stands;
  question.delete("stands");
  if (stands) question.append("stands", stands);
  if (from !== undefined) question.append("since", iso(from));
  if (to !== undefined) question.append("until", iso(to));
  return question.toString();
}

/** Finds on the server; what was found last stays in `desk` for whoever comes back to the list. */
function deskFinder(desk) {
  const values = () => {
    const seen = { flags: Object.keys(FLAGS), relations: Object.keys(RELATIONS).filter((name) => !["roundup", "related", "template"].includes(name)), sources: desk.sources, agencies: [...desk.agencies].sort(), languages: [...desk.languages].sort() };
    return Object.fromEntries(Object.entries(seen).map(([name, all]) => [name, new Map(all.map((value, place) => [value, all.length - place]))]));
  };
  const result = (state) => {
    const n = whole.format(desk.rows.length);
    const narrowed = questionOf({ ...state, sort: "newest", stands: "" }) !== "";
    const all = narrowed ? `${count(desk.rows.length, "report")} found` : count(desk.stats.clusters, "report");
    const told = desk.next !== null ? (narrowed ? `The first ${n} found` : `The first ${n} of ${count(desk.stats.clusters, "report")}`) : desk.rows.length ? all : "No report matches. Loosen a filter.";
    // A page looks through so many; beyond, the reader should know why it takes longer.
    const slow = desk.unlisted > SOON ? ` The words of ${whole.format(desk.unlisted)} stories are still being listed: until then these are looked through one by one.` : "";
    return { shown: desk.rows, counts: values(), more: desk.next !== null, told: told + slow };
  };
  /** Who asks last is answered: whether another has asked since, in this view or in one that was left. */
  const overtaken = () => {
    const mine = (desk.turn = (desk.turn ?? 0) + 1);
    return () => mine !== desk.turn;
  };
  /** Asks for pages until there are `enough` rows more, or none are left. */
  async function grow(question, enough, stopped, tell) {
    const wanted = desk.rows.length + enough;
    do {
      const page = await asked(`clusters?limit=${PAGE}${question ? `&${question}` : ""}${desk.next === null ? "" : `&before=${desk.next}`}`);
      if (stopped()) return false;
      desk.rows.push(...page.clusters);
      desk.next = page.next;
      desk.unlisted = page.unlisted ?? 0;
      for (const row of page.clusters) {
        ids.set(row.number, row.id);
        row.agencies.forEach((agency) => desk.agencies.add(agency));
        row.languages.forEach((language) => desk.languages.add(language));
      }
      if (desk.next !== null) tell(`Looking … ${count(desk.rows.length, "report")} so far`);
    } while (desk.rows.length < wanted && desk.next !== null);
    return true;
  }
  return {
    sorts: DESK_SORTS, stands: STANDS, total: desk.stats.clusters, hint: "Search headlines, texts, “quotes”, sources, ids", counted: false,
    async find(state, stopped, tell) {
      if (!DESK_SORTS[state.sort]) state.sort = "newest";
      const [question, late] = [questionOf(state), overtaken()];
      if (desk.question !== question) {
        // A reader who types is waited for.
        if (desk.question !== null) await new Promise((done) => setTimeout(done, 120));
        if (stopped() || late()) return null;
        Object.assign(desk, { question: null, rows: [], next: null });
        if (!(await grow(question, ENOUGH, () => stopped() || late(), tell))) return null;
        desk.question = question;
      }
      return result(state);
    },
    async further(state) {
      const whole = await grow(questionOf(state), ENOUGH, overtaken(), announce);
      announce("");
      return whole ? result(state) : null;
    },
  };
}

const FILES = { jsonl: "JSON lines", csv: "CSV", graphml: "GraphML", gexf: "GEXF" };

/** A menu that saves all that matches, as the server writes it. */
function deskExport(desk) {
  const run = (format) => async () => {
    menu.open = false;
    announce(`${FILES[format]}: collecting …`);
    try {
      const response = await answered(`export?format=${format}&${questionOf(desk.state)}`);
      const [reports, leftOut] = ["Dedup-Reports", "Dedup-Left-Out"].map((name) => Number(response.headers.get(name)));
      save([await response.blob()], `reports.${format}`, response.headers.get("Content-Type"));
      announce(`Saved ${count(reports, "report")} as reports.${format}.${leftOut ? ` ${whole.format(leftOut)} more match and were left out.` : ""}`);
      if (!leftOut) setTimeout(() => announce(""), 4000);
    } catch (error) {
      announce(`Not saved: ${error.message}`);
    }
  };
  const menu = el("details", { class: "menu export" }, el("summary", {}, "Export"), el("ul", {}, Object.entries(FILES).map(([format, name]) => el("li", {}, el("button", { type: "button", onclick: run(format) }, name)))));
  return menu;
}
