// One document as this browser has it: what is here, what is on its way, and what the room has made durable.
import * as Y from "yjs";
import { KIND, PROTOCOL, Reading, inWords, message, sumOf } from "./bytes.js";
import { Link } from "./link.js";

export const OFFLINE = "offline";
export const SAVING = "saving";
export const SAVED = "saved";
export const REFUSED = "refused";
const REMOTE = Symbol("from the room");
const MOST = 1000 * 1000;
/** Bytes of a text, as the room admits them. */
const LONGEST = 256 * 1024;
/** What a connection that the room ended says of why; it is not opened again, or seldom: a text that was put away may come back. */
const ENDED = { 4403: "right", 4410: "closed", 4426: "old" };
const GONE = 4410;

const differs = (doc, state) => {
  const theirs = Y.decodeStateVector(state);
  for (const [writer, clock] of Y.decodeStateVector(Y.encodeStateVector(doc))) if (clock > (theirs.get(writer) || 0)) return true;
  return false;
};

/**
 * A room's state without what is pending here of its own: that is sent with all its words, for the room to compare with what it has
 * under the same number.
 */
const without = (pending, writer, state) => {
  const first = pending.map(({ update }) => Y.parseUpdateMeta(update).from.get(writer)).find((clock) => clock !== undefined);
  const theirs = Y.decodeStateVector(state);
  if (first === undefined || first >= (theirs.get(writer) ?? 0)) return state;
  return Y.encodeStateVector(theirs.set(writer, first));
};

/**
 * `on` may hold: joined(words, fresh), state(name), people(map), notice(words), pending(room), elsewhere(room, doc), named(words):
 * the version that was asked for is there, or `words.kind` says why not.
 *
 * `elsewhere` is called where the room has begun a new history (another epoch): nothing is merged by history then; the
 * old text stays in `room.text` until the caller takes the new one. Until the promise that it gives is kept (the two texts are one
 * again) nothing is called saved, and no version is asked for.
 */
export class LiveRoom {
  constructor(open, on = {}) {
    this.on = on;
    this.epoch = "";
    this.doc = null;
    this.base = null;
    this.joined = false;
    this.pending = [];
    this.count = 0;
    this.durable = 0;
    this.refused = "";
    this.people = new Map();
    this.you = 0;
    this.right = "write";
    this.naming = null;
    this.apart = 0;
    this.state = OFFLINE;
    this.link = new Link(open, { opened: () => this.opened(), heard: (bytes) => this.heard(bytes), lost: (code) => this.lost(code) });
  }

  get text() {
    return this.doc ? this.doc.getText("text") : null;
  }

  opened() {
    // What is answered may be a text to begin with: the number under which it is written is told now.
    this.spare = new Y.Doc();
    const writers = [this.doc, this.spare].flatMap((doc) => doc?.clientID ?? []);
    const state = this.doc ? Y.encodeStateVector(this.doc) : new Uint8Array();
    this.link.send(message(KIND.join, PROTOCOL, this.durable, this.epoch, writers.length, ...writers, state));
  }

  lost(code) {
    this.joined = false;
    if (ENDED[code]) {
      this.refused = ENDED[code];
      if (code === GONE) this.link.rest();
      else this.link.end();
    }
    this.people = new Map();
    this.on.people?.(this.people);
    this.tell();
  }

  heard(bytes) {
    const reading = new Reading(bytes);
    const kind = reading.number();
    if (kind === KIND.join) this.welcomed(reading);
    else if (!this.joined) return;
    else if (kind === KIND.update) this.hear(reading.rest());
    else if (kind === KIND.kept) this.kept(reading.number());
    else if (kind === KIND.again) this.sendAll(reading.rest(), true);
    else if (kind === KIND.presence) this.seen(reading.words());
    else if (kind === KIND.check) this.check(reading.number());
    else if (kind === KIND.refused) this.refusedFor(reading.words());
    else if (kind === KIND.notice) this.noticed(reading.words());
  }

  hear(update) {
    Y.applyUpdate(this.base, update, REMOTE);
    Y.applyUpdate(this.doc, update, REMOTE);
  }

  /** The text without what is not durable yet. */
  get durableText() {
    return this.base.getText("text").toString();
  }

  welcomed(reading) {
    const words = JSON.parse(reading.text());
    const epoch = reading.text();
    const state = reading.piece();
    const missing = reading.rest();
    this.you = words.you;
    this.right = words.right;
    // What was closed or taken away may be given again; a text that is closed still says so next.
    if (this.refused === "closed" || (this.refused === "right" && this.right === "write")) this.refused = "";
    const fresh = !this.doc;
    if (!fresh && epoch !== this.epoch) {
      const doc = this.spare;
      Y.applyUpdate(doc, missing, REMOTE);
      this.creditWith(words.was ?? {});
      this.begin(epoch, words, () => this.beElsewhere(doc, words));
      return;
    }
    if (fresh) this.take(this.spare);
    this.hear(missing);
    this.begin(epoch, words, () => this.on.joined?.(words, fresh));
    if (this.pending.length || differs(this.doc, state)) this.sendAll(state, false);
    this.askAgain();
    this.tell();
  }

