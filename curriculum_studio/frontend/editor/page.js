// Hides how an editing page works together: the text, what is kept on the device, the preview, the findings, saving.
import { forget, keep, kept, saving } from "../studio/drafts.js";
import { addBeside } from "./beside.js";
import { makeEditor } from "./editor.js";
import { addFindings } from "./findings.js";
import { addSide } from "./side.js";
import { addTools } from "./tools.js";

const MODE = "editor-mode";
const PATIENCE = 6000;

/** Starts an editing page; where the browser cannot have the editor, the plain field stays with everything around it. */
export function startPage(form, tables, able) {
  const field = form.querySelector("textarea[name=text]");
  // What the page came with: whoever typed before this script was there has changed it already.
  const page = { form, field, tables, state: form.querySelector("[data-state]"), first: field.defaultValue, editor: null, text: () => field.value, goTo: (line) => choose(field, line) };
  if (able) mount(page);
  drafts(page);
  around(page);
}

/** What the editor needs to stand is there; the rest of it comes now, and the way to the others where the studio has rooms. */
async function goOn(page) {
  performance.mark("editor-ready");
  // The editor is on the screen before anything else is read.
  await new Promise((resolve) => setTimeout(resolve, 0));
  page.stands();
  page.later((more) => more.addLater(page));
  if (!page.form.dataset.live) return;
  try {
    const { Together } = await import("../live/page.js");
    // Until the room is reached, the page is as without.
    page.together = new Together(page);
  } catch {
    page.state.textContent = "Writing together is not reached. This page saves as it is; reload it to write with others.";
  }
}

