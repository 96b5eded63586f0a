// Turns the pages of the sample report without loading the page anew: links with `data-leaf`, and the arrow keys.
// Without script each link is an address of its own, and stays one: the history has every page that was read.

const said = document.getElementById("leaf-said");
// Where the arrow keys have a work of their own: fields, films, and what is scrolled by them.
const OWN_KEYS = 'input, textarea, select, video, details, [tabindex="0"]';
let wanted = "";
let shown = location.search;

function leaf() {
  return document.getElementById("leaf");
}

function show(fresh, control) {
  const wasOpen = leaf().querySelector("details").open;
  const inside = leaf().contains(document.activeElement);
  leaf().replaceWith(fresh);
  leaf().querySelector("details").open = wasOpen;
  settle();
  said.textContent = fresh.querySelector("#leaf-title").textContent.replace(/\s+/g, " ").trim();
  if (inside) focusOn(control);
}

// The link that was pressed may be gone, on the last page: then its neighbour.
function focusOn(control) {
  const found = leaf().querySelector(`[data-leaf="${control}"]`) ?? leaf().querySelector(".leaf__turn a");
  found?.focus({ preventScroll: true });
}

async function turn(address, control, remember) {
  wanted = address;
  try {
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("leaf");
    if (wanted !== address) return; // a later one was asked for meanwhile
    if (!answer.ok || !fresh) throw new Error(String(answer.status));
    if (remember) history.pushState({}, "", address);
    shown = remember ? address : location.search;
    show(document.adoptNode(fresh), control);
  } catch {
    location.assign(`${address}#leaf`);
  }
}

function settle() {
  for (const hidden of leaf().querySelectorAll("[data-with-script]")) hidden.hidden = false;
  const current = leaf().querySelector("[aria-current]");
  const strip = current.closest("ol");
  strip.scrollLeft = current.offsetLeft - strip.offsetLeft - (strip.clientWidth - current.clientWidth) / 2;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-leaf]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const address = link.getAttribute("href").split("#")[0];
  turn(address, link.dataset.leaf, true);
  if (!leaf().contains(link)) leaf().scrollIntoView();
});

document.addEventListener("keydown", (event) => {
  const to = { ArrowLeft: "previous", ArrowRight: "next" }[event.key];
  if (!to || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (event.target.closest(OWN_KEYS)) return;
  const address = leaf().dataset[to];
  if (address) turn(address, to, true);
});

// A link to a place on this page comes here too, and turns nothing.
window.addEventListener("popstate", () => {
  if (location.search !== shown) turn(location.search || "?page=1", "", false);
});

settle();