  /** The old history held this much of each writer at its end: what of ours was in it was durable, though its answer was lost. */
  creditWith(was) {
    const came = ({ update }) => {
      const { to } = Y.parseUpdateMeta(update);
      return to.size && [...to].every(([writer, clock]) => clock <= (was[writer] ?? 0));
    };
    // What only deletes names no clock; it came in where something came in that was sent later.
    const last = this.pending.filter(came).at(-1);
    if (last) this.came(last.count);
  }

  async beElsewhere(doc, words) {
    this.apart += 1;
    try {
      await this.on.elsewhere?.(this, doc, words);
    } finally {
      this.apart -= 1;
      this.askAgain();
      this.tell();
    }
  }

  begin(epoch, words, then) {
    this.epoch = epoch;
    this.joined = true;
    this.people = new Map(words.people.map((one) => [one.id, one]));
    then();
    this.on.people?.(this.people);
    this.tell();
  }

  /** Goes on with another history; whatever was pending of the old one is the caller's to put in as text. */
  take(doc) {
    this.doc?.off("update", this.listen);
    this.doc = doc;
    this.base = new Y.Doc();
    Y.applyUpdate(this.base, Y.encodeStateAsUpdate(doc), REMOTE);
    this.pending = [];
    this.listen = (update, origin) => {
      if (origin === REMOTE) return;
      this.count += 1;
      this.pending.push({ count: this.count, update });
      if (this.joined && !this.refused) this.pass(this.count - 1, this.count, update);
      else if (this.refused === "large" && new TextEncoder().encode(this.text.toString()).length <= LONGEST) this.beginAnew("large");
      this.on.pending?.(this);
      this.tell();
    };
    doc.on("update", this.listen);
  }

  /** Sends an update that stands for all after `since`, up to `count`: the room sees by it that none is missing. */
  pass(since, count, update) {
    if (update.length > MOST) this.refusedFor({ why: "large", count });
    else this.link.send(message(KIND.update, since, count, update));
  }

  /** Sends all that the room lacks or has not called durable as one update; once that is durable, so is everything before it. */
  sendAll(state, asked) {
    if (asked && !this.pending.length && !differs(this.doc, state)) return;
    const update = Y.encodeStateAsUpdate(this.doc, without(this.pending, this.doc.clientID, state));
    this.count += 1;
    this.pending.push({ count: this.count, update });
    this.pass(this.durable, this.count, update);
  }

  kept(count) {
    this.durable = Math.max(this.durable, count);
    this.came(count);
    // What was refused is pending still where only words before it were kept; a text that moved stays closed.
    if (!this.pending.length && this.refused !== "closed") this.refused = "";
    this.on.pending?.(this);
    this.tell();
  }

  /** All up to this one is in the room's text. */
  came(count) {
    for (const one of this.pending) if (one.count <= count) Y.applyUpdate(this.base, one.update, REMOTE);
    this.pending = this.pending.filter((one) => one.count > count);
  }

  /** What is not durable yet, as one update. */
  unsent() {
    return this.pending.length ? Y.mergeUpdates(this.pending.map((one) => one.update)) : null;
  }

  refusedFor(words) {
    // This browser's copy is not what the room has, or its number is somebody else's.
    if (words.why === "different" || words.why === "writer") {
      this.beginAnew(words.why);
      return;
    }
    this.refused = words.why;
    this.on.refused?.(words.why);
    this.tell();
  }

  /** Takes the room's history instead of one's own, and keeps one's own words as text. */
  beginAnew(why) {
    this.refused = "";
    this.epoch = why;
    this.link.socket?.close();
  }

  noticed(words) {
    if (words.kind === "right") {
      this.right = words.right;
      if (words.right !== "write" && this.pending.length) this.refused = "right";
      else if (words.right === "write" && this.refused === "right") {
        this.refused = "";
        this.link.socket?.close();
      }
    }
    if (words.kind === "closed") this.refused = "closed";
    else if (words.kind === "opened" && this.refused === "closed") {
      this.refused = "";
      this.link.socket?.close();
    }
    if (this.naming && words.asks?.includes(this.naming.ask)) {
      this.naming = null;
      this.on.named?.(words);
    } else this.on.notice?.(words);
    this.tell();
  }

  seen(words) {
    if (words.left) this.people.delete(words.left);
    const one = words.joined || words.at;
    if (one) this.people.set(one.id, one);
    this.on.people?.(this.people, words);
  }

  check(number) {
    const quiet = this.pending.length ? 0 : 1;
    this.link.send(message(KIND.check, number, sumOf(this.text.toString()), quiet));
  }

  /** Tells the others where the cursor is; the name is put to it by the room. */
  show(place) {
    if (this.joined) this.link.send(inWords(KIND.presence, place));
  }

  /** Asks for a version with a note, under a name of its own: asked as often as the connection comes back, it is made once. */
  name(note) {
    this.naming ??= { ask: [...crypto.getRandomValues(new Uint32Array(3))].map((one) => one.toString(36)).join(""), note };
    this.askAgain();
  }

  /** The answer may have been lost with a connection: what was asked for is asked for again. */
  askAgain() {
    if (this.naming && this.joined && !this.apart) this.link.send(inWords(KIND.name, this.naming));
  }

  tell() {
    const state = this.refused ? REFUSED : !this.joined ? OFFLINE : this.pending.length || this.apart ? SAVING : SAVED;
    if (state === this.state && state !== REFUSED) return;
    this.state = state;
    this.on.state?.(state, this.refused);
  }

  end() {
    this.link.end();
    this.doc?.off("update", this.listen);
  }
}