function mount(page) {
  const { form, field, tables } = page;
  const token = form.querySelector("input[name=csrf_token]").value;
  page.send = async (address, body) => {
    const answer = await fetch(address, { method: "POST", headers: { "content-type": "application/json", "X-CSRFToken": token }, body: JSON.stringify(body), credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.json();
  };
  const stands = new Promise((resolve) => { page.stands = resolve; });
  let coming = null;
  /** Does something with what comes once the editor stands; what could not be loaded is asked for again the next time. */
  page.later = async (act) => {
    await stands;
    coming ??= import("./later.js");
    try {
      return act(await coming);
    } catch (error) {
      coming = null;
      page.say("This could not be loaded. Nothing was changed; try it once more.");
      console.error(error);
      return undefined;
    }
  };
  page.actions = {
    sayStandards: (codes, list) => page.later((more) => more.sayStandards(codes, list)),
    pickStandard: (words, done) => page.later((more) => more.askStandard(words, done, () => {})),
  };
  const typing = document.activeElement === field;
  page.editor = makeEditor(field, {
    tables, label: form.querySelector("label[for=text]").textContent, language: field.lang || "en", lesson: form.dataset.kind === "lesson", assessment: form.dataset.kind === "assessment",
    session: form.dataset.kind === "professional-learning",
    keys: JSON.parse(form.dataset.keys || "[]"), goals: JSON.parse(form.dataset.goals || "[]"),
    names: JSON.parse(form.dataset.names || "{}"), mode: localStorage.getItem(MODE) === "text" ? "text" : "page", ask: (body) => page.send("/editor/draw", { ...body, language: field.lang || "en" }), actions: page.actions,
    picture: (target) => addressOf(form.dataset.key, target), onChange: (update) => page.onChange?.(update),
    extensions: [addTools.extensions(page), addBeside.extensions(page)],
  });
  const label = form.querySelector("label[for=text]");
  label.removeAttribute("for");
  label.classList.add("quietly");
  page.text = () => page.editor.text();
  page.goTo = (line, chosen) => page.editor.goTo(line, chosen);
  page.keepMode = (mode) => localStorage.setItem(MODE, mode);
  addTools(page);
  addSide(page);
  addFindings(page);
  addBeside(page);
  if (typing) takeOver(page);
  requestAnimationFrame(() => goOn(page));
}

/** Whoever was typing in the plain field goes on typing where they were. */
function takeOver(page) {
  const { view } = page.editor;
  view.dispatch({ selection: { anchor: page.field.selectionStart, head: page.field.selectionEnd } });
  view.focus();
}

/** Where a picture's target leads; "" where it leads out of the curriculum. */
export function addressOf(path, target) {
  if (/^[a-z][a-z0-9+.-]*:|^\/|^\\/i.test(target)) return "";
  const rows = path.split("/").slice(0, -1);
  for (const step of target.split("#")[0].split("/")) {
    if (step === "..") {
      if (!rows.length) return "";
      rows.pop();
    } else if (step && step !== ".") rows.push(step);
  }
  return `/pictures/${rows.map((row) => { try { return encodeURIComponent(decodeURIComponent(row)); } catch { return encodeURIComponent(row); } }).join("/")}`;
}

function drafts(page) {
  const { form, field, state } = page;
  const path = form.dataset.key;
  const base = form.querySelector("input[name=base]");
  let leaving = false;
  const remember = () => {
    if (page.live) return;
    const text = page.text();
    if (text === page.first) {
      forget(path);
      state.textContent = "";
      return;
    }
    const draft = { base: base.value, text, title: form.dataset.title, href: location.pathname, at: Date.now() };
    state.textContent = keep(path, draft) ? "Not saved yet; kept on this device." : "Not saved yet, and this device has no room to keep it: save soon.";
  };
  const draft = kept(path)?.live ? null : kept(path);
  const offer = () => {
    if (page.live || !draft || draft.text === page.first) return;
    const box = document.querySelector("[data-kept]");
    if (draft.at) box.querySelector("[data-kept-when]").textContent = `, from ${new Date(draft.at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })}`;
    box.hidden = false;
    box.querySelector("[data-take]").addEventListener("click", () => {
      // Saved from the version that it was written on, so that what others changed since is merged and not undone.
      base.value = draft.base;
      box.hidden = true;
      putBack(page, draft.text);
    });
    box.querySelector("[data-drop]").addEventListener("click", () => {
      forget(path);
      box.hidden = true;
      (page.editor?.view ?? field).focus();
    });
  };
  if (page.editor && form.dataset.live) setTimeout(offer, PATIENCE);
  else offer();
  field.addEventListener("input", remember);
  form.addEventListener("submit", () => {
    page.editor?.flush();
    if (page.live) return;
    leaving = true;
    saving(path);
  }, true);
  addEventListener("pagehide", () => page.editor?.flush());
  document.addEventListener("visibilitychange", () => page.editor?.flush());
  addEventListener("beforeunload", (event) => {
    page.editor?.flush();
    if (!leaving && !page.live && page.text() !== page.first) event.preventDefault();
  });
}

function putBack(page, text) {
  if (!page.editor) {
    page.field.value = text;
    page.field.dispatchEvent(new Event("input", { bubbles: true }));
    page.field.focus();
    return;
  }
  const { view } = page.editor;
  const now = page.editor.text();
  let head = 0;
  while (head < now.length && head < text.length && now[head] === text[head]) head += 1;
  let tail = 0;
  while (tail < now.length - head && tail < text.length - head && now.at(-1 - tail) === text.at(-1 - tail)) tail += 1;
  view.dispatch({ changes: { from: head, to: now.length - tail, insert: text.slice(head, text.length - tail) } });
  view.focus();
}

function around(page) {
  const { form, field, state } = page;
  form.addEventListener("click", (event) => {
    const jump = event.target.closest("[data-line]");
    if (jump) page.goTo(Number(jump.dataset.line));
  });
  for (const radio of form.querySelectorAll("[data-refresh]")) {
    radio.addEventListener("change", () => {
      page.editor?.flush();
      field.dispatchEvent(new Event("refresh"));
    });
  }
  const tell = (words) => {
    if (page.live) page.together.say(words);
    else state.textContent = words;
  };
  form.addEventListener("htmx:responseError", (event) => {
    // Of a text that was moved or put away there is no preview, and it is said already.
    if (page.live && page.together.room.refused === "closed") return;
    tell([400, 403].includes(event.detail.xhr.status)
      ? "Your sign-in has ended. Your text is kept on this device; sign in again in another tab, then go on."
      : "The preview could not be made. Your text is kept on this device.");
  });
  form.addEventListener("htmx:sendError", () => {
    tell("The studio does not answer. Your text is kept on this device; go on writing, and save later.");
  });
  const wanted = /^#line-(\d+)$/.exec(location.hash);
  if (wanted) page.goTo(Number(wanted[1]));
}

/** Chooses a line of the plain field. */
function choose(field, number) {
  const rows = field.value.split("\n");
  const line = Math.max(1, Math.min(number, rows.length));
  const start = rows.slice(0, line - 1).reduce((sum, row) => sum + row.length + 1, 0);
  field.focus();
  field.setSelectionRange(start, start + rows[line - 1].length);
  field.scrollIntoView({ block: "nearest" });
}
