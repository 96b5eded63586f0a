// Keeps the states of unfinished runs moving: [data-progress=URL] holds [data-run=ID] elements, whose
// [data-state] is replaced by what the server draws. A run that ends gets its whole row anew, or, with
// data-then="reload", the page is loaded again. One that the answer leaves out was deleted: its row goes.

const EVERY = 2000;
const SLOWEST = 30000;
const MOST = 25; // runs in one question, as many as the server answers

const unfinished = (root) => [...root.querySelectorAll("[data-run]")];

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content;
}

function showEnd(root, element, run) {
  if (root.dataset.then === "reload") {
    window.location.reload();
    return;
  }
  const focused = element.contains(document.activeElement);
  const row = parse(run.row).firstElementChild;
  element.replaceWith(row);
  if (focused) row.querySelector("a")?.focus();
  const status = document.querySelector("[data-progress-status]");
  if (status) status.textContent = run.announcement;
}

function showDeleted(root, element) {
  if (root.dataset.then === "reload") window.location.reload();
  else element.remove();
}

function show(root, run) {
  const element = root.querySelector(`[data-run="${run.id}"]`);
  if (!element) return;
  if (run.final) {
    showEnd(root, element, run);
    return;
  }
  element.querySelector("[data-state]").replaceChildren(parse(run.state));
  const frames = element.querySelector("[data-frames]");
  if (frames) frames.textContent = run.frames;
}

async function ask(root) {
  const address = new URL(root.dataset.progress, window.location.href);
  const asked = unfinished(root).slice(0, MOST);
  for (const element of asked) address.searchParams.append("run", element.dataset.run);
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(String(response.status));
  const { runs } = await response.json();
  const told = new Set(runs.map((run) => run.id));
  for (const element of asked) if (!told.has(element.dataset.run)) showDeleted(root, element);
  for (const run of runs) show(root, run);
}

async function follow(root) {
  let pause = EVERY;
  while (unfinished(root).length) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (document.hidden) continue;
    try {
      await ask(root);
      pause = EVERY;
    } catch {
      // The server may be starting anew: ask less and less often until it answers.
      pause = Math.min(pause * 2, SLOWEST);
    }
  }
}

document.querySelectorAll("[data-progress]").forEach(follow);
