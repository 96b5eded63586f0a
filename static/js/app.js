// What every page loads.

import "./menu.js";
import "./dialog.js";
import "./paper.js";

// A page that comes back with errors puts the reader where they are told.
document.querySelector("[data-error-summary]")?.focus();
