// From what the list shows to its address, and back: so that reload, a bookmark and a link to a
// colleague show the same.

/** The parameters of a state; what is as usual is left out. */
function parametersOf(state) {
  const usual = everything(state.kind);
  const found = new URLSearchParams();
  for (const [key, name] of [["query", "q"], ["sort", "sort"], ["stands", "stands"], ["from", "from"], ["to", "to"]]) {
    if (state[key] !== usual[key]) found.append(name, state[key]);
  }
  for (const [key, facet] of Object.entries(state.kind.facets)) state.chosen[key].forEach((value) => found.append(facet[3], value));
  return found;
}

/** Puts into `state` what the address of the list says, if it says anything. */
function takeFromAddress(state) {
  const { base, sorts, sort, facets } = state.kind;
  if (!location.hash.startsWith(`${base}?`)) return;
  const parameters = new URLSearchParams(location.hash.slice(base.length + 1));
  const day = (name) => (/^\d{4}-\d\d-\d\d$/.test(parameters.get(name) ?? "") ? parameters.get(name) : "");
  const { scroll, open } = state;
  const sorted = Object.hasOwn(sorts, parameters.get("sort") ?? "") ? parameters.get("sort") : sort;
  Object.assign(state, everything(state.kind), { scroll, open, query: parameters.get("q") ?? "", sort: sorted, stands: parameters.get("stands") ?? "", from: day("from"), to: day("to") });
  for (const [key, facet] of Object.entries(facets)) state.chosen[key] = new Set(parameters.getAll(facet[3]));
}

/** Says in the address of the list what it shows. */
function keepInAddress(state) {
  const { at, base } = state.kind;
  if (!at.test(location.hash)) return;
  const parameters = parametersOf(state).toString();
  const address = parameters ? `${base}?${parameters}` : base;
  if (address !== (location.hash || "#/")) history.replaceState(null, "", address);
}

/** The addresses of the list. */
const LIST = /^(?:#?\/?|#\/\?.*)$/;
