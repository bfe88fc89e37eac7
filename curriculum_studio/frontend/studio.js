// The editor's small comforts: insert parts, jump to a finding, keep unsaved text on this device until it is saved.
const editor = document.querySelector("form[data-editor]");
if (editor) {
  const text = editor.querySelector("textarea[name=text]");
  const base = editor.querySelector("input[name=base]").value;
  const state = editor.querySelector("[data-state]");
  const key = `draft:${editor.dataset.key}`;
  const first = text.value;
  let leaving = false;

  const remember = () => {
    if (text.value === first) { localStorage.removeItem(key); state.textContent = ""; return; }
    localStorage.setItem(key, JSON.stringify({ base, text: text.value }));
    state.textContent = "Not saved yet; kept on this device.";
  };
  const kept = JSON.parse(localStorage.getItem(key) || "null");
  if (kept && kept.text !== first) {
    const box = document.querySelector("[data-kept]");
    box.hidden = false;
    box.querySelector("[data-take]").addEventListener("click", () => {
      text.value = kept.text;
      // Saved from the version that it was written on, so that what others changed since is merged and not undone.
      editor.querySelector("input[name=base]").value = kept.base;
      box.hidden = true;
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.focus();
    });
    box.querySelector("[data-drop]").addEventListener("click", () => { localStorage.removeItem(key); box.hidden = true; });
  }
  text.addEventListener("input", remember);
  editor.addEventListener("submit", () => { leaving = true; sessionStorage.setItem("saving", key); });
  addEventListener("beforeunload", (event) => { if (!leaving && text.value !== first) event.preventDefault(); });

  for (const button of editor.querySelectorAll("[data-insert]")) {
    button.addEventListener("click", () => {
      const inline = "inline" in button.dataset;
      const at = inline ? text.selectionStart : text.value.indexOf("\n", text.selectionStart) + 1 || text.value.length;
      const before = inline || text.value[at - 1] === "\n" || at === 0 ? "" : "\n";
      text.focus();
      text.setRangeText(before + (inline ? "" : "\n") + button.dataset.insert, at, inline ? text.selectionEnd : at, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  for (const radio of editor.querySelectorAll("[data-refresh]")) {
    radio.addEventListener("change", () => text.dispatchEvent(new Event("refresh")));
  }
  editor.addEventListener("click", (event) => {
    const jump = event.target.closest("[data-line]");
    if (!jump) return;
    const lines = text.value.split("\n");
    const number = Math.min(Number(jump.dataset.line), lines.length);
    const start = lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0);
    text.focus();
    text.setSelectionRange(start, start + lines[number - 1].length);
    text.scrollTop = (text.scrollHeight / lines.length) * Math.max(0, number - 5);
  });
}
if (new URLSearchParams(location.search).has("saved") && sessionStorage.getItem("saving")) {
  localStorage.removeItem(sessionStorage.getItem("saving"));
  sessionStorage.removeItem("saving");
}
const conflict = document.querySelector("form[data-conflict]");
if (conflict) {
  for (const button of conflict.querySelectorAll("[data-choose]")) {
    button.addEventListener("click", () => {
      conflict.querySelector("textarea[name=text]").value = conflict.querySelector(`[data-${button.dataset.choose}]`).value;
    });
  }
}
