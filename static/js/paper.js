// Browsers that leave folded answers out of a print find them open; afterwards they are as they were.

let folded = [];

addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll(".site main details:not([open])")];
  for (const one of folded) one.open = true;
});

addEventListener("afterprint", () => {
  for (const one of folded) one.open = false;
  folded = [];
});
