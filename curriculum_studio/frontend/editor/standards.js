// Hides how a standard is chosen: by its code or by words, with what it says.
import { ask, fieldRow } from "./dialogs.js";
import { make } from "./widgets.js";

const look = async (query) => {
  const answer = await fetch(`/editor/standards?${query}`, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).standards;
};

/** Asks for a standard; `done(code)` gets its code. */
export function askStandard(words, done, back) {
  const input = make("input", { type: "search", autocomplete: "off", autofocus: true });
  const list = make("ul", { class: "ask-list" });
  const told = make("p", { class: "soft", role: "status" });
  let asked = 0;
  const find = async () => {
    const query = input.value.trim();
    asked += 1;
    const mine = asked;
    if (!query) {
      list.replaceChildren();
      told.textContent = "";
      return;
    }
    let rows = [];
    try {
      rows = await look(new URLSearchParams({ q: query }));
    } catch {
      told.textContent = "The studio does not answer. Try again.";
      return;
    }
    if (mine !== asked) return;
    told.textContent = rows.length ? `${rows.length} found` : "Nothing found. Try other words, or a part of the code.";
    list.replaceChildren(...rows.map((row) => make("li", {}, make("button", { type: "button", class: "ask-choice", on: { click: () => { dialog.close(); done(row.code); } } },
      make("strong", { text: row.code }), make("span", { text: ` ${row.statement}` })))));
  };
  let timer = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, 180);
  });
  const dialog = ask({
    title: `${words}: a standard`, wide: true, back,
    fill: (form) => form.append(fieldRow("Code or words", input, "such as 6.RP.A.1, or ratio language"), told, list),
    done: () => {
      const first = list.querySelector("button");
      if (first) first.click();
      return false;
    },
  });
}

/** What each code says, or will say as soon as the studio has answered: a form that is made anew meanwhile waits for the same answer. */
const said = new Map();

/** Writes beside each code of a list what it says. */
export async function sayStandards(codes, list) {
  const missing = codes.filter((code) => !said.has(code));
  if (missing.length) {
    const asked = look(new URLSearchParams({ codes: missing.join(",") })).then((rows) => new Map(rows.map((row) => [row.code, row.statement])));
    for (const code of missing) {
      said.set(code, asked.then((found) => found.get(code) || "", () => {
        said.delete(code);
        return "";
      }));
    }
  }
  const words = new Map(await Promise.all(codes.map(async (code) => [code, await said.get(code)])));
  for (const item of list.children) {
    const says = words.get(item.querySelector(".code")?.textContent);
    if (says && !item.querySelector(".cm-statement")) item.querySelector("button").before(make("span", { class: "cm-statement", text: says }));
  }
}
