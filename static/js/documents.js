// Sends the documents of a form[data-documents] one by one, each whole and with a progress bar: they are small.
// Without script the form sends itself, all files at once.

import { takeDrops } from "./drop.js";

const text = (list, key) => list.dataset[key];

function addRow(form, file) {
  const list = form.querySelector("[data-sent]");
  const row = form.querySelector("[data-document-row]").content.firstElementChild.cloneNode(true);
  row.querySelector("[data-name]").textContent = file.name;
  row.querySelector("progress").setAttribute("aria-label", file.name);
  row.querySelector("[data-state]").textContent = text(list, "waiting");
  list.append(row);
  list.hidden = false;
  return row;
}

function setState(row, words, percent) {
  row.querySelector("[data-state]").textContent = words;
  const bar = row.querySelector("progress");
  if (percent === null) bar.removeAttribute("value");
  else bar.value = percent;
}

function fail(row, sentence) {
  setState(row, "", 0);
  row.querySelector("progress").hidden = true;
  const error = row.querySelector("[data-error]");
  error.textContent = sentence;
  error.hidden = false;
}

function succeed(row, list, answer) {
  setState(row, text(list, "done"), 100);
  const link = document.createElement("a");
  link.href = answer.url;
  link.textContent = answer.title;
  row.querySelector("[data-name]").replaceChildren(link);
}

function body(form, input, file) {
  const data = new FormData(form);
  data.delete(input.name);
  data.append(input.name, file);
  return data;
}

// Resolves with {status, answer}; status 0 when the connection broke off.
function send(address, data, row, list) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      const percent = event.lengthComputable ? Math.round((100 * event.loaded) / event.total) : null;
      setState(row, `${text(list, "sending")} ${percent === null ? "" : `${percent} %`}`.trim(), percent);
    });
    request.upload.addEventListener("load", () => setState(row, text(list, "checking"), null));
    request.addEventListener("load", () => resolve({ status: request.status, answer: request.response }));
    request.addEventListener("error", () => resolve({ status: 0, answer: null }));
    request.send(data);
  });
}

async function sendFile(form, input, file) {
  const list = form.querySelector("[data-sent]");
  const row = addRow(form, file);
  const { status, answer } = await send(form.action, body(form, input, file), row, list);
  if (status === 201) {
    succeed(row, list, answer);
    return true;
  }
  fail(row, answer?.sentence ?? text(list, status ? "refused" : "broken"));
  return false;
}

async function sendAll(form) {
  const input = form.querySelector("input[type=file]");
  const button = form.querySelector("button[type=submit]");
  const files = [...input.files];
  form.querySelector("[data-sent]").replaceChildren();
  button.disabled = true;
  let refused = 0;
  for (const file of files) {
    if (!(await sendFile(form, input, file))) refused += 1;
  }
  if (!refused) {
    window.location.assign(form.dataset.next);
    return;
  }
  button.disabled = false;
  input.value = "";
}

for (const form of document.querySelectorAll("form[data-documents]")) {
  takeDrops(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sendAll(form);
  });
}
