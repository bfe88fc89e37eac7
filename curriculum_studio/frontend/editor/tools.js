// Hides how the toolbar and the keys are laid out; what they put in comes with what is loaded once the editor stands.
import { redo, undo } from "@codemirror/commands";
import { Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { apply, around, barInput, list, newline, roomBelow, tab } from "./commands.js";
import { backspace, deleteKey } from "./held.js";
import { menu, tool, toolbar } from "./menus.js";
import { carriedIn, isPlain } from "./carried.js";
import { addColumn, addRow, removeColumn, removeRow, removeTable, tableAt } from "./tables.js";
import { make } from "./widgets.js";

/** The keys of the editor; part of what the field is made with. */
addTools.extensions = (page) => {
  page.mode = () => page.editor?.mode ?? "page";
  Object.defineProperty(page, "tools", { configurable: true, get: () => page.editor.tools });
  return [
    Prec.high(keymap.of([
      { key: "Mod-b", run: around("**") }, { key: "Mod-i", run: around("*") }, { key: "Mod-k", run: go(page, "link") },
      { key: "Mod-Shift-8", run: list("bullets") }, { key: "Mod-Shift-7", run: list("numbers") },
      { key: "Mod-m", run: go(page, "formula") }, { key: "Alt-F10", run: () => page.bar?.settle()?.focus() ?? true },
      { key: "Mod-Shift-e", run: () => { toggle(page); return true; } }, { key: "Alt-Enter", run: (view) => { page.later((more) => more.changeHere(page, view)); return true; } },
    ])),
    keymap.of([{ key: "Backspace", run: backspace(page) }, { key: "Delete", run: deleteKey(page) }, { key: "Enter", run: newline(page) }, { key: "Tab", run: tab(page, 1) }, { key: "Shift-Tab", run: tab(page, -1) }]),
    barInput(page), roomBelow(page),
    EditorView.domEventHandlers({
      paste: (event, view) => take(page, view, event, carriedIn(event.clipboardData)),
      drop(event, view) {
        const carried = carriedIn(event.dataTransfer);
        if (!carried.picture) return false;
        const place = view.posAtCoords({ x: event.clientX, y: event.clientY });
        if (place !== null) view.dispatch({ selection: { anchor: place } });
        return take(page, view, event, { ...carried, html: "" });
      },
    }),
  ];
};

/** Does what is offered under a name. */
const go = (page, name) => (view) => {
  page.later((more) => more.run(page, name, view));
  return true;
};

/** What is carried into the text is read at once, for it is gone when the event is over; what becomes of it may take a moment. */
function take(page, view, event, carried) {
  if (isPlain(carried)) return false;
  event.preventDefault();
  page.later((more) => more.take(page, view, carried));
  return true;
}

function toggle(page) {
  const next = page.editor.mode === "page" ? "text" : "page";
  page.editor.show(next);
  page.keepMode(next);
  page.look?.();
  page.editor.view.focus();
}

/** Adds the toolbar above the text. */
export function addTools(page) {
  const { editor, form } = page;
  const { view } = editor;
  const do_ = (command) => () => { command(view); view.focus(); };
  const put = (name) => () => go(page, name)(view);
  const only = (pick) => () => page.later((more) => more.offers(page).filter((one) => pick(one.name)).map((one) => ({ label: one.label, run: () => one.run(view) })));
  const isFigure = (name) => name.startsWith("figure-");
  const isPart = (name) => name in page.tables.kinds || name === "choices-problem";
  const said = make("p", { class: "quietly", role: "status" });
  page.say = (words) => { said.textContent = words; };
  page.pictureAddress = (name) => editor.tools.picture(name);
  page.actions.figure = (block) => page.later((more) => more.changeFigure(page, block));
  page.actions.about = (place) => page.later((more) => more.askAbout(page, view, place));
  const mode = tool("", "", () => toggle(page));
  const change = (act) => () => { const table = tableAt(view.state.doc, view.state.field(editor.tools.structure).blocks, view.state.selection.main.head); if (table) apply(view, act(table)); view.focus(); };
  const bar = toolbar("Write", [
    ["Undo", [tool("↶", "Undo", do_((view) => page.together?.back() ?? undo(view))), tool("↷", "Redo", do_((view) => page.together?.forth() ?? redo(view)))]],
    ["Words", [tool([make("b", { text: "B" })], "Bold", do_(around("**"))), tool([make("i", { text: "I" })], "Italic", do_(around("*"))), tool("Link", "Link", put("link"))]],
    ["Lists", [tool("Bullets", "Bulleted list", do_(list("bullets"))), tool("Numbers", "Numbered list", do_(list("numbers"))), tool("Choices", "Choices of a problem", do_(list("choices")))]],
    ["Parts and figures", [menu("Part", "Put in a part", only(isPart)), menu("Figure", "Put in a figure", only(isFigure))]],
    ["Put in", [tool("Formula", "Formula", put("formula")), tool("Table", "Table", put("table")), tool("Picture", "Picture", put("picture")),
      menu("More", "Put in more", only((name) => ["space", "teacher", "about"].includes(name)))]],
    ["View", [tool("Find", "Find and replace", () => page.later((more) => more.find(page))), mode, tool("?", "Keys and help", () => document.querySelector("dialog[data-keys]")?.showModal())]],
  ]);
  const tableTools = bar.add("Table", [
    tool("Add row", "Add a row below", change(addRow)), tool("Add column", "Add a column at the right", change(addColumn)),
    tool("Remove row", "Remove this row", change(removeRow)), tool("Remove column", "Remove this column", change(removeColumn)), tool("Remove table", "Remove the table", change(removeTable)),
  ]);
  tableTools.hidden = true;
  page.bar = bar;
  page.look = () => {
    const plain = editor.mode === "text";
    mode.textContent = plain ? "Show the page" : "Show the text";
    mode.title = plain ? "Show the page, with its formulas and figures" : "Show the text as it is kept";
    mode.removeAttribute("aria-label");
  };
  page.look();
  view.dom.before(bar, said);
  bar.settle();
  const before = page.onChange;
  page.onChange = (update) => {
    before?.(update);
    if (!update.docChanged && !update.selectionSet) return;
    const table = tableAt(update.state.doc, update.state.field(editor.tools.structure).blocks, update.state.selection.main.head);
    if (tableTools.hidden !== !table) {
      tableTools.hidden = !table;
      if (table) tableTools.parentElement.scrollLeft = tableTools.parentElement.scrollWidth;
    }
  };
  form.classList.add("editor-on");
}
