// <button data-copies="ID" data-copied="Copied" hidden> puts the value of the field ID on the clipboard and says
// so in the element [data-copy-status]. Without script, or on a page that is not secure, the field is there to
// be selected by hand.

for (const button of document.querySelectorAll("[data-copies]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(field.value);
      document.querySelector("[data-copy-status]").textContent = button.dataset.copied;
    } catch {
      field.select();
    }
  });
}
