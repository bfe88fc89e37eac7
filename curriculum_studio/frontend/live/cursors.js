// Hides where the others are in the text: their cursors and what they have chosen, in their colour and with their name.
import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, WidgetType } from "@codemirror/view";
import * as Y from "yjs";

export const setPeople = StateEffect.define();

class Caret extends WidgetType {
  constructor(one) {
    super();
    this.one = one;
  }
  eq(other) {
    return other.one.id === this.one.id && other.one.name === this.one.name && other.one.colour === this.one.colour;
  }
  toDOM() {
    const caret = document.createElement("span");
    caret.className = `live-caret live-colour-${this.one.colour}`;
    // The list beside the text says who is here; a screen reader must not meet names in the middle of a sentence.
    caret.setAttribute("aria-hidden", "true");
    const name = document.createElement("span");
    name.className = "live-name";
    name.textContent = this.one.name;
    caret.append("\u2060", name);
    return caret;
  }
  ignoreEvent() {
    return true;
  }
}

const places = (people, you, doc, text, length) => {
  const found = [];
  for (const one of people.values()) {
    if (one.id === you || !one.place?.head) continue;
    try {
      const at = (json) => Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(json), doc);
      const head = at(one.place.head);
      const anchor = at(one.place.anchor ?? one.place.head);
      if (!head || !anchor || head.type !== text) continue;
      const clip = (place) => Math.max(0, Math.min(place, length));
      found.push({ one, head: clip(head.index), anchor: clip(anchor.index) });
    } catch {
      // A place that cannot be read is not shown.
    }
  }
  return found;
};

const drawn = (rows) =>
  RangeSet.of(
    rows.flatMap(({ one, head, anchor }) => {
      const from = Math.min(head, anchor);
      const to = Math.max(head, anchor);
      const caret = Decoration.widget({ widget: new Caret(one), side: head > anchor ? -1 : 1 }).range(head);
      return from === to ? [caret] : [Decoration.mark({ class: `live-chosen live-colour-${one.colour}` }).range(from, to), caret];
    }),
    true,
  );

/** Shows the others and tells them where one is: `room` is a LiveRoom whose text is in the editor. */
export const cursors = (room) => {
  const field = StateField.define({
    create: () => Decoration.none,
    update(value, transaction) {
      let next = value.map(transaction.changes);
      for (const effect of transaction.effects) {
        if (effect.is(setPeople)) next = drawn(places(room.people, room.you, room.doc, room.text, transaction.state.doc.length));
      }
      return next;
    },
    provide: (one) => EditorView.decorations.from(one),
  });
  const telling = ViewPlugin.define((view) => {
    let last = "";
    let timer = 0;
    const tell = () => {
      timer = 0;
      if (!room.joined || !room.text) return;
      const { anchor, head } = view.state.selection.main;
      const at = (place) => Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(room.text, Math.min(place, room.text.length)));
      const place = { anchor: at(anchor), head: at(head), part: partAt(view.state.doc, head) };
      const words = JSON.stringify(place);
      if (words === last) return;
      last = words;
      room.show(place);
    };
    room.tellPlace = () => {
      last = "";
      clearTimeout(timer);
      tell();
    };
    return {
      update(update) {
        if ((update.selectionSet || update.docChanged) && !timer) timer = setTimeout(tell, 120);
      },
      destroy() {
        clearTimeout(timer);
      },
    };
  });
  return [field, telling];
};

/** The heading under which a place stands, as it is read: “Warm-up”, not “## Warm-up {#w}”. */
export const partAt = (doc, place) => {
  for (let number = doc.lineAt(place).number; number >= 1; number -= 1) {
    const found = /^#{1,6}\s+(.*?)\s*(?:\{[^{}]*\})?\s*$/.exec(doc.line(number).text);
    if (found) return found[1].slice(0, 80);
  }
  return "";
};
