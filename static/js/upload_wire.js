// What an upload says to the server and to the storage, and how it is told that something went wrong.

const PATIENCE = 60000; // milliseconds for an answer
export const OUTDATED = "page_expired"; // the code of a refused token
const STALLED = 30000; // milliseconds without a byte sent: on a line that died silently nobody else notices

// Nothing came through, or the server cannot just now: the same again later helps. `busy` when it did answer;
// `later` when it said that it will do it later, which no count of tries decides.
export class Lost extends Error {
  constructor(busy = false, later = false) {
    super("lost");
    Object.assign(this, { busy, later });
  }
}

// An answer that says no; `sentence` is empty where it is not one of ours, such as a proxy's.
export class Refused extends Error {
  constructor(status, answer) {
    super(answer?.code ?? String(status));
    this.status = status;
    this.sentence = answer?.sentence ?? "";
    this.recording = answer?.recording ?? null;
  }
}

// The file on the disk was changed, moved or taken away.
export class Unreadable extends Error {}

const passing = (status) => status === 0 || status === 408 || status === 429 || status >= 500;

export class Server {
  // `token` goes with each question; who signs in again in another tab gets another, told at `renewal`.
  constructor(token, renewal) {
    this.token = token;
    this.renewal = renewal;
  }

  // The JSON of an answer. Throws Lost, Refused, or what the signal says.
  async ask(method, address, signal, body) {
    try {
      return await this.#asked(method, address, signal, body);
    } catch (error) {
      if (error.message !== OUTDATED) throw error;
    }
    this.token = (await this.#asked("GET", this.renewal, signal)).token;
    return this.#asked(method, address, signal, body);
  }

  async #asked(method, address, signal, body) {
    const headers = { Accept: "application/json", "X-CSRFToken": this.token };
    if (body) headers["Content-Type"] = "application/json";
    const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
    let response;
    let answer;
    try {
      response = await fetch(address, { method, headers, body: body && JSON.stringify(body), signal: limit });
      answer = await response.json().catch(() => null);
    } catch {
      signal.throwIfAborted();
      throw new Lost();
    }
    signal.throwIfAborted();
    if (response.ok) return answer;
    if (passing(response.status)) throw new Lost(true, response.status === 503 || response.status === 429);
    throw new Refused(response.status, answer);
  }
}

// Sends one part where a link leads. Throws Lost, Refused (the link is used up), Unreadable, or what the signal says.
export async function sendPart(link, blob, signal, told) {
  const status = await put(link, blob, signal, told);
  signal.throwIfAborted();
  if (status >= 200 && status < 300) return;
  if (status === 0) await readable(blob);
  if (passing(status)) throw new Lost(status !== 0);
  throw new Refused(status, null);
}

// fetch does not tell how far a body has got, so this is an XMLHttpRequest.
function put(link, blob, signal, told) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let timer;
    const wait = (milliseconds) => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), milliseconds);
    };
    const abort = () => request.abort();
    request.open("PUT", link.url);
    for (const [name, value] of Object.entries(link.headers ?? {})) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => {
      wait(STALLED);
      told(event.loaded);
    });
    request.upload.addEventListener("load", () => wait(PATIENCE));
    request.addEventListener("loadend", () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      resolve(request.status);
    });
    signal.addEventListener("abort", abort);
    wait(STALLED);
    request.send(blob);
  });
}

// A file that cannot be read looks like a lost connection to the request that sends it.
async function readable(blob) {
  try {
    await blob.slice(0, 1).arrayBuffer();
  } catch {
    throw new Unreadable();
  }
}
