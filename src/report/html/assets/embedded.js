// From the data inside the page of a report to the source that its views read.

/** All rows of a kind, numbered from 1, read batch by batch. */
async function allRows(name) {
  const rows = [];
  const batches = document.querySelectorAll(`script[id^=${name}-]`).length;
  await unhurried(batches, (number) => rows.push(...held(`${name}-${number}`)));
  rows.forEach((row, place) => (row.number = place + 1));
  return rows;
}

/** Shows the page; what `extend` gives is shown beside reports. */
function startPage(extend) {
  start({ summary: async () => held("summary"), rows: () => allRows("rows"), report: entries("reports"), apart: entries("apart") }, extend).catch(unreadable);
}
