// What the page shows of one upload: a row of [data-uploads], whose data attributes hold the words.

const WINDOW = 15000; // milliseconds over which the speed is taken
const FIRST = 1500; // milliseconds before a speed is told
const SHOWN = 250; // milliseconds between two changes that only move the bar
const SPOKEN = 25; // per cent between two announcements
const LANGUAGE = document.documentElement.lang || "en";
const UNITS = [
  ["gigabyte", 1e9],
  ["megabyte", 1e6],
  ["kilobyte", 1e3],
  ["byte", 1],
];
const MOVING = new Set(["sending", "checking", "preparing"]);
const PAUSABLE = new Set(["waiting", "preparing", "sending", "lost", "busy"]);
const RESUMABLE = new Set(["paused", "halted", "stopped"]);
const LASTING = new Set(["done", "checking"]); // nothing to cancel any more

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

function measure(number, unit, display) {
  const digits = number < 10 && !["byte", "minute", "hour"].includes(unit) ? 1 : 0;
  const style = { style: "unit", unit, unitDisplay: display, maximumFractionDigits: digits };
  return new Intl.NumberFormat(LANGUAGE, style).format(number);
}

function size(bytes, suffix = "") {
  const [unit, factor] = UNITS.find(([, least]) => bytes >= least) ?? UNITS.at(-1);
  return measure(bytes / factor, unit + suffix, "short");
}

function duration(seconds) {
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return measure(minutes, "minute", "long");
  const hours = measure(Math.floor(minutes / 60), "hour", "long");
  return minutes % 60 ? `${hours} ${measure(minutes % 60, "minute", "long")}` : hours;
}

// Bytes a second over the last seconds; what was there before does not count.
class Pace {
  #seen = [];

  reset() {
    this.#seen = [];
  }

  note(bytes) {
    const now = performance.now();
    this.#seen = [...this.#seen.filter(([at]) => now - at < WINDOW), [now, bytes]];
  }

  speed() {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)];
    if (!first || last[0] - first[0] < FIRST) return 0;
    return (1000 * (last[1] - first[1])) / (last[0] - first[0]);
  }
}

export class Row {
  #pace = new Pace();
  #timer = 0;
  #shown = { at: 0, state: "", spoken: 0 };

  constructor(list, element, name) {
    this.words = list.dataset;
    this.status = document.querySelector("[data-upload-status]");
    this.element = element;
    this.name = name;
    this.#part("name").textContent = name;
    this.#part("bar").setAttribute("aria-label", name);
    for (const place of element.querySelectorAll("[data-of]")) place.textContent = name;
  }

  #part(name) {
    return this.element.querySelector(`[data-${name}]`);
  }

  show(transfer) {
    const { state } = transfer;
    const changed = state !== this.#shown.state;
    if (state === "sending") this.#pace.note(transfer.sent);
    else this.#pace.reset();
    if (!changed && this.#later(transfer)) return;
    this.#shown.at = performance.now();
    this.#bar(transfer);
    this.#part("state").textContent = this.#sentence(transfer);
    if (changed) this.#become(transfer);
    this.#speak(transfer, changed);
  }

  // Bytes move many times a second: whether this is too soon after the last change, and is shown in a moment.
  #later(transfer) {
    const left = this.#shown.at + SHOWN - performance.now();
    if (left <= 0) return false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.show(transfer), left);
    return true;
  }

  #become(transfer) {
    const { state } = transfer;
    this.#shown.state = state;
    this.element.dataset.state = state;
    this.#buttons(state);
    this.complain("");
    if (state === "refused" || state === "halted") this.complain(this.#refusal(transfer));
    if (transfer.recording) this.#link(transfer);
  }

  // Its sentence, or none.
  complain(sentence) {
    const place = this.#part("error");
    place.textContent = sentence;
    place.hidden = !sentence;
  }

  #bar({ state, sent, size: all }) {
    const bar = this.#part("bar");
    bar.hidden = state === "refused" || state === "done";
    if (state === "checking" || (state === "preparing" && !sent)) bar.removeAttribute("value");
    else bar.value = Math.floor((100 * sent) / all);
  }

  #sentence({ state, sent, size: all }) {
    const values = { percent: `${Math.floor((100 * sent) / all)} %`, size: size(all) };
    const parts = [fill(this.words[state] ?? "", values)];
    const speed = state === "sending" ? this.#pace.speed() : 0;
    if (speed > 0) {
      const seconds = (all - sent) / speed;
      parts.push(size(speed, "-per-second"));
      parts.push(seconds < 60 ? this.words.soon : fill(this.words.left, { time: duration(seconds) }));
    }
    return parts.join(" · ");
  }

  #refusal(transfer) {
    if (transfer.trouble) return this.words[transfer.trouble];
    return transfer.sentence || this.words[transfer.state === "halted" ? "storage" : "other"];
  }

  // A button that goes away while it has the focus hands it to the file's name.
  #buttons(state) {
    const [go, cancel] = [this.#part("go"), this.#part("cancel")];
    const had = [go, cancel].find((button) => button === document.activeElement);
    go.hidden = !PAUSABLE.has(state) && !RESUMABLE.has(state);
    cancel.hidden = LASTING.has(state);
    const verb = PAUSABLE.has(state) ? "doPause" : state === "stopped" ? "doChoose" : "doGoOn";
    go.querySelector("[data-verb]").textContent = this.words[verb];
    cancel.querySelector("[data-verb]").textContent = this.words[state === "refused" ? "doRemove" : "doCancel"];
    if (had?.hidden) this.focus();
  }

  focus() {
    this.#part("name").focus();
  }

  // Done: the name leads to the recording. Refused since it is there already: a link beside the sentence.
  #link({ state, recording }) {
    const link = document.createElement("a");
    link.href = recording.url;
    link.textContent = recording.title;
    if (state === "done") this.#part("name").replaceChildren(link);
    else this.#part("error").append(" ", link);
  }

  // Sparingly: what a listener would want to be told, not each per cent. A refusal is an alert by itself.
  #speak({ state, sent, size: all }, changed) {
    const percent = (100 * sent) / all;
    const step = Math.floor(percent / SPOKEN) * SPOKEN;
    const passed = state === "sending" && step > this.#shown.spoken && step < 100;
    this.#shown.spoken = Math.max(this.#shown.spoken, changed && state === "sending" ? step : 0, passed ? step : 0);
    const told = changed && !["preparing", "waiting", "stopped", "refused", "halted"].includes(state);
    if (told || passed) this.status.textContent = `${this.name}: ${this.#part("state").textContent}`;
  }
}

export const isIdle = (state) => RESUMABLE.has(state) || state === "refused";
export const isMoving = (state) => MOVING.has(state) || state === "lost" || state === "busy";
export const isPausable = (state) => PAUSABLE.has(state);
