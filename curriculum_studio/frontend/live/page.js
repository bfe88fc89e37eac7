// Hides how an editing page is written together with others: joins the room, binds the editor to it, says in words what is safe.
import { Compartment, EditorState, Prec, StateEffect } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { yCollab, yUndoManagerKeymap } from "y-codemirror.next";
import * as Y from "yjs";
import { forget, keep, kept } from "../studio/drafts.js";
import { cursors, setPeople } from "./cursors.js";
import { Keeping } from "./keeping.js";
import { Left } from "./left.js";
import { Presence } from "./presence.js";
import { LiveRoom, OFFLINE, REFUSED, SAVED, SAVING } from "./room.js";
import { BACK, account, standing, together } from "./together.js";

const WHY = {
  right: "You may read here now, and no longer write.",
  closed: "This text was moved or put away.",
  moved: "This text has another place now.",
  large: "The text has become too long.",
  damaged: "Something in it cannot be kept.",
  old: "The studio was renewed meanwhile: reload this page, and your words are offered back.",
};

/** Milliseconds after which a studio that did not answer is asked again. */
const PAUSES = [500, 1000, 2000, 4000];
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

/** Characters of a note, as the form and the room admit them: a longer one would be no note, and its frame is refused. */
const MOST_NOTE = 300;
const NOT_SAVED = "Not saved: copy your text";
/** What is said without a network, by whether this device has the words: that is not known until it has answered. */
const KEPT = { true: "Offline: kept on this device", false: NOT_SAVED, null: "Saving…" };
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
    this.left = new Left(this);
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
      if (this.page.live && (this.room.pending.length || this.room.apart)) event.preventDefault();
    });
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    document.querySelector("[data-copy]")?.addEventListener("click", () => this.copy());
  }

  ask(body) {
    // As parts, which are sent as they are: three long texts written with percent signs would be too long for the studio.
    const form = new FormData();
    for (const [name, words] of Object.entries({ ...body, csrf_token: this.token })) form.append(name, words);
    return fetch(this.form.dataset.togetherAt, { method: "POST", body: form, credentials: "same-origin" }).then((answer) => {
      if (!answer.ok) throw new Error(`the studio answered ${answer.status}`);
      return answer.json();
    });
  }

  // Joining -------------------------------------------------------------------------------------------------

  async joined(fresh) {
    if (!fresh) {
      this.room.tellPlace?.();
      this.follow();
      return;
    }
    // What was typed before the room was reached came from the text of the page.
    await this.merge(this.base, this.view.state.doc.toString());
    await this.left.offer();
  }

  /**
   * Another history began: the words of the old one that the room never had are put in as text. Where that was still being done for
   * an earlier one, what stands in the editor was written from what that one began with.
   */
  elsewhere(doc) {
    const { base } = this.apart ?? { base: this.room.durableText };
    const mine = this.view.state.doc.toString();
    this.unbind();
    this.room.take(doc);
    return this.merge(base, mine);
  }

  /** Puts what stands in the editor, written from `base`, together with the room's text, and binds the two. */
  async merge(base, mine) {
    const { room, view } = this;
    const apart = (this.apart = { base });
    if (mine !== base) this.keep(true);
    let double = 0;
    let both = false;
    for (let fails = 0; ;) {
      const there = standing(room.doc);
      const found = await this.together(apart.base, mine, there.words).catch(() => null);
      // Another history began meanwhile: whoever puts that together has all that stands in the editor.
      if (this.apart !== apart) return;
      if (!found && fails < PAUSES.length) {
        await pause(PAUSES[fails++]);
        mine = view.state.doc.toString();
        continue;
      }
      if (!found) {
        await this.giveUp(apart.base, view.state.doc.toString());
        break;
      }
      both ||= mine !== apart.base && there.words !== apart.base && found.text !== there.words;
      double += found.double;
      there.put(found.text, BACK);
      // Whoever went on typing while the studio was asked goes on from there.
      const now = view.state.doc.toString();
      if (now === mine) break;
      apart.base = mine;
      mine = now;
    }
    this.apart = null;
    this.bind();
    if (both) this.say(account(double));
    this.page.live = true;
    room.askAgain();
    this.keep();
    this.tell();
    this.page.askThreads?.();
  }

  /** `mine`, written from `base` (or from the version that the page came with), put together with `theirs`. */
  together(base, mine, theirs, blob = this.form.querySelector("input[name=base]").value) {
    return together((body) => this.ask(body), base, mine, theirs, blob);
  }

  async giveUp(base, mine) {
    this.kept = true;
    const spare = new Keeping(this.person, this.form.dataset.key);
    const had = await spare.put({ ...this.record(), epoch: "", update: null, base, text: mine });
    spare.channel?.close();
    this.say(`Your text could not be put together with the others’ now. ${had ? "It is kept on this device: reload this page to have it offered." : "It is not saved: copy it before you leave this page."}`);
  }

  bind() {
    const { view, room } = this;
    const words = room.text.toString();
    const now = view.state.doc.toString();
    if (now !== words) view.dispatch({ changes: smallest(now, words), annotations: [] });
    this.shut = room.right !== "write" || room.refused === "closed";
    this.undo = new Y.UndoManager(room.text, { captureTimeout: 400, trackedOrigins: new Set([BACK]) });
    const extension = [
      Prec.highest(keymap.of(yUndoManagerKeymap)),
      yCollab(room.text, null, { undoManager: this.undo }),
      cursors(room),
      EditorView.clipboardInputFilter.of((text) => text.replaceAll("\0", "")),
      EditorState.readOnly.of(this.shut),
    ];
    view.dispatch({ effects: this.binding.reconfigure(extension) });
    this.people(room.people);
    room.tellPlace?.();
  }

  /** Lets the editor follow what one may do here now. */
  follow() {
    const { room } = this;
    if (this.apart || this.shut === undefined || this.shut === (room.right !== "write" || room.refused === "closed")) return;
    this.unbind();
    this.bind();
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
    if (!this.kept && (room.pending.length || this.apart)) this.onDevice = null;
    const write = async () => {
      if (!room.pending.length && !this.apart) {
        if (this.kept) {
          this.keeping.clear();
          if (kept(this.form.dataset.key)?.live) forget(this.form.dataset.key);
        }
        this.kept = false;
        this.onDevice = true;
        return;
      }
      this.kept = true;
      const record = this.record();
      const had = await this.keeping.put(record);
      // Meanwhile all may have become durable, and nothing be kept any more.
      if (this.kept) this.onDevice = had;
      // Home lists it among what this device keeps.
      if (this.kept && this.onDevice && !room.joined) keep(this.form.dataset.key, { live: true, title: record.title, href: record.href, at: Date.now() });
      this.tell();
    };
    // With a room that answers in milliseconds most words need never be written here.
    if (now || !room.pending.length || !room.joined || room.refused) write();
    else this.timer = setTimeout(write, 25);
  }

  /** What this device would need to bring back what is not durable. */
  record() {
    const { room, apart, form } = this;
    const about = { title: form.dataset.title, href: location.pathname };
    if (!apart) return { epoch: room.epoch, update: room.unsent(), base: room.durableText, text: room.text.toString(), ...about };
    return { epoch: "", update: null, base: apart.base, blob: form.querySelector("input[name=base]").value, text: this.view.state.doc.toString(), ...about };
  }

  async settled() {
    while (this.room.pending.length && !(this.kept && this.onDevice)) await pause(30);
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
      this.room.name([...note.value.trim()].slice(0, MOST_NOTE).join(""));
    } else if (this.room.naming) this.say(NAMING_LATER);
    else this.say("The studio is not reached now. Save the version when it says Saved.");
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
    } else if (words.kind === "closed") this.moved ||= words.why === "moved";
    else if (words.kind === "opened") {
      this.moved = false;
      this.say("This text is where it was. You may write again.");
    }
    this.follow();
  }

  // Words ---------------------------------------------------------------------------------------------------

  tell() {
    const { room } = this;
    if (!this.page.live) return;
    if (room.naming && room.state !== this.stated && room.state === OFFLINE) this.say(NAMING_LATER);
    else if (room.naming && room.state === REFUSED) this.giveUpNaming();
    this.stated = room.state;
    const waits = room.pending.length > 0 || Boolean(this.apart);
    const away = room.refused === "closed" && this.moved;
    const words = {
      [SAVING]: "Saving…",
      [SAVED]: "Saved",
      [OFFLINE]: KEPT[this.onDevice],
      [REFUSED]: `${waits ? NOT_SAVED : "Saved"}. ${WHY[away ? "moved" : room.refused] ?? ""}`.trim(),
    }[room.state];
    const unsafe = waits && (room.state === REFUSED || (room.state === OFFLINE && this.onDevice === false));
    const copy = document.querySelector("[data-copy]");
    if (copy) copy.hidden = !unsafe;
    const there = document.querySelector("[data-there]");
    if (there) there.hidden = !away;
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
