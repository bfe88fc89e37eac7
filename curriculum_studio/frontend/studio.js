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
const together = document.querySelector("form[data-together]");
if (together) {
  for (const area of together.querySelectorAll("[data-anew]")) {
    area.addEventListener("input", () => { together.querySelector(`input[name="${area.dataset.anew}"][value=edit]`).checked = true; });
  }
}
// Arranging a unit: lessons move by drag or by buttons; the order of the form's fields is the order of the unit.
const arranging = document.querySelector("form[data-arrange]");
if (arranging) {
  const said = arranging.querySelector("[data-said]");
  const lists = () => [...arranging.querySelectorAll("[data-list]")];
  const tell = (item) => {
    const list = item.closest("[data-list]");
    const section = item.closest("[data-section]");
    // The field's name says in which section a lesson stands; the order of equal names is the order in it.
    item.querySelector("input").name = `lesson-${list.dataset.list}`;
    const title = section.querySelector("[data-title]")?.value || section.querySelector("legend").textContent;
    said.textContent = `${item.querySelector("[data-name]").textContent}: place ${[...list.children].indexOf(item) + 1} of ${list.children.length} in ${title}`;
  };
  const step = (item, up) => {
    const list = item.parentElement;
    const beside = up ? item.previousElementSibling : item.nextElementSibling;
    if (beside) { if (up) beside.before(item); else beside.after(item); }
    else {
      const all = lists();
      const next = all[all.indexOf(list) + (up ? -1 : 1)];
      if (!next) return;
      if (up) next.append(item); else next.prepend(item);
    }
    tell(item);
  };
  arranging.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (button) { step(button.closest("[data-item]"), button.dataset.move === "up"); button.focus(); }
    const shift = event.target.closest("[data-section-move]");
    if (shift) {
      const section = shift.closest("[data-section]");
      const beside = shift.dataset.sectionMove === "up" ? section.previousElementSibling : section.nextElementSibling;
      if (beside && shift.dataset.sectionMove === "up") beside.before(section);
      else if (beside) beside.after(section);
      said.textContent = `${section.querySelector("[data-title]").value}: section ${[...section.parentElement.children].indexOf(section) + 1}`;
      shift.focus();
    }
    if (event.target.closest("[data-add]")) {
      const number = 1 + Math.max(0, ...[...arranging.querySelectorAll("input[name=order]")].map((one) => Number(one.value) || 0));
      const holder = arranging.querySelector("[data-sections]");
      holder.insertAdjacentHTML("beforeend", arranging.querySelector("template[data-new]").innerHTML.replaceAll("NEW", number));
      holder.lastElementChild.querySelector("[data-title]").focus();
    }
  });
  let carried = null;
  arranging.addEventListener("dragstart", (event) => {
    carried = event.target.closest("[data-item]");
    if (!carried) return;
    carried.classList.add("carried");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  });
  arranging.addEventListener("dragover", (event) => {
    const list = event.target.closest("[data-section]")?.querySelector("[data-list]");
    if (!carried || !list) return;
    event.preventDefault();
    const over = event.target.closest("[data-item]");
    if (!over) { if (carried.parentElement !== list) list.append(carried); return; }
    if (over === carried) return;
    const box = over.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.before(carried); else over.after(carried);
  });
  arranging.addEventListener("drop", (event) => event.preventDefault());
  arranging.addEventListener("dragend", () => { if (carried) { carried.classList.remove("carried"); tell(carried); carried = null; } });
}
// On a small screen the filters of search are folded away.
for (const box of document.querySelectorAll(".facets")) { if (innerWidth < 768) box.open = false; }
// Shortcuts: single keys only outside of fields, and not at all for whoever turns them off.
const keys = document.querySelector("[data-keys]");
if (keys) {
  const choice = keys.querySelector("[data-single-keys]");
  choice.checked = localStorage.getItem("single-keys") !== "off";
  choice.addEventListener("change", () => localStorage.setItem("single-keys", choice.checked ? "on" : "off"));
  let before = "";
  const follow = (selector) => { const link = document.querySelector(selector); if (link) link.click(); };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s" && editor) {
      event.preventDefault();
      editor.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (event.key === "?") { keys.showModal(); return; }
    if (!choice.checked) return;
    const both = before + event.key;
    before = event.key === "g" ? "g" : "";
    if (event.key === "/") {
      const field = document.querySelector("input[name=q]");
      event.preventDefault();
      if (field) field.focus(); else location.href = "/search";
    } else if (both === "gh") location.href = "/";
    else if (both === "gp") location.href = "/publish";
    else if (event.key === "e") follow('main a[href$="/edit"]');
    else if (event.key === "h") follow('main a[href*="/history"]');
  });
}
