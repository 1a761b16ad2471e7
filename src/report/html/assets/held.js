// From the data inside a page to entries, for whoever shows them.

/** Entries of one element; the program says the same. */
const BATCH = 256;

/** What the element with this id holds; `undefined` where there is none. */
function held(id) {
  const element = document.getElementById(id);
  return element && JSON.parse(element.textContent);
}

/** An entry, unpacked where it is packed. */
async function unpacked(entry) {
  if (typeof entry !== "string") return entry;
  const bytes = Uint8Array.from(atob(entry), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).json();
}

/** Entries by place; the batch read last is kept, for whoever goes through all of them. */
function entries(name) {
  let [number, batch] = [-1, []];
  return async (place) => {
    const wanted = Math.floor(place / BATCH);
    if (wanted !== number) [number, batch] = [wanted, held(`${name}-${wanted}`) ?? []];
    return unpacked(batch[place % BATCH]);
  };
}

/** What is shown where the data cannot be read. */
function unreadable(error) {
  document.getElementById("content").replaceChildren(el("p", { class: "notice" }, `This page cannot show its data: ${error.message}`));
}
