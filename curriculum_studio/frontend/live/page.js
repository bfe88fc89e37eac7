// Hides how an editing page is written together with others: joins the room, binds the editor to it, says in words what is safe.
import { Compartment, EditorState, Prec, StateEffect } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { yCollab, yUndoManagerKeymap } from "y-codemirror.next";
import * as Y from "yjs";
import { forget, keep, kept } from "../studio/drafts.js";
import { cursors, setPeople } from "./cursors.js";
import { Keeping } from "./keeping.js";
import { Presence } from "./presence.js";
import { LiveRoom, OFFLINE, REFUSED, SAVED, SAVING } from "./room.js";
import { account, become, together } from "./together.js";

const WHY = {
  right: "You may read here now, and no longer write.",
  closed: "This text was moved or put away.",
  large: "The text has become too long.",
  damaged: "Something in it cannot be kept.",
};
const BACK = Symbol("put back");

/** Characters of a note, as the form and the room admit them: a longer one would be no note, and its frame is refused. */
const MOST_NOTE = 300;
const NAMING_LATER = "The studio is not reached now. This version is saved as soon as it is back.";

/**
 * Starts writing together on an editing page. `page` holds: form · editor (with its `view`) · first (the text as the page came) ·
 * state (the element for words) · live (set here: the text is the room's now).
 */
