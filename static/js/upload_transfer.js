// One file on its way. What the server has is asked of it at each beginning, and never remembered: so going on
// after a pause, a lost connection or a reload is the same thing, and no byte that arrived is sent again.

import { Lost, OUTDATED, Refused, Unreadable, sendPart } from "./upload_wire.js";

const AT_ONCE = 3; // parts sent beside each other to a storage server; our own has few threads, so it gets one
const LINKS = 10; // asked for at a time; they live for an hour
const TRIES = 3; // of one part, before the whole pauses
const ROUNDS = 6; // of sending and finishing, where the storage does not keep what it takes
// Refusals after which the upload's own state tells how it goes on: another tab was faster, or the storage lost something.
const OVERTAKEN = new Set([
  "parts_missing",
  "content_missing",
  "content_received",
  "upload_checking",
  "upload_finished",
  "upload_replaced",
]);
const EVERY = 2000; // milliseconds between looks while the server checks the file
const PAUSES = [1000, 2000, 5000, 10000, 20000, 30000]; // milliseconds before going on by itself

// Sleeps, but not longer than until the connection is back or the signal comes.
function sleep(milliseconds, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    window.addEventListener("online", done);
    signal.addEventListener("abort", done);
  });
}

// By which the server knows the file again: what it is called, how large it is and when it was changed.
export function clientKey(file) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(file.name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `${file.size}-${file.lastModified}-${hash.toString(16)}`;
}

// States: waiting, preparing, sending, lost, busy, checking; paused, halted and stopped, which want somebody to
// go on; done, refused. `file` is null for one that was begun before this page and whose file is not chosen yet.
export class Transfer {
  #links = new Map();
  #asking = null;
  #stop = new AbortController();
  #underway = new Map();
  #kept = 0;
  #breaks = 0;
  #answered = false;

  // `begin(signal)` gives the upload's facts the first time; `changed(transfer)` is told of every change.
  constructor({ server, file = null, begin, facts = null, changed }) {
    Object.assign(this, { server, file, begin, facts, changed });
    this.state = "waiting";
    this.sentence = "";
    this.recording = null;
  }

  get size() {
    return this.file?.size ?? this.facts.size;
  }

  // The server still has what was sent of it, even where this page could not go on.
  get isKept() {
    return Boolean(this.facts) && this.facts.state !== "refused" && this.trouble !== "gone";
  }

