// From what the list shows to its address, and back: so that reload, a bookmark and a link to a
// colleague show the same.

/** The parameters of a state; what is as usual is left out. */
function parametersOf(state) {
  const usual = everything();
  const found = new URLSearchParams();
  for (const [key, name] of [["query", "q"], ["sort", "sort"], ["stands", "stands"], ["from", "from"], ["to", "to"]]) {
    if (state[key] !== usual[key]) found.append(name, state[key]);
  }
  for (const [key, facet] of Object.entries(FACETS)) state.chosen[key].forEach((value) => found.append(facet[3], value));
  return found;
}

/** Puts into `state` what the address of the list says, if it says anything. */
function takeFromAddress(state) {
  const [, given] = location.hash.split(/^#\/\?/);
  if (given === undefined) return;
  const parameters = new URLSearchParams(given);
  const day = (name) => (/^\d{4}-\d\d-\d\d$/.test(parameters.get(name) ?? "") ? parameters.get(name) : "");
  const { scroll, open } = state;
  Object.assign(state, everything(), { scroll, open, query: parameters.get("q") ?? "", sort: parameters.get("sort") ?? "newest", stands: parameters.get("stands") ?? "", from: day("from"), to: day("to") });
  for (const [key, facet] of Object.entries(FACETS)) state.chosen[key] = new Set(parameters.getAll(facet[3]));
}

/** Says in the address of the list what it shows. */
function keepInAddress(state) {
  if (!LIST.test(location.hash)) return;
  const parameters = parametersOf(state).toString();
  const address = parameters ? `#/?${parameters}` : "#/";
  if (address !== (location.hash || "#/")) history.replaceState(null, "", address);
}

/** The addresses of the list. */
const LIST = /^(?:#?\/?|#\/\?.*)$/;
