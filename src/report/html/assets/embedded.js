// From the data inside the page of a report to the source that its views read.

/** All rows, read batch by batch. */
async function allRows() {
  const rows = [];
  const batches = document.querySelectorAll("script[id^=rows-]").length;
  await unhurried(batches, (number) => rows.push(...held(`rows-${number}`)));
  return rows;
}

start({ summary: async () => held("summary"), rows: allRows, report: entries("reports"), apart: entries("apart") }).catch(unreadable);