  get sent() {
    let sent = this.#kept;
    for (const bytes of this.#underway.values()) sent += bytes;
    return sent;
  }

  async start() {
    this.#stop = new AbortController();
    this.#breaks = 0;
    this.sentence = "";
    this.#become("preparing");
    for (;;) {
      try {
        await this.#steps(this.#stop.signal);
        return;
      } catch (error) {
        if (this.#stop.signal.aborted) return; // whoever stopped it has said what it is now
        if (!(error instanceof Lost)) {
          this.#fail(error);
          return;
        }
        // The server answers and the storage does not, again and again: that is no lost connection of here.
        const busy = error.busy || (this.#answered && this.#breaks >= TRIES);
        this.#become(busy ? "busy" : "lost");
        await sleep(PAUSES[Math.min(this.#breaks++, PAUSES.length - 1)], this.#stop.signal);
      }
    }
  }

  pause() {
    this.#halt();
    this.#become("paused");
  }

  // One that was begun before this page: the server is asked for the rest, at the latest when it goes on.
  takeUp(state, received) {
    this.#kept = received;
    this.#become("stopped");
    if (state === "checking") this.start();
  }

  // Puts it back into the queue.
  wait() {
    this.#become("waiting");
  }

  // What has come in is thrown away. A server that cannot be reached sweeps it away by itself, later.
  async cancel() {
    this.#halt();
    if (!this.facts || this.trouble === "gone") return;
    await this.server.ask("POST", this.facts.abort_url, new AbortController().signal).catch(() => null);
  }

  async #steps(signal) {
    let facts = await this.#look(signal);
    for (let rounds = 0; facts.state !== "done"; ) {
      if (facts.state === "refused") throw new Refused(409, { ...facts.error, recording: facts.recording });
      if (facts.state === "checking") {
        this.#become("checking");
        await sleep(EVERY, signal);
        facts = await this.#look(signal);
        continue;
      }
      const missing = this.#missing().length;
      if (missing && !this.file) {
        this.#become("stopped");
        return;
      }
      if (rounds++ === ROUNDS) throw new Refused(0, null);
      facts = missing ? await this.#send(signal) : await this.#finish(signal);
    }
    this.recording = facts.recording;
    this.#become("done");
  }

  async #look(signal) {
    this.#answered = false;
    this.facts = this.facts ? await this.server.ask("GET", this.facts.url, signal) : await this.begin(signal);
    this.#answered = true;
    this.#kept = this.facts.received.reduce((bytes, part) => bytes + part.size, 0);
    if (this.facts.whole || this.facts.state !== "open") this.#kept = this.size;
    return this.facts;
  }

  // Where the answer does not come, or says no, the upload's own state tells what became of it.
  async #finish(signal) {
    this.#become("checking");
    let refusal = null;
    try {
      const recording = await this.server.ask("POST", this.facts.finish_url, signal);
      return { state: "done", recording };
    } catch (error) {
      if (error instanceof Refused) refusal = error;
      else if (!(error instanceof Lost) || error.later) throw error;
    }
    if (!refusal) await sleep(EVERY, signal);
    const facts = await this.#look(signal);
    if (refusal && facts.state === "open" && !OVERTAKEN.has(refusal.message)) throw refusal;
    return facts;
  }

  // By number. Of what was put together already, by a check that broke off, the storage knows no parts any more.
  #missing() {
    const { size, part_size: whole, received } = this.facts;
    if (this.facts.whole) return [];
    const there = new Map(received.map((part) => [part.number, part.size]));
    const numbers = Array.from({ length: Math.ceil(size / whole) }, (_, index) => index + 1);
    return numbers.filter((number) => there.get(number) !== this.#bytes(number));
  }

  #bytes(number) {
    const { size, part_size: whole } = this.facts;
    return Math.min(whole, size - (number - 1) * whole);
  }

  async #send(signal) {
    this.#become("sending");
    const waiting = this.#missing();
    const group = new AbortController();
    const either = AbortSignal.any([signal, group.signal]);
    const work = async () => {
      while (waiting.length) await this.#sendOne(waiting.shift(), waiting, either);
    };
    try {
      if (!this.#links.has(waiting[0])) await this.#ask(waiting.slice(0, LINKS), either);
      const ours = new URL(this.#links.get(waiting[0]).url, window.location.href).origin === window.location.origin;
      await Promise.all(Array.from({ length: ours ? 1 : AT_ONCE }, work));
    } catch (error) {
      if (!(error instanceof Refused && OVERTAKEN.has(error.message))) throw error;
      this.#links.clear();
    } finally {
      group.abort(); // one that fails stops the others
      this.#underway.clear();
    }
    return this.#look(signal);
  }

  // A single connection that breaks is not worth a pause of the whole.
  async #sendOne(number, waiting, signal) {
    const from = (number - 1) * this.facts.part_size;
    const blob = this.file.slice(from, from + this.#bytes(number));
    for (let left = TRIES - 1; ; left -= 1) {
      const link = await this.#link(number, waiting, signal);
      try {
        await sendPart(link, blob, signal, (bytes) => this.#progress(number, Math.min(bytes, blob.size)));
        break;
      } catch (error) {
        this.#progress(number, 0);
        const again = error instanceof Refused || error instanceof Lost;
        if (signal.aborted || !again || !left || !navigator.onLine) throw error;
        await sleep(PAUSES[0], signal);
      }
    }
    this.#underway.delete(number);
    this.#kept += blob.size;
    this.#breaks = 0;
    this.changed(this);
  }

  // A link serves once; those that are asked for together are kept for the parts that come next.
  async #link(number, waiting, signal) {
    while (!this.#links.has(number)) {
      this.#asking ??= this.#ask([number, ...waiting.slice(0, LINKS - 1)], signal).finally(() => {
        this.#asking = null;
      });
      await this.#asking;
    }
    const link = this.#links.get(number);
    this.#links.delete(number);
    return link;
  }

  async #ask(numbers, signal) {
    const { links } = await this.server.ask("POST", this.facts.links_url, signal, { numbers });
    for (const link of links) this.#links.set(link.number, link);
  }

  #progress(number, bytes) {
    this.#underway.set(number, bytes);
    this.changed(this);
  }

  #fail(error) {
    this.sentence = error.sentence ?? "";
    this.recording = error.recording ?? null;
    this.trouble = error instanceof Unreadable ? "unreadable" : error.status === 404 ? "gone" : "";
    // Signed out, no cookies, or a storage that refuses: that can be mended, and then it goes on.
    const signedOut = error.status === 401 || error.message === OUTDATED;
    const mendable = error instanceof Refused && (signedOut || error.status === 0);
    this.#become(mendable ? "halted" : "refused");
  }

  #halt() {
    this.#stop.abort();
    this.#links.clear();
    this.#underway.clear();
  }

  #become(state) {
    this.state = state;
    this.changed(this);
  }
}
