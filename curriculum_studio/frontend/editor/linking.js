// Hides how it is chosen where a link leads: to a page, by its title, or to an address of the web.
import { ask, fieldRow } from "./dialogs.js";
import { make } from "./widgets.js";

const WEB = /^(?:https?:\/\/|mailto:)[^\s<>()]+$/i;
const PATIENCE = 180;

/** Asks for the words of a link and where it leads; `done(text, range)` gets the link as it is written. */
export function askLink(page, view, done) {
  const { state } = view;
  const { main } = state.selection;
  const words = make("input", { name: "words", value: state.sliceDoc(main.from, main.to).replace(/\s+/g, " "), required: true, autocomplete: "off" });
  const where = make("input", { type: "search", name: "where", required: true, autocomplete: "off" });
  const list = make("ul", { class: "ask-list", "aria-label": "Pages" });
  const told = make("p", { class: "soft", role: "status" });
  let chosen = null;
  const choose = (row) => {
    chosen = row;
    where.value = row.title;
    if (!words.value.trim()) words.value = row.title;
    list.replaceChildren();
    told.textContent = `It leads to the ${row.kind} “${row.title}”.`;
    where.focus();
  };
  let asked = 0;
  const find = async () => {
    asked += 1;
    const mine = asked;
    const query = where.value.trim();
    let rows = [];
    if (!WEB.test(query)) {
      try {
        const answer = await fetch(`/editor/pages?${new URLSearchParams({ q: query, from: page.form.dataset.key })}`, { credentials: "same-origin" });
        if (!answer.ok) throw new Error(String(answer.status));
        rows = (await answer.json()).pages;
      } catch {
        if (mine === asked) told.textContent = "The studio does not answer. Try again.";
        return;
      }
    }
    if (mine !== asked) return;
    if (WEB.test(query)) told.textContent = "A web address.";
    else if (!rows.length) told.textContent = "No page has these words in its title.";
    else told.textContent = query ? `${rows.length} found` : "Pages of this unit:";
    list.replaceChildren(...rows.map((row) => make("li", {}, make("button", { type: "button", class: "ask-choice", on: { click: () => choose(row) } },
      make("strong", { text: row.title }), make("span", { class: "soft", text: ` ${row.kind}${row.unit && row.unit !== row.title ? ` · ${row.unit}` : ""}` })))));
  };
  let timer = 0;
  where.addEventListener("input", () => {
    chosen = null;
    clearTimeout(timer);
    timer = setTimeout(find, PATIENCE);
  });
  ask({
    title: "Link", button: "Put it in", back: () => view.focus(), wide: true,
    fill: (form) => form.append(fieldRow("Words", words), fieldRow("Where it leads", where, "A page, by words of its title, or a web address that you paste."), told, list),
    done: () => {
      const address = chosen?.target ?? where.value.trim();
      if (!chosen && !WEB.test(address)) return "Choose a page from the list, or paste a whole web address (https://…).";
      done(`[${words.value.trim().replace(/[[\]]/g, "\\$&")}](${address})`, main);
      return true;
    },
  });
  find();
}
