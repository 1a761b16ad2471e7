// From names, attributes and children to elements. Text becomes text nodes, never markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "vars") Object.entries(value).forEach(([key, v]) => node.style.setProperty(key, v));
    else if (name === "value") node.value = value;
    else if (name === "checked") node.checked = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

/** An element with attributes, listeners (`onclick`) and custom properties (`vars`). */
function el(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same for a drawing. */
function svg(name, attributes, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

/** A language as browsers know it; nothing where they do not: whoever sends a story may call it anything. */
function languageTag(code) {
  try {
    return code ? Intl.getCanonicalLocales(code)[0] : undefined;
  } catch {
    return undefined;
  }
}

/** Text of a story, whatever way it runs. */
function told(text, className, language) {
  return el("bdi", { dir: "auto", class: className, lang: languageTag(language) }, text);
}

/** Text for ears only. */
function unseen(text) {
  return el("span", { class: "unseen" }, text);
}

/** Milliseconds that work may take before the page gets its turn. */
const TURN = 10;

/** Lets the page draw and take input. */
function turn() {
  return globalThis.scheduler?.yield ? scheduler.yield() : new Promise((done) => setTimeout(done));
}

/**
 * Works through `count` items without holding up the page; ends early, with false, once `stopped`
 * says so.
 */
async function unhurried(count, each, stopped = () => false) {
  let since = performance.now();
  for (let i = 0; i < count; i++) {
    const work = each(i);
    if (work instanceof Promise) await work;
    if (performance.now() - since > TURN) {
      await turn();
      if (stopped()) return false;
      since = performance.now();
    }
  }
  return !stopped();
}

/** A sentence for whoever listens to the page, and, for a while, in its corner. */
function announce(text) {
  const status = document.getElementById("status");
  status.textContent = text;
  status.classList.toggle("quiet", !text);
}
