// Filters the Action Units while one types, as reports/domain/site/unit_search.py does without a script.

const form = document.querySelector("[data-finder]");
const field = form.querySelector("input");
const said = document.querySelector("[data-said]");
const empty = document.querySelector("[data-empty]");
const chart = document.querySelector("[data-chart]");
const units = [...document.querySelectorAll("[data-words]")];
const groups = [...document.querySelectorAll("[data-group]")];
const NUMBERS = /^(?:au\s*)?\d+(?:[\s,;+/]+(?:au\s*)?\d+)*[\s,;+/]*$/i;
const PAUSE = 200; // milliseconds without a key, so that a screen reader is not told of every letter

function chosen(query) {
  if (NUMBERS.test(query)) {
    const numbers = new Set(query.match(/\d+/g).map(Number));
    return (unit) => numbers.has(Number(unit.dataset.number));
  }
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return (unit) => words.every((word) => unit.dataset.words.includes(word));
}

function count(number) {
  const pattern = { 0: said.dataset.none, 1: said.dataset.one }[number] ?? said.dataset.many;
  return pattern.replace("#", number);
}

function show(query) {
  const fits = chosen(query);
  const found = units.filter((unit) => {
    unit.hidden = !fits(unit);
    return !unit.hidden;
  }).length;
  for (const group of groups) group.hidden = !group.querySelector("[data-words]:not([hidden])");
  chart.hidden = query !== "";
  empty.hidden = found > 0;
  said.textContent = query ? count(found) : said.dataset.all;
}

function remember(query) {
  const address = new URL(location.href);
  if (query) address.searchParams.set("q", query);
  else address.searchParams.delete("q");
  history.replaceState(history.state, "", address);
}

function find() {
  const query = field.value.trim();
  show(query);
  remember(query);
}

let waiting;
field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(find, PAUSE);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  find();
});
