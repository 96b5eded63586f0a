// The uploads of a page: form[data-upload] gives files, [data-uploads] shows those on their way and those that
// were begun before. Without script the form sends itself, all files at once.

import { takeDrops } from "./drop.js";
import { Row, isIdle, isMoving, isPausable } from "./upload_row.js";
import { Transfer, clientKey } from "./upload_transfer.js";
import { Server } from "./upload_wire.js";

const list = document.querySelector("[data-uploads]");
const card = document.querySelector("[data-uploads-card]");
const again = document.querySelector("[data-choose-again]");
const really = document.querySelector("[data-cancel-dialog]");
const entries = new Set(); // {transfer, row}
let filling = false; // somebody fills in the form for what comes next

// One file after the other, so that the first is there early; a file that is checked by the server sends nothing.
function pump() {
  const all = [...entries].map(({ transfer }) => transfer);
  if (all.some(({ state }) => isMoving(state) && state !== "checking")) return;
  all.find(({ state }) => state === "waiting")?.start();
}

function leaveWhenDone(form) {
  const begun = [...entries];
  const done = begun.every(({ transfer }) => transfer.state === "done");
  if (done && !filling) window.location.assign(form.dataset.next);
}

function enter(form, element, name, settings) {
  const row = new Row(list, element, name);
  const changed = (transfer) => {
    const before = element.dataset.state;
    row.show(transfer);
    if (before === transfer.state) return;
    if (transfer.facts?.id) forget(transfer);
    pump();
    if (transfer.state === "done") leaveWhenDone(form);
  };
  const entry = { row, transfer: new Transfer({ ...settings, changed }) };
  entries.add(entry);
  element.querySelector("[data-go]").addEventListener("click", () => go(entry));
  element.querySelector("[data-cancel]").addEventListener("click", (event) => {
    event.preventDefault();
    askToCancel(entry);
  });
  card.hidden = false;
  return entry;
}

// The same file chosen in the form goes on with what was begun before: one row is enough for it, and a second one
// that does nothing could only throw away what the first one sends.
function forget(transfer) {
  for (const entry of entries) {
    const other = entry.transfer;
    if (other !== transfer && isIdle(other.state) && other.facts?.id === transfer.facts.id) drop(entry);
  }
}

function drop(entry) {
  const focused = entry.row.element.contains(document.activeElement);
  entry.row.element.remove();
  entries.delete(entry);
  card.hidden = !entries.size;
  if (!focused) return;
  const next = [...entries][0];
  if (next) next.row.focus();
  else document.querySelector("form[data-upload] input[type=file]").focus();
}

function go(entry) {
  const { transfer } = entry;
  if (isPausable(transfer.state)) {
    transfer.pause();
    return;
  }
  if (!transfer.file) {
    chooseAgain(entry);
    return;
  }
  transfer.wait();
  pump();
}

function chooseAgain(entry) {
  again.value = "";
  again.onchange = () => {
    const [file] = again.files;
    if (!file) return;
    if (clientKey(file) !== entry.transfer.facts.client_key) {
      entry.row.complain(list.dataset.different.replace("{name}", entry.row.name));
      return;
    }
    entry.transfer.file = file;
    entry.transfer.wait();
    pump();
  };
  again.click();
}

// Hours of sending are not thrown away by a slip; what has not begun, or was refused by the server, is. While
// somebody thinks about it, another row may have taken the upload over.
async function askToCancel(entry) {
  const { transfer } = entry;
  if (transfer.isKept && !(await isSure(entry.row.name))) return;
  if (!entries.has(entry)) return;
  drop(entry);
  await transfer.cancel();
  pump();
}

function isSure(name) {
  really.querySelector("[data-of]").textContent = name;
  really.returnValue = "";
  really.showModal();
  return new Promise((resolve) => {
    really.addEventListener("close", () => resolve(really.returnValue === "cancel"), { once: true });
  });
}

function announcement(form, file, several) {
  const value = (name) => form.elements[name]?.value ?? ""; // a prospect's form asks for the file alone
  return {
    project: value("project"),
    subject: value("subject"),
    title: several ? "" : value("title"),
    file_name: file.name,
    size: file.size,
    client_key: clientKey(file),
  };
}

function addFiles(form, server) {
  const input = form.querySelector("input[type=file]");
  const files = [...input.files];
  const rows = document.querySelector("[data-upload-row]").content;
  const elements = files.map((file) => {
    const element = rows.firstElementChild.cloneNode(true);
    const body = announcement(form, file, files.length > 1);
    const begin = (signal) => server.ask("POST", form.dataset.upload, signal, body);
    list.append(element);
    enter(form, element, file.name, { server, file, begin }).transfer.wait();
    return element;
  });
  input.value = "";
  if (form.elements.title) form.elements.title.value = "";
  filling = false;
  elements.at(0)?.scrollIntoView({ block: "nearest" });
  pump();
}

// What this person began and did not finish, as the server drew it.
function takeUp(form, server) {
  for (const element of list.querySelectorAll("[data-begun]")) {
    const { id, begun: url, abort, size, key, name, received, was } = element.dataset;
    const facts = { id, url, abort_url: abort, size: Number(size), client_key: key };
    enter(form, element, name, { server, facts }).transfer.takeUp(was, Number(received));
  }
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  const server = new Server(form.elements.csrfmiddlewaretoken.value, form.dataset.renewal);
  takeDrops(form);
  takeUp(form, server);
  form.addEventListener("input", () => {
    filling = true;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    addFiles(form, server);
  });
}

window.addEventListener("beforeunload", (event) => {
  if ([...entries].some(({ transfer }) => isMoving(transfer.state) || transfer.state === "waiting")) event.preventDefault();
});
