// Loads what [data-refreshed=SECONDS] holds anew while the page is in front. What the reader has in hand stays:
// nothing is exchanged while the focus is inside. What is found by its id and is not refreshed any more is shown
// a last time; where it is gone, the whole page is loaded. Without the script there is the page's link.

const SLOWEST = 120;

async function fetched() {
  const response = await fetch(window.location.href, { headers: { Accept: "text/html" } });
  if (!response.ok || response.redirected) throw new Error(String(response.status));
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

async function follow(region) {
  const seconds = Number(region.dataset.refreshed);
  let pause = seconds;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, pause * 1000));
    if (document.hidden || region.contains(document.activeElement)) continue;
    try {
      const fresh = (await fetched()).getElementById(region.id);
      if (!fresh) return window.location.reload();
      if (region.contains(document.activeElement)) continue;
      region.replaceChildren(...fresh.childNodes);
      if (!fresh.dataset.refreshed) return;
      pause = seconds;
    } catch {
      // Signed out, or the server is starting anew: ask less and less often.
      pause = Math.min(pause * 2, SLOWEST);
    }
  }
}

document.querySelectorAll("[data-refreshed]").forEach(follow);
