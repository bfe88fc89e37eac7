// Hides where the others are in the text: their cursors and what they have chosen, in their colour and with their name.
import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, WidgetType } from "@codemirror/view";
import * as Y from "yjs";

export const setPeople = StateEffect.define();

/** `arrival` counts the lines that this person came to: the name is shown anew for each, and fades, so that it covers no words. */
class Caret extends WidgetType {
  constructor(one, arrival) {
    super();
    this.one = one;
    this.arrival = arrival;
  }
  eq(other) {
    const { id, name, colour } = this.one;
    return other.one.id === id && other.one.name === name && other.one.colour === colour && other.arrival === this.arrival;
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
    return false;
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
    rows.flatMap(({ one, head, anchor, arrival }) => {
      const from = Math.min(head, anchor);
      const to = Math.max(head, anchor);
      const caret = Decoration.widget({ widget: new Caret(one, arrival), side: head > anchor ? -1 : 1 }).range(head);
      return from === to ? [caret] : [Decoration.mark({ class: `live-chosen live-colour-${one.colour}` }).range(from, to), caret];
    }),
    true,
  );

/** Shows the others and tells them where one is: `room` is a LiveRoom whose text is in the editor. */
export const cursors = (room) => {
  let arrivals = 0;
  const field = StateField.define({
    create: () => ({ marks: Decoration.none, seen: new Map() }),
    update(value, transaction) {
      let { marks, seen } = value;
      const { changes, state } = transaction;
      if (transaction.docChanged) {
        marks = marks.map(changes);
        seen = new Map([...seen].map(([id, was]) => [id, { ...was, head: changes.mapPos(was.head, 1) }]));
      }
      if (transaction.effects.some((effect) => effect.is(setPeople))) {
        const rows = places(room.people, room.you, room.doc, room.text, state.doc.length);
        const lineOf = (place) => state.doc.lineAt(Math.min(place, state.doc.length)).from;
        for (const row of rows) {
          const was = seen.get(row.one.id);
          row.arrival = was && lineOf(was.head) === lineOf(row.head) ? was.arrival : (arrivals += 1);
        }
        seen = new Map(rows.map((row) => [row.one.id, row]));
        marks = drawn(rows);
      }
      return { marks, seen };
    },
    provide: (one) => EditorView.decorations.from(one, (value) => value.marks),
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
    // By characters: half of one can be told to nobody.
    if (found) return [...found[1]].slice(0, 80).join("");
  }
  return "";
};
