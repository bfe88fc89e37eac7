// Hides how the page is shown: markup away from the cursor gives way to what it means; the text stays as it is.
import { syntaxTree } from "@codemirror/language";
import { StateEffect, StateField, Transaction, EditorState, Annotation } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin } from "@codemirror/view";
import { blocksOf, headerOf } from "./blocks.js";
import { softBreaks } from "./breaks.js";
import { arrived } from "./drawn.js";
import { heldMarks } from "./held.js";
import { inlineMarks, touches } from "./inline_view.js";
import { outlineOf } from "./outline.js";
import { drawnBy, patched } from "./patched.js";
import { faultsBelow, figureBelow, figureWidget, formulaWidget, pictureWidget, space } from "./widgets.js";

/** Shows the header as text (true) or as a form (false). */
export const headerAsText = StateEffect.define();
/** A change that the header's own form makes. */
export const byForm = Annotation.define();

/** The blocks and parts of the text, read anew with each change. */
export const structure = (names) => StateField.define({
  create: (state) => read(state.doc, names),
  update: (value, change) => (change.docChanged ? read(change.newDoc, names) : value),
});

function read(doc, names) {
  const rows = [...doc.iterLines()];
  const blocks = blocksOf(rows);
  const parts = outlineOf(blocks, names, doc.length);
  return {
    blocks, parts, partOf: new Map(parts.map((part) => [part.block, part])), header: headerOf(blocks, doc.length), breaks: softBreaks(rows, blocks),
  };
}

const headerOpen = StateField.define({
  create: () => false,
  update(value, change) {
    for (const effect of change.effects) if (effect.is(headerAsText)) return effect.value;
    return value;
  },
});

/**
 * The page: `tools` has structure (the field), names, drawn, headerWidget(text, header), act(view, name, node), picture(target)
 * (the address of a picture or "") and lesson and session (whether the text is one).
 */
export function pageView(tools) {
  const folded = (state) => {
    const { header } = state.field(tools.structure);
    return header && !state.field(headerOpen) ? header : null;
  };
  const blocks = StateField.define({
    create: (state) => drawnBy(blockMarks(state, tools, folded(state))),
    update(value, change) {
      const again = change.docChanged || change.selection || change.effects.some((one) => one.is(arrived) || one.is(headerAsText));
      return again ? patched(value, blockMarks(change.state, tools, folded(change.state)), change.changes) : value;
    },
    provide: (field) => EditorView.decorations.from(field, (value) => value.set),
  });
  const lines = ViewPlugin.fromClass(class {
    constructor(view) { this.decorations = Decoration.set(inlineMarks(view, tools, folded(view.state)), true); }
    update(change) {
      const again = change.docChanged || change.selectionSet || change.viewportChanged
        || syntaxTree(change.startState) !== syntaxTree(change.state)
        || change.transactions.some((one) => one.effects.some((effect) => effect.is(arrived) || effect.is(headerAsText)));
      if (again) this.decorations = Decoration.set(inlineMarks(change.view, tools, folded(change.state)), true);
    }
  }, { decorations: (plugin) => plugin.decorations });
  return [headerOpen, blocks, lines, guard(folded), heldMarks(tools.structure)];
}

/** While the header is a form, hands at the text neither change nor stand in what the form shows. */
function guard(folded) {
  return [
    EditorState.changeFilter.of((change) => {
      const header = folded(change.startState);
      if (!header || !change.docChanged || change.annotation(byForm)) return true;
      const event = change.annotation(Transaction.userEvent) || "";
      return /^(?:input|delete|move)/.test(event) ? [0, header.to] : true;
    }),
    EditorState.transactionFilter.of((change) => {
      const opening = change.effects.some((one) => one.is(headerAsText) && one.value);
      const header = opening ? null : folded(change.startState);
      if (!header || !change.selection || change.docChanged || change.annotation(byForm)) return change;
      if (!change.selection.ranges.some((range) => range.from < header.to)) return change;
      const { anchor, head } = change.selection.main;
      return [change, { selection: { anchor: Math.max(anchor, header.to), head: Math.max(head, header.to) }, sequential: true }];
    }),
  ];
}

function blockMarks(state, tools, header) {
  const { blocks, breaks } = state.field(tools.structure);
  const marks = breaks.map((one) => space.range(one.from, one.to));
  if (header) {
    const text = state.sliceDoc(0, header.to);
    marks.push(Decoration.replace({ widget: tools.headerWidget(text), block: true }).range(0, blocks[0].to));
  }
  for (const block of blocks) {
    const touched = touches(state, block.from, block.to);
    if (block.type === "fence" && tools.figures.has(block.word) && block.closed) figure(block, touched, tools, marks);
    else if (block.type === "display" && block.closed) display(block, touched, tools, marks);
    else if (block.type === "picture" && !touched) {
      const address = tools.picture(block.target);
      if (address) marks.push(Decoration.replace({ widget: pictureWidget(block.alt, address), block: true }).range(block.from, block.to));
    }
  }
  return marks;
}

function figure(block, touched, tools, marks) {
  const drawn = tools.drawn.figure(block.word, block.rest, block.body);
  if (drawn?.html && !touched) {
    marks.push(Decoration.replace({ widget: figureWidget(block, drawn.html, tools.act), block: true }).range(block.from, block.to));
  } else if (drawn?.html) marks.push(Decoration.widget({ widget: figureBelow(block, drawn.html), block: true, side: 1 }).range(block.to));
  else if (drawn?.faults) {
    const rows = drawn.faults.map((fault) => {
      // The page shows no numbers of lines: the line itself is said.
      const typed = fault.line ? block.body.split("\n")[fault.line - 1]?.trim() : "";
      return `${typed ? `“${typed}”: ` : ""}${fault.reason}`;
    });
    marks.push(Decoration.widget({ widget: faultsBelow(block.body, rows), block: true, side: 1 }).range(block.to));
  }
}

function display(block, touched, tools, marks) {
  const drawn = tools.drawn.formula(block.latex, true);
  if (drawn?.html && !touched) marks.push(Decoration.replace({ widget: formulaWidget(block.latex, true, drawn.html), block: true }).range(block.from, block.to));
  else if (drawn?.html) marks.push(Decoration.widget({ widget: formulaWidget(block.latex, true, drawn.html), block: true, side: 1 }).range(block.to));
  else if (drawn?.error) marks.push(Decoration.widget({ widget: faultsBelow(block.latex, [drawn.error]), block: true, side: 1 }).range(block.to));
}
