// Hides how a text is written: an editor over a plain field, whose document is exactly the text, and no other.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorSelection, EditorState } from "@codemirror/state";
import { EditorView, drawSelection, dropCursor, highlightSpecialChars, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { arrived, makeDrawn } from "./drawn.js";
import { headerOf, blocksOf } from "./blocks.js";
import { HeaderForm } from "./header_form.js";
import { lessonLanguage } from "./language.js";
import { namesOf } from "./outline.js";
import { headerAsText, pageView, structure } from "./page_view.js";
import { canAdopt } from "./styles.js";

const source = HighlightStyle.define([
  { tag: tags.heading, class: "cm-s-heading" }, { tag: tags.strong, class: "cm-strong" }, { tag: tags.emphasis, class: "cm-em" },
  { tag: tags.monospace, class: "cm-code" }, { tag: tags.link, class: "cm-link" }, { tag: tags.special(tags.string), class: "cm-code" },
  { tag: tags.processingInstruction, class: "cm-faint" },
]);
const FLUSH = 120;

/** Whether this browser can have the editor; else the plain field stays, and works. */
export const possible = () => canAdopt() && typeof ResizeObserver === "function";

/**
 * An editor in place of a field. The field keeps its name and, a moment after each change and at once on `flush()`, the text.
 *
 * `options`: extensions (CodeMirror's, such as a live binding) · text (the document, where it is not what the field holds) · history
 * (false where an extension brings its own) · mode ("page" or "text") · label · language · lesson · tables ({ kinds, figures }) ·
 * ask(body) (what draws formulas and figures) · picture(target) (a picture's address, or "") · onChange(update) · actions (what
 * the page's own buttons do: `figure`, `about`, `pickStandard`) · names (what short names of lessons and misconceptions stand for) ·
 * keys (what may stand above a text of its kind) · goals (of the charter: short name and words).
 *
 * Gives { view, tools, flush, destroy, mode(name), goTo(line), text() }.
 */
export function makeEditor(field, options = {}) {
  const text = options.text ?? field.value;
  const kinds = options.tables?.kinds ?? {};
  const names = namesOf(kinds);
  const drawn = makeDrawn(options.ask ?? (() => Promise.reject(new Error("nothing draws here"))));
  const tools = {
    structure: structure(names), kinds, drawn, lesson: options.lesson ?? true, assessment: options.assessment ?? false, session: options.session ?? false, figures: new Set(Object.keys(options.tables?.figures ?? {})),
    names: options.names ?? {}, headerWidget: (words) => new HeaderForm(words, tools), picture: options.picture ?? (() => ""),
    act: (at, name, node) => actOnFigure(at, name, node, tools, options.actions), toggleChoice,
    keys: new Set(options.keys ?? []), goals: options.goals ?? [],
    about: (at, node) => options.actions?.about?.(at.posAtDOM(node)), pickStandard: options.actions?.pickStandard, sayStandards: options.actions?.sayStandards,
  };
  const looks = new Compartment();
  const look = (mode) => (mode === "text"
    ? [syntaxHighlighting(source), EditorView.editorAttributes.of({ class: "cm-text-mode" })]
    : [pageView(tools), EditorView.editorAttributes.of({ class: "cm-page-mode" })]);
  let mode = options.mode ?? "page";
  let timer = 0;
  let touched = false;
  const flush = () => {
    clearTimeout(timer);
    timer = 0;
    if (!touched) return;
    touched = false;
    field.value = view.state.doc.toString();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const { anchor, doc } = firstStand(text, mode);
  const view = new EditorView({
    state: EditorState.create({
      doc, selection: EditorSelection.cursor(anchor),
      extensions: [
        // The document is the text, character by character: only a line feed ends a line.
        EditorState.lineSeparator.of("\n"), EditorState.tabSize.of(4), EditorState.allowMultipleSelections.of(false),
        tools.structure, lessonLanguage, options.extensions ?? [], looks.of(look(mode)),
        options.history === false ? [] : [history(), keymap.of(historyKeymap)],
        highlightSpecialChars(), drawSelection({ drawRangeCursor: false }), dropCursor(), EditorView.lineWrapping,
        keymap.of(defaultKeymap),
        EditorView.contentAttributes.of({
          "aria-label": options.label ?? "Text", spellcheck: "true", lang: options.language ?? "en", autocapitalize: "sentences", autocorrect: "on", tabindex: "0", id: `${field.id || "text"}-editor`,
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) {
            touched = true;
            clearTimeout(timer);
            timer = setTimeout(flush, FLUSH);
          }
          options.onChange?.(update);
        }),
      ],
    }),
  });
  field.before(view.dom);
  field.hidden = true;
  const stop = drawn.listen(() => view.dispatch({ effects: arrived.of(null) }));
  return {
    view, tools, flush,
    text: () => view.state.doc.toString(),
    get mode() { return mode; },
    /** Shows the page or the text; not a character changes. */
    show(name) {
      mode = name;
      view.dispatch({ effects: looks.reconfigure(look(name)) });
      keepOutOfHeader(view, tools, name);
    },
    /** Goes to a line, the header's too, and chooses it; or stands behind its words, where `chosen` is false. */
    goTo(number, chosen = true) {
      const line = view.state.doc.line(Math.max(1, Math.min(number, view.state.doc.lines)));
      const { header } = view.state.field(tools.structure);
      const effects = [EditorView.scrollIntoView(line.from, { y: "center" })];
      if (mode === "page" && header && line.from < header.to) effects.push(headerAsText.of(true));
      const heading = view.state.field(tools.structure).blocks.find((one) => one.type === "heading" && one.from === line.from);
      const behind = heading ? heading.wordsAt + heading.words.length : line.to;
      view.dispatch({ selection: chosen ? { anchor: line.from, head: line.to } : { anchor: behind }, effects });
      view.focus();
    },
    destroy() {
      flush();
      stop();
      view.destroy();
      field.hidden = false;
    },
  };
}

/** Where the cursor stands at first: below the header, where the page shows it as a form. */
function firstStand(text, mode) {
  const doc = text;
  if (mode === "text") return { doc, anchor: 0 };
  const header = headerOf(blocksOf(text.split("\n")), text.length);
  return { doc, anchor: header ? header.to : 0 };
}

function keepOutOfHeader(view, tools, mode) {
  const { header } = view.state.field(tools.structure);
  if (mode === "page" && header && view.state.selection.main.from < header.to) view.dispatch({ selection: { anchor: header.to } });
}

function actOnFigure(view, name, node, tools, actions) {
  const place = view.posAtDOM(node);
  const block = view.state.field(tools.structure).blocks.find((one) => one.type === "fence" && one.from <= place && place <= one.to);
  if (!block) return;
  if (name === "text") {
    view.dispatch({ selection: { anchor: Math.min(block.from + block.word.length + 4, block.to) }, scrollIntoView: true });
    view.focus();
  } else actions?.figure?.(block);
}

function toggleChoice(view, box) {
  const place = view.posAtDOM(box);
  const line = view.state.doc.lineAt(place);
  const at = /^([ ]*[-*+] \[)([ xX])\]/.exec(line.text);
  if (!at) return;
  const from = line.from + at[1].length;
  view.dispatch({ changes: { from, to: from + 1, insert: at[2] === " " ? "x" : " " }, userEvent: "input.choice" });
}