export class Together {
  constructor(page) {
    this.page = page;
    this.form = page.form;
    this.view = page.editor.view;
    this.token = this.form.querySelector("input[name=csrf_token]").value;
    this.person = document.body.dataset.person || "";
    this.keeping = new Keeping(this.person, this.form.dataset.key);
    this.presence = new Presence(document.querySelector("[data-together]"), this.person);
    this.binding = new Compartment();
    // What came back because it could not be saved was written from a version, and not from what the page says now.
    this.base = "typed" in this.form.dataset ? null : page.first;
    this.onDevice = true;
    this.said = "";
    const address = new URL(this.form.dataset.live, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    this.view.dispatch({ effects: StateEffect.appendConfig.of(this.binding.of([])) });
    this.room = new LiveRoom(() => new WebSocket(address), {
      joined: (words, fresh) => this.joined(fresh),
      elsewhere: (room, doc) => this.elsewhere(doc),
      state: () => this.tell(),
      people: (people) => this.people(people),
      pending: () => this.keep(),
      notice: (words) => this.notice(words),
      named: (words) => this.named(words),
      refused: () => this.keep(),
    });
    this.listen();
  }

  listen() {
    this.form.addEventListener("submit", (event) => this.submit(event));
    addEventListener("online", () => this.room.link.hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.room.link.hurry());
    addEventListener("pagehide", () => {
      this.keep(true);
      this.room.end();
    });
    addEventListener("beforeunload", (event) => {
      if (this.page.live && this.room.pending.length) event.preventDefault();
    });
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    document.querySelector("[data-copy]")?.addEventListener("click", () => this.copy());
  }

  ask(body) {
    const form = new URLSearchParams({ ...body, csrf_token: this.token });
    return fetch(this.form.dataset.togetherAt, { method: "POST", body: form, credentials: "same-origin" }).then((answer) => {
      if (!answer.ok) throw new Error(`the studio answered ${answer.status}`);
      return answer.json();
    });
  }

  // Joining -------------------------------------------------------------------------------------------------

  async joined(fresh) {
    if (!fresh) {
      this.room.tellPlace?.();
      return;
    }
    // What was typed before the room was reached came from the text of the page.
    await this.merge(this.base, this.view.state.doc.toString());
    this.offerLeft();
  }

  /** Another history began: the words of the old one that the room never had are put in as text. */
  async elsewhere(doc) {
    const base = this.room.durableText;
    const mine = this.view.state.doc.toString();
    this.unbind();
    this.room.take(doc);
    await this.merge(base, mine);
  }

  /** Puts what stands in the editor, written from `base`, together with the room's text, and binds the two. */
  async merge(base, mine) {
    const { room, view } = this;
    let double = 0;
    let both = false;
    for (;;) {
      const theirs = room.text.toString();
      let found;
      try {
        found = await together((body) => this.ask(body), base, mine, theirs, this.form.querySelector("input[name=base]").value);
      } catch {
        await this.giveUp(base, mine);
        break;
      }
      // Whoever went on writing while the studio was asked is asked for once more: nobody waits, and nothing is lost.
      if (room.text.toString() !== theirs) continue;
      both ||= mine !== base && theirs !== base && found.text !== theirs;
      double += found.double;
      become(room.text, found.text, BACK);
      const now = view.state.doc.toString();
      if (now === mine) break;
      base = mine;
      mine = now;
    }
    this.bind();
    if (both) this.say(account(double));
    this.page.live = true;
    room.askAgain();
    this.keep();
    this.tell();
    this.page.askThreads?.();
  }

  async giveUp(base, mine) {
    this.kept = true;
    const spare = new Keeping(this.person, this.form.dataset.key);
    await spare.put({ epoch: "", update: null, base, text: mine, title: this.form.dataset.title, href: location.pathname });
    spare.channel?.close();
    this.say("Your text could not be put together with the others’ now. It is kept on this device: reload this page to have it offered.");
  }

  bind() {
    const { view, room } = this;
    const words = room.text.toString();
    const now = view.state.doc.toString();
    if (now !== words) view.dispatch({ changes: smallest(now, words), annotations: [] });
    this.undo = new Y.UndoManager(room.text, { captureTimeout: 400, trackedOrigins: new Set([BACK]) });
    const extension = [
      Prec.highest(keymap.of(yUndoManagerKeymap)),
      yCollab(room.text, null, { undoManager: this.undo }),
      cursors(room),
      EditorView.clipboardInputFilter.of((text) => text.replaceAll("\0", "")),
      EditorState.readOnly.of(room.right !== "write"),
    ];
    view.dispatch({ effects: this.binding.reconfigure(extension) });
    this.people(room.people);
    room.tellPlace?.();
  }

  /** Takes back one's own last change, and nobody else's; undefined before the room is reached. */
  back() {
    if (!this.page.live) return undefined;
    this.undo.undo();
    return true;
  }

  forth() {
    if (!this.page.live) return undefined;
    this.undo.redo();
    return true;
  }

  unbind() {
    this.view.dispatch({ effects: this.binding.reconfigure([]) });
    this.undo?.destroy();
  }

  // What this device keeps ----------------------------------------------------------------------------------

  keep(now = false) {
    const { room } = this;
    if (!room.doc) return;
    clearTimeout(this.timer);
    const write = async () => {
      if (!room.pending.length) {
        if (this.kept) {
          this.keeping.clear();
          if (kept(this.form.dataset.key)?.live) forget(this.form.dataset.key);
        }
        this.kept = false;
        this.onDevice = true;
        return;
      }
      this.kept = true;
      const record = { epoch: room.epoch, update: room.unsent(), base: room.durableText, text: room.text.toString(), title: this.form.dataset.title, href: location.pathname };
      this.onDevice = await this.keeping.put(record);
      // Home lists it among what this device keeps.
      if (this.kept && this.onDevice && !room.joined) keep(this.form.dataset.key, { live: true, title: record.title, href: record.href, at: Date.now() });
      this.tell();
    };
    // With a room that answers in milliseconds most words need never be written here.
    if (now || !room.pending.length || !room.joined || room.refused) write();
    else this.timer = setTimeout(write, 25);
  }

  async offerLeft() {
    const records = [...(await this.keeping.left()), ...this.draft()];
    for (const record of records) {
      if (this.nothingNew(record)) this.forget(record);
    }
    const left = records.filter((record) => !this.nothingNew(record));
    if (left.length) this.offer(left);
  }

  /** What this device kept of a page on which the room was never reached: known by the version that it was written from. */
  draft() {
    const draft = kept(this.form.dataset.key);
    return draft && !draft.live ? [{ draft: true, epoch: "", update: null, base: null, blob: draft.base, text: draft.text, at: draft.at }] : [];
  }

  forget(record) {
    if (record.draft) forget(this.form.dataset.key);
    else {
      this.keeping.forget(record.key);
      if (kept(this.form.dataset.key)?.live) forget(this.form.dataset.key);
    }
  }

  nothingNew(record) {
    const now = this.room.text.toString();
    if (record.text === now || record.text === record.base) return true;
    if (record.epoch !== this.room.epoch || !record.update) return false;
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(this.room.doc));
    Y.applyUpdate(doc, record.update);
    return doc.getText("text").toString() === now;
  }

