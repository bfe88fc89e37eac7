// Shortcuts: single keys only outside of fields, and not at all for whoever turns them off.
const keys = document.querySelector("dialog[data-keys]");
if (keys) {
  const choice = keys.querySelector("[data-single-keys]");
  choice.checked = localStorage.getItem("single-keys") !== "off";
  choice.addEventListener("change", () => localStorage.setItem("single-keys", choice.checked ? "on" : "off"));
  for (const button of document.querySelectorAll("[data-show-keys]")) {
    button.addEventListener("click", () => keys.showModal());
  }
  let before = "";
  const follow = (selector) => document.querySelector(selector)?.click();
  document.addEventListener("keydown", (event) => {
    const editor = document.querySelector("form[data-editor]");
    if ((event.ctrlKey || event.metaKey) && event.key === "s" && editor) {
      event.preventDefault();
      editor.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (event.key === "?") {
      keys.showModal();
      return;
    }
    if (!choice.checked) return;
    const both = before + event.key;
    before = event.key === "g" ? "g" : "";
    if (event.key === "/") {
      const field = document.querySelector("input[name=q]");
      event.preventDefault();
      if (field) field.focus();
      else location.href = "/search";
    } else if (both === "gh") location.href = "/";
    else if (both === "gp") location.href = "/publish";
    else if (event.key === "e") follow('main a[href$="/edit"]');
    else if (event.key === "h") follow('main a[href*="/history"]');
  });
}
