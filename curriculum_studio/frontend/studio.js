// The studio's small comforts. Every desk works without them: forms are sent, pages come back.
import "./studio/arranging.js";
import "./studio/finding.js";
import "./studio/kept.js";
import "./studio/picturing.js";
import "./studio/reviewing.js";
import "./studio/shortcuts.js";
import "./studio/teaching.js";
import "./studio/told.js";
import { sayTimes } from "./studio/times.js";

sayTimes(document);

// What is pressed twice is sent once. Whoever comes back to the page may send again, and so may who waits in vain.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 4000);
});

// The menu that is folded away on small screens.
const menuButton = document.querySelector(".menu-button");
if (menuButton) {
  menuButton.addEventListener("click", () => {
    const open = document.getElementById("menu").classList.toggle("open");
    menuButton.setAttribute("aria-expanded", String(open));
  });
}

// On a small screen the filters of search are folded away.
for (const box of document.querySelectorAll(".facets")) if (innerWidth < 832) box.open = false;

// Where two people wrote, typing anew is choosing to write anew.
for (const area of document.querySelectorAll("form[data-together] [data-anew]")) {
  area.addEventListener("input", () => {
    area.form.querySelector(`input[name="${area.dataset.anew}"][value=edit]`).checked = true;
  });
}
