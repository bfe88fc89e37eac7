// The editor: parts put in by a button, findings in the margin that jump to their line, unsaved text kept.
import { forget, keep, kept, saving } from "./drafts.js";

const editor = document.querySelector("form[data-editor]");
if (editor) {
  const path = editor.dataset.key;
  const text = editor.querySelector("textarea[name=text]");
  const base = editor.querySelector("input[name=base]");
  const state = editor.querySelector("[data-state]");
  const first = text.value;
  let leaving = false;

  // Kept on the device -------------------------------------------------------------------------------------

  const remember = () => {
    if (text.value === first) {
      forget(path);
      state.textContent = "";
      return;
    }
    const draft = { base: base.value, text: text.value, title: editor.dataset.title, href: location.pathname, at: Date.now() };
    state.textContent = keep(path, draft)
      ? "Not saved yet; kept on this device."
      : "Not saved yet, and this device has no room to keep it: save soon.";
  };
  const draft = kept(path);
  if (draft && draft.text !== first) {
    const box = document.querySelector("[data-kept]");
    if (draft.at) {
      const when = new Date(draft.at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
      box.querySelector("[data-kept-when]").textContent = `, from ${when}`;
    }
    box.hidden = false;
    box.querySelector("[data-take]").addEventListener("click", () => {
      text.value = draft.text;
      // Saved from the version that it was written on, so that what others changed since is merged and not undone.
      base.value = draft.base;
      box.hidden = true;
      changed();
      text.focus();
    });
    box.querySelector("[data-drop]").addEventListener("click", () => {
      forget(path);
      box.hidden = true;
      text.focus();
    });
  }
  const changed = () => text.dispatchEvent(new Event("input", { bubbles: true }));
  text.addEventListener("input", remember);
  editor.addEventListener("submit", () => {
    leaving = true;
    saving(path);
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && text.value !== first) event.preventDefault();
  });

  // Parts put in --------------------------------------------------------------------------------------------

  const insert = (words, inline) => {
    // Nothing goes into the lines above the text: whoever has not put the cursor anywhere means the end.
    const header = /^---\n[^]*?\n---\n/.exec(text.value)?.[0].length || 0;
    if (text.selectionStart < header) text.setSelectionRange(text.value.length, text.value.length);
    const end = text.value.indexOf("\n", text.selectionStart) + 1;
    const at = inline ? text.selectionStart : end || text.value.length;
    const before = inline ? "" : text.value[at - 1] === "\n" || at === 0 ? "\n" : "\n\n";
    text.focus();
    text.setRangeText(before + words, at, inline ? text.selectionEnd : at, "end");
    reveal(at + before.length);
    changed();
  };
  for (const button of editor.querySelectorAll("[data-insert]")) {
    button.addEventListener("click", () => insert(button.dataset.insert, "inline" in button.dataset));
  }
  for (const choice of editor.querySelectorAll("[data-insert-chosen]")) {
    // A keyboard walks through a list by changing it: only leaving it or Enter puts the part in.
    let wanted = "";
    const take = () => {
      if (wanted) insert(wanted, false);
      wanted = choice.value = "";
    };
    choice.addEventListener("change", () => {
      wanted = choice.value;
      if (!choice.dataset.keyed) take();
    });
    choice.addEventListener("keydown", (event) => {
      choice.dataset.keyed = "yes";
      if (event.key === "Enter" && wanted) {
        event.preventDefault();
        take();
      }
    });
    choice.addEventListener("pointerdown", () => delete choice.dataset.keyed);
  }

  // Findings in the margin ----------------------------------------------------------------------------------

  const pad = editor.querySelector("[data-pad]");
  const gutter = document.createElement("div");
  gutter.className = "gutter";
  gutter.setAttribute("aria-hidden", "true"); // the list beside the preview says the same, with its own buttons
  const measure = document.createElement("div");
  measure.className = "measure";
  pad.append(gutter, measure);

  const offsets = () => {
    const found = [0];
    for (let at = text.value.indexOf("\n"); at >= 0; at = text.value.indexOf("\n", at + 1)) found.push(at + 1);
    return found;
  };

  /** How far down, in pixels, each of these places of the text stands: long lines are broken, so it is measured. */
  const heights = (places) => {
    const look = getComputedStyle(text);
    measure.style.font = look.font;
    measure.style.lineHeight = look.lineHeight;
    measure.style.tabSize = look.tabSize;
    measure.style.padding = look.padding;
    measure.style.width = `${text.clientWidth}px`;
    measure.replaceChildren();
    let from = 0;
    const marks = places.map((place) => {
      const mark = document.createElement("span");
      measure.append(text.value.slice(from, place), mark);
      from = place;
      mark.textContent = "\u200b";
      return mark;
    });
    const tops = marks.map((mark) => mark.offsetTop);
    measure.replaceChildren();
    return tops;
  };

  const reveal = (place) => {
    const [top] = heights([place]);
    if (top < text.scrollTop || top > text.scrollTop + text.clientHeight - 60) text.scrollTop = Math.max(0, top - 80);
  };

  const goTo = (number) => {
    const starts = offsets();
    const line = Math.max(1, Math.min(number, starts.length));
    const start = starts[line - 1];
    text.focus();
    text.setSelectionRange(start, line < starts.length ? starts[line] - 1 : text.value.length);
    reveal(start);
    text.scrollIntoView({ block: "nearest" });
  };

  const follow = () => {
    for (const mark of gutter.children) mark.style.top = `${Number(mark.dataset.top) - text.scrollTop}px`;
  };
  const note = () => {
    const starts = offsets();
    const rows = new Map();
    for (const one of editor.querySelectorAll("#preview [data-line]")) {
      const line = Math.max(1, Math.min(Number(one.dataset.line), starts.length));
      const row = rows.get(line) || { words: [], grave: false };
      const item = one.closest("li");
      row.words.push(item.querySelector("span").textContent.trim());
      row.grave ||= item.classList.contains("grave");
      rows.set(line, row);
    }
    const lines = [...rows.keys()].sort((a, b) => a - b);
    const tops = heights(lines.map((line) => starts[line - 1]));
    gutter.replaceChildren(
      ...lines.map((line, index) => {
        const row = rows.get(line);
        const mark = document.createElement("button");
        mark.type = "button";
        mark.tabIndex = -1;
        mark.title = row.words.join("\n");
        mark.textContent = row.grave ? "!" : row.words.length > 1 ? row.words.length : "·";
        mark.className = row.grave ? "grave" : "";
        mark.dataset.line = line;
        mark.dataset.top = tops[index];
        return mark;
      }),
    );
    follow();
  };
  text.addEventListener("scroll", follow);
  new ResizeObserver(note).observe(text);
  editor.addEventListener("htmx:afterSwap", note);
  editor.addEventListener("click", (event) => {
    const jump = event.target.closest("[data-line]");
    if (jump) goTo(Number(jump.dataset.line));
  });
  const wanted = /^#line-(\d+)$/.exec(location.hash);
  if (wanted) goTo(Number(wanted[1]));

  // The preview ---------------------------------------------------------------------------------------------

  for (const radio of editor.querySelectorAll("[data-refresh]")) {
    radio.addEventListener("change", () => text.dispatchEvent(new Event("refresh")));
  }
  editor.addEventListener("htmx:responseError", (event) => {
    state.textContent = [400, 403].includes(event.detail.xhr.status)
      ? "Your sign-in has ended. Your text is kept on this device; sign in again in another tab, then go on."
      : "The preview could not be made. Your text is kept on this device.";
  });
  editor.addEventListener("htmx:sendError", () => {
    state.textContent = "The studio does not answer. Your text is kept on this device; go on writing, and save later.";
  });
}
