// From the API of the server to plain data, with the token that the reader has given.

/** A token stays as long as the tab. */
const token = {
  get: () => { try { return sessionStorage.getItem("dedup-token") ?? token.held; } catch { return token.held; } },
  set(value) { token.held = value; try { sessionStorage.setItem("dedup-token", value); } catch { /* it lasts as long as the page */ } },
};

/** What the server says it cannot do, in its words. */
class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

function withToken(headers) {
  return token.get() ? { ...headers, Authorization: `Bearer ${token.get()}` } : headers;
}

/** The answer of the server. */
async function answered(path, { method = "GET", body, type } = {}) {
  const response = await fetch(`/api/v1/${path}`, { method, body, headers: withToken(type ? { "Content-Type": type } : {}) }).catch(() => {
    throw new Refused(0, "The server does not answer.");
  });
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new Refused(response.status, problem.detail ?? response.statusText);
}

/** The same as data. */
const asked = async (path, how) => (await answered(path, how)).json();

/** The story of a number: by it, addresses stay the same while ids may hold anything. */
const ids = new Map();

async function idOf(number) {
  if (!ids.has(number)) ids.set(number, (await asked(`numbers/${number}`)).id);
  return ids.get(number);
}

const part = encodeURIComponent;

async function reportOf(number) {
  return asked(`clusters/${part(await idOf(number))}`);
}

/** Events of a stream, one after the other. */
async function* eventsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
      const event = { data: "" };
      for (const line of rest.slice(0, end).split("\n")) {
        const colon = line.indexOf(":");
        if (colon > 0) event[line.slice(0, colon)] = line.slice(colon + 1).replace(/^ /, "");
      }
      rest = rest.slice(end + 2);
      if (event.event) yield event;
    }
  }
}

/**
 * Listens for arrivals after number `last` as long as the page is open. Not by EventSource, which
 * sends no token. `connected` is told whether the server is heard.
 */
async function listen(arrived, connected, last) {
  let wait = 1000;
  for (;;) {
    try {
      const response = await fetch("/api/v1/events", { headers: withToken({ "Last-Event-ID": String(last) }) });
      if (!response.ok) throw new Refused(response.status, response.statusText);
      for await (const { event, data } of eventsOf(response)) {
        const told = JSON.parse(data);
        if (event === "ready") {
          wait = 1000;
          connected(true);
        } else if (event === "arrival") {
          last = told.number;
          arrived(told);
        }
      }
    } catch { /* told below, and tried again */ }
    connected(false);
    await new Promise((done) => setTimeout(done, wait));
    wait = Math.min(2 * wait, 15000);
  }
}