  offer(records) {
    const box = document.querySelector("[data-kept]");
    const last = records.at(-1);
    box.querySelector("[data-kept-when]").textContent = `, from ${new Date(last.at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })}`;
    box.hidden = false;
    const end = () => {
      box.hidden = true;
      this.view.focus();
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
    const { room } = this;
    if (record.epoch === room.epoch && record.update) Y.applyUpdate(room.doc, record.update, BACK);
    else {
      const theirs = room.text.toString();
      try {
        const found = await together((body) => this.ask(body), record.base, record.text, theirs, record.blob);
        become(room.text, found.text, BACK);
        this.say(account(found.double));
      } catch {
        this.say("This could not be done now. The text is still kept on this device: reload this page to try again.");
        return;
      }
    }
    // The old record goes once the words are durable, or kept anew by this page.
    await this.settled();
    this.forget(record);
  }

  async settled() {
    while (this.room.pending.length && !(this.kept && this.onDevice)) await new Promise((resolve) => setTimeout(resolve, 30));
  }

  // Versions ------------------------------------------------------------------------------------------------

  submit(event) {
    // Before the room was ever reached the page saves as it does without scripts.
    if (!this.page.live) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const note = this.form.querySelector("input[name=note]");
    if (this.room.joined && !this.room.refused) {
      this.say("Saving this version…");
      this.room.name(note.value.trim().slice(0, MOST_NOTE));
    } else if (this.room.naming) this.say(NAMING_LATER);
    else this.say("The studio is not reached now. What you wrote is kept on this device; save the version when it says Saved.");
  }

  /** Where nothing can be written any more, no version is waited for. */
  giveUpNaming() {
    this.room.naming = null;
    this.say("This version was not saved.");
  }

  /** A version that somebody asked for is there: on to the page of the text, as after every save. */
  leave(how) {
    const target = new URL(this.form.dataset.after, location.href);
    target.searchParams.set("saved", how);
    location.assign(target);
  }

  /** What became of the version that one asked for oneself. */
  named(words) {
    if (words.kind === "version") this.leave("yes");
    else if (words.kind === "nothing") this.leave("same");
    else this.notice(words);
  }

  notice(words) {
    if (words.kind === "threads" || words.kind === "outside") this.page.askThreads?.(words.kind === "threads");
    if (words.kind === "version") {
      this.form.querySelector("input[name=base]").value = words.blob;
      if (words.note) this.say(`A version was saved: “${words.note}”.`);
    } else if (words.kind === "noversion") this.say(words.text);
    else if (words.kind === "outside") {
      this.form.querySelector("input[name=base]").value = words.blob;
      this.say(`${words.by}: ${words.note || "a version from outside"}. It is in the text now.`);
    } else if (words.kind === "right") {
      this.unbind();
      this.bind();
    } else if (words.kind === "closed") this.view.dispatch({ effects: StateEffect.appendConfig.of(EditorState.readOnly.of(true)) });
  }

  // Words ---------------------------------------------------------------------------------------------------

  tell() {
    const { room } = this;
    if (!this.page.live) return;
    if (room.naming && room.state !== this.stated && room.state === OFFLINE) this.say(NAMING_LATER);
    else if (room.naming && room.state === REFUSED) this.giveUpNaming();
    this.stated = room.state;
    const words = {
      [SAVING]: "Saving…",
      [SAVED]: "Saved",
      [OFFLINE]: this.onDevice ? "Offline: kept on this device" : "Not saved: copy your text",
      [REFUSED]: `Not saved: copy your text. ${WHY[room.refused] ?? ""}`.trim(),
    }[room.state];
    const unsafe = room.state === REFUSED || (room.state === OFFLINE && !this.onDevice);
    const copy = document.querySelector("[data-copy]");
    if (copy) copy.hidden = !unsafe;
    clearTimeout(this.stating);
    const show = () => {
      const { state } = this.page;
      if (state.textContent !== words) state.textContent = words;
      // What comes and goes with every word is not read out; what matters is.
      state.setAttribute("aria-live", room.state === SAVING || (room.state === SAVED && !this.wasUnsafe) ? "off" : "polite");
      this.wasUnsafe = room.state === OFFLINE || room.state === REFUSED;
      state.dataset.is = unsafe ? "unsafe" : room.state;
    };
    // “Saving…” that is over before it can be read is not said.
    if (room.state === SAVING && this.page.state.dataset.is === SAVED) this.stating = setTimeout(show, 150);
    else show();
  }

  say(words) {
    const voice = document.querySelector("[data-said-live]");
    if (voice) {
      voice.textContent = words;
    }
  }

  people(people) {
    this.presence.show(people, this.room?.you ?? 0);
    if (this.page.live) this.view.dispatch({ effects: setPeople.of(null) });
  }

  async copy() {
    const words = this.view.state.doc.toString();
    try {
      await navigator.clipboard.writeText(words);
      this.say("Your text is copied. Paste it somewhere safe.");
    } catch {
      this.view.dispatch({ selection: { anchor: 0, head: words.length } });
      this.view.focus();
      this.say("Your text is chosen: copy it with Ctrl C, and paste it somewhere safe.");
    }
  }
}

const smallest = (now, words) => {
  let head = 0;
  while (head < now.length && head < words.length && now[head] === words[head]) head += 1;
  let tail = 0;
  while (tail < now.length - head && tail < words.length - head && now.at(-1 - tail) === words.at(-1 - tail)) tail += 1;
  return { from: head, to: now.length - tail, insert: words.slice(head, words.length - tail) };
};
