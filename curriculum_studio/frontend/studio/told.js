// Hides where a reader begins on a page that answers what they did: at the words that say what became of it.
const told = document.querySelector("main :is(.notice.good, .notice.bad):is([role], [role] > *)");
if (told && location.hash) {
  // The browser goes to what the address names. A live region speaks only when something in it changes.
  setTimeout(() => told.replaceChildren(...told.childNodes), 300);
} else if (told && document.activeElement === document.body) {
  told.tabIndex = -1;
  told.focus();
}
