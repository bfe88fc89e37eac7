// Hides what earlier pages left on this device, words that never became durable, and how it is offered back.
import * as Y from "yjs";
import { forget, kept } from "../studio/drafts.js";
import { BACK, account, standing } from "./together.js";

/** What is left of one text: `writing` is the page's `Together`. */
export class Left {
  constructor(writing) {
    this.writing = writing;
    this.draftKey = writing.form.dataset.key;
  }

  /** Offers what brings anything new, and forgets the rest. */
  async offer() {
    const records = [...(await this.writing.keeping.left()), ...this.draft()];
    for (const record of records) {
      if (this.nothingNew(record)) this.forget(record);
    }
    const left = records.filter((record) => !this.nothingNew(record));
    if (left.length) this.show(left);
  }

  /** What this device kept of a page on which the room was never reached: known by the version that it was written from. */
  draft() {
    const draft = kept(this.draftKey);
    return draft && !draft.live ? [{ draft: true, epoch: "", update: null, base: null, blob: draft.base, text: draft.text, at: draft.at }] : [];
  }

  forget(record) {
    if (record.draft) forget(this.draftKey);
    else {
      this.writing.keeping.forget(record.key);
      if (kept(this.draftKey)?.live) forget(this.draftKey);
    }
  }

  nothingNew(record) {
    const { room } = this.writing;
    const now = room.text.toString();
    if (record.text === now || record.text === record.base) return true;
    if (record.epoch !== room.epoch || !record.update) return false;
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(room.doc));
    Y.applyUpdate(doc, record.update);
    return doc.getText("text").toString() === now;
  }

  show(records) {
    const box = document.querySelector("[data-kept]");
    const last = records.at(-1);
    box.querySelector("[data-kept-when]").textContent = `, from ${new Date(last.at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })}`;
    box.hidden = false;
    const end = () => {
      box.hidden = true;
      this.writing.view.focus();
    };
    box.querySelector("[data-take]").addEventListener("click", async () => {
      for (const record of records) await this.putBack(record);
      end();
    }, { once: true });
    box.querySelector("[data-drop]").addEventListener("click", () => {
      for (const record of records) this.forget(record);
      end();
    }, { once: true });
  }

  async putBack(record) {
    const { writing } = this;
    const { room } = writing;
    if (record.epoch === room.epoch && record.update) Y.applyUpdate(room.doc, record.update, BACK);
    else {
      const there = standing(room.doc);
      try {
        const found = await writing.together(record.base, record.text, there.words, record.blob);
        if (there.doc !== room.doc) {
          // Another history began meanwhile.
          await this.putBack(record);
          return;
        }
        there.put(found.text, BACK);
        writing.say(account(found.double));
      } catch {
        writing.say("This could not be done now. The text is still kept on this device: reload this page to try again.");
        return;
      }
    }
    // The old record goes once the words are durable, or kept anew by this page.
    await writing.settled();
    this.forget(record);
  }
}
