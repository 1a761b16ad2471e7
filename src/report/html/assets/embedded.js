// From the data inside the page to the source that the views read.

/** What the element with this id holds; the element is emptied, so that it is kept once only. */
function held(id) {
  const element = document.getElementById(id);
  const value = JSON.parse(element.textContent);
  element.remove();
  return value;
}

/** An entry, unpacked where it is packed. */
async function unpacked(entry) {
  if (typeof entry !== "string") return entry;
  const bytes = Uint8Array.from(atob(entry), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).json();
}

const once = (id) => {
  let value;
  return () => (value ??= held(id));
};
const [heldReports, heldApart] = [once("reports"), once("apart")];

start({
  summary: async () => held("summary"),
  rows: async () => held("rows"),
  report: async (place) => unpacked(heldReports()[place]),
  apart: async (place) => unpacked(heldApart()[place]),
}).catch((error) => {
  document.getElementById("content").replaceChildren(el("p", { class: "notice" }, `This page cannot show its data: ${error.message}`));
});
