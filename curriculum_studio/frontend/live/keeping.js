// Hides how words that are not durable yet lie on this device: through reload, crash of the tab, and days without a network.
const BASE = "studio-writing";
const STORE = "unsent";
const CHANNEL = "studio-writing";

const opened = () =>
  new Promise((resolve, reject) => {
    const asked = indexedDB.open(BASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error("blocked"));
  });

/** What a request gave once its transaction is over: a device that is full may take the request, and refuse the whole. */
const done = (request) =>
  new Promise((resolve, reject) => {
    const { transaction } = request;
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
    // The page may be going away.
    transaction.commit?.();
  });

/** What this page keeps for one person and one text; each page has a record of its own. */
export class Keeping {
  constructor(person, path) {
    this.person = person;
    this.path = path;
    this.page = crypto.getRandomValues(new Uint32Array(2)).join("-");
    this.key = `${person}\n${path}\n${this.page}`;
    this.turn = Promise.resolve(null);
    this.base = null;
    if (typeof BroadcastChannel === "function") {
      // Another page that opens the same text asks whose records are still in use.
      this.channel = new BroadcastChannel(CHANNEL);
      this.channel.onmessage = (event) => {
        if (event.data?.ask) this.channel.postMessage({ here: this.key });
        if (event.data?.here) this.alive?.add(event.data.here);
      };
    }
  }

  async store(mode) {
    this.base ??= opened();
    const base = await this.base;
    return base.transaction(STORE, mode).objectStore(STORE);
  }

  /** Keeps a record instead of the one before; true once the device has it. */
  put(record) {
    const last = (this.waiting = { key: this.key, person: this.person, path: this.path, at: Date.now(), ...record });
    this.turn = this.turn.then(async (had) => {
      // Of several that wait only the last is written; until it is, the device has what it had.
      if (this.waiting !== last) return had;
      try {
        await done((await this.store("readwrite")).put(last));
        return true;
      } catch {
        this.base = null;
        return false;
      }
    });
    return this.turn;
  }

  /** Nothing of this page is unsent any more. */
  clear() {
    return this.forget(this.key);
  }

  forget(key) {
    if (key === this.key) this.waiting = null;
    this.turn = this.turn.then(async (had) => {
      try {
        await done((await this.store("readwrite")).delete(key));
      } catch {
        this.base = null;
      }
      return key === this.key ? null : had;
    });
    return this.turn;
  }

  /** What earlier pages of this person left of this text, the oldest first; pages that are open keep theirs. */
  async left() {
    this.alive = new Set([this.key]);
    this.channel?.postMessage({ ask: true });
    await new Promise((resolve) => setTimeout(resolve, 200));
    try {
      const all = await done((await this.store("readonly")).getAll());
      return all
        .filter((one) => one.person === this.person && one.path === this.path && !this.alive.has(one.key))
        .sort((one, other) => one.at - other.at);
    } catch {
      return [];
    }
  }
}
