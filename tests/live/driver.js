// Browsers without a page: the studio's own client of a room, as many as are asked for, over the real address.
// Reads one JSON object a line on standard input, answers each with one line.
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import * as Y from "yjs";
import { LiveRoom } from "../../curriculum_studio/frontend/live/room.js";
import { BACK, standing, together } from "../../curriculum_studio/frontend/live/together.js";

/** Milliseconds that something may take on a slow, busy machine. */
const SLOW = 120000;
const clients = new Map();
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A generator of chance from a seed (a linear congruence is enough to choose places and letters). */
const chance = (seed) => {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
};

/** A place that is not inside a character: no editor puts a cursor there. */
const whole = (text, place) => (/[\udc00-\udfff]/.test(text[place] ?? "") ? place - 1 : place);

/** A socket that now and then loses or doubles a message, in either direction; whoever is asleep sends and hears nothing. */
const leaky = (socket, client) => {
  const { random } = client;
  const slips = () => client.rate > 0 && random() < client.rate;
  const send = socket.send.bind(socket);
  socket.send = (bytes) => {
    if (client.asleep) return;
    if (bytes[0] === 2 && slips()) return;
    send(bytes);
    if (bytes[0] === 2 && slips()) send(bytes);
  };
  let heard = null;
  Object.defineProperty(socket, "onmessage", {
    set: (handler) => {
      heard = handler;
      socket.addEventListener("message", (event) => {
        const kind = new Uint8Array(event.data)[0];
        if (client.asleep || client.deaf) return;
        if (kind === 2 && slips()) return;
        heard(event);
        if (kind === 2 && slips()) heard(event);
      });
    },
  });
  return socket;
};

const LETTERS = ["a", "\r\n", "\r", "\u2028", "é", "ß", "🙂", "𝔸", "क्ष", "한", " ", "\n", "word ", "👩‍🏫", "$\\frac{1}{2}$", "e\u0301"];

const acts = {
  async open({ name, rate = 0, seed = 1, merges = false, ...where }) {
    const client = { where, rate, merges, random: chance(seed), typed: [], durable: [], states: [], notices: [], named: [], shown: [], refused: [], elsewhere: 0, cut: false, asleep: false, deaf: false, apart: null, unsaved: [], waits: 0 };
    clients.set(name, client);
    join(client);
    const ok = await until(() => client.room.joined, 180000);
    return { ok, text: client.room.text?.toString() ?? null };
  },
  async text({ name }) {
    return { text: clients.get(name).room.text.toString(), state: clients.get(name).room.state };
  },
  async insert({ name, at, words }) {
    const text = clients.get(name).room.text;
    text.insert(at < 0 ? text.length : at, words);
    return {};
  },
  async remove({ name, at, length }) {
    clients.get(name).room.text.delete(at, length);
    return {};
  },
  /**
   * Several trials at once, each a text of its own with five people at it: everybody makes so many random insertions and deletions
   * (up to `most` in one transaction, as a paste or an autocorrection does) over wires that lose and double, and now and then comes anew.
   * Gives for each the texts that differ, as Git would name them.
   */
  async campaign({ trials, ...how }) {
    return { trials: await Promise.all(trials.map((trial) => tryOne(trial, how))) };
  },
  /** Everybody comes anew, over a wire that loses nothing. */
  async rejoin({ names }) {
    for (const name of names) clients.get(name).rate = 0;
    for (const name of names) clients.get(name).room.link.socket?.close();
    const ok = await until(() => names.every((name) => !clients.get(name).room.joined), SLOW);
    return { ok };
  },
  async cut({ name }) {
    const client = clients.get(name);
    client.cut = true;
    client.room.link.socket?.close();
    await until(() => !client.room.joined, SLOW);
    return {};
  },
  async heal({ name }) {
    const client = clients.get(name);
    client.cut = client.deaf = false;
    client.room.link.hurry();
    return {};
  },
  /** What this browser sends arrives; what is answered is lost, until the next connection. */
  async deafen({ name }) {
    clients.get(name).deaf = true;
    return {};
  },
  /** A lid is closed: nothing comes and goes, and nobody is told. */
  async sleep({ name }) {
    clients.get(name).asleep = true;
    return {};
  },
  /** It is opened again, so many hours later by the clock. */
  async wake({ name, hours }) {
    const client = clients.get(name);
    client.asleep = false;
    client.room.link.heardAt -= hours * 3600 * 1000;
    client.room.link.look();
    return {};
  },
  /** The tab crashes; another one opens the text, and what the device kept of the first is put back. */
  async crash({ name }) {
    const client = clients.get(name);
    const { room, apart } = client;
    const record = apart ?? { epoch: room.epoch, update: room.unsent(), base: room.durableText, mine: room.text.toString() };
    room.end();
    client.apart = record;
    join(client);
    const ok = await until(() => client.room.joined, 180000);
    // Of words that a tab kept nobody hears any more that they are Saved; they must be there all the same.
    client.unsaved = [];
    if (apart || (record.update && record.epoch !== client.room.epoch)) await putTogether(client);
    else {
      if (record.update) Y.applyUpdate(client.room.doc, record.update, BACK);
      client.apart = null;
    }
    return { ok };
  },
  async saved({ names, within = SLOW }) {
    const began = Date.now();
    const ok = await until(() => names.every((name) => clients.get(name).room.state === "saved"), within);
    return { ok, ms: Date.now() - began, states: names.map((name) => clients.get(name).room.state) };
  },
  /** Types tokens one after another, each at a place of its own choice, and notes those of which the state became Saved. */
  async tokens({ name, prefix, every }) {
    const client = clients.get(name);
    client.typing = true;
    (async () => {
      for (let index = 0; client.typing; index += 1) {
        while (client.asleep || client.apart || !client.room.text) await wait(10);
        if (!client.typing) break;
        const token = `⟦${prefix}-${index}⟧`;
        const { room } = client;
        const { text } = room;
        // Words at the end of a sentence or behind another one: nobody writes into a formula, a figure or the header here.
        const places = [...text.toString().matchAll(/(?<=[.?!⟧])(?=[ \n])/g)].map((match) => match.index);
        client.typed.push(token);
        text.insert(places[Math.floor(client.random() * places.length)], ` ${token}`);
        client.unsaved.push({ token, count: room.count });
        await wait(every * (0.5 + client.random()));
      }
    })();
    return {};
  },
  async stop({ name }) {
    const client = clients.get(name);
    client.typing = false;
    await wait(30);
    return { typed: client.typed, durable: client.durable, waits: client.waits };
  },
  async durable({ name }) {
    return { durable: clients.get(name).durable.length, typed: clients.get(name).typed.length };
  },
  async joined({ names, within = SLOW }) {
    const began = Date.now();
    return { ok: await until(() => names.every((name) => clients.get(name).room.joined), within), ms: Date.now() - began };
  },
  async seen({ name }) {
    const { room, states, notices, shown, named, refused, elsewhere, left } = clients.get(name);
    return { states, notices, shown, named, naming: room.naming, refused, elsewhere, left, people: [...room.people.values()], right: room.right, joined: room.joined, state: room.state, why: room.refused, pending: room.pending.length, open: room.link.socket?.readyState, quiet: Date.now() - room.link.heardAt };
  },
  async told({ name, kind, within = SLOW }) {
    const client = clients.get(name);
    const ok = await until(() => client.notices.some((one) => one.kind === kind), within);
    return { ok, notice: client.notices.findLast?.((one) => one.kind === kind) ?? null };
  },
  async name({ name, note }) {
    clients.get(name).room.name(note);
    return {};
  },
  async show({ name, place }) {
    clients.get(name).room.show(place);
    return {};
  },
  /** Gives this browser words that nobody ever sent: its copy is no longer what the room has. */
  async drift({ name, words }) {
    const doc = new Y.Doc();
    doc.getText("text").insert(0, words);
    clients.get(name).room.hear(Y.encodeStateAsUpdate(doc));
    return {};
  },
  async raw({ name, bytes }) {
    clients.get(name).room.link.socket.send(Uint8Array.from(bytes));
    return {};
  },
  async close({ names }) {
    for (const name of names ?? [...clients.keys()]) {
      clients.get(name).room.end();
      clients.delete(name);
    }
    return {};
  },
};

const tryOne = async ({ seed, ...where }, { people, operations, most, rate, rejoin }) => {
  const names = people.map((_, number) => `${seed}-${number}`);
  const joined = await Promise.all(people.map((cookie, number) => acts.open({ ...where, cookie, name: names[number], rate, seed: seed * 7 + number })));
  if (!joined.every((one) => one.ok)) throw new Error(`not everybody could join ${where.place}`);
  const left = new Map(names.map((name) => [name, operations]));
  while (left.size) {
    for (const [name, count] of left) {
      const client = clients.get(name);
      const made = burst(client, Math.min(most, count));
      if (made === count) left.delete(name);
      else left.set(name, count - made);
      if (client.random() < rejoin) client.room.link.socket?.close();
    }
    await wait(0);
  }
  // What a broken wire swallowed comes with the next connection.
  await acts.rejoin({ names });
  const { ok } = await acts.saved({ names, within: 600000 });
  // Each has what the others made durable last once the room has said so to all of them.
  const blobs = () => new Set(names.map((name) => blobOf(clients.get(name).room.text.toString())));
  await until(() => blobs().size === 1, 60000);
  if (ok) await acts.name({ name: names[0], note: `All have the same ${seed}` });
  return { seed, ok, names, blobs: [...blobs()] };
};

const blobOf = (text) => {
  const bytes = Buffer.from(text, "utf-8");
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
};

/** So many random operations at most in one transaction; gives how many. */
const burst = (client, most) => {
  const { room, random } = client;
  const { text } = room;
  const count = 1 + Math.floor(random() * most);
  let words = text.toString();
  room.doc.transact(() => {
    for (let step = 0; step < count; step += 1) {
      const place = whole(words, Math.floor(random() * (words.length + 1)));
      const end = whole(words, Math.min(place + 1 + Math.floor(random() * 4), words.length));
      const piece = random() < 0.6 || end <= place ? LETTERS[Math.floor(random() * LETTERS.length)] : "";
      if (piece) text.insert(place, piece);
      else text.delete(place, end - place);
      words = words.slice(0, place) + piece + words.slice(piece ? place : end);
    }
  });
  return count;
};

/** Joins as the page does: where another history began, the words of the old one are put in as text. */
const join = (client) => {
  const { url, cookie, origin } = client.where;
  const dial = () => {
    client.waits = Math.max(client.waits, client.room?.link?.waits ?? 0);
    return client.cut ? dead() : leaky(new WebSocket(url, { headers: { Cookie: cookie, Origin: origin } }), client);
  };
  client.room = new LiveRoom(dial, {
    state: (state, why) => client.states.push(why ? `${state}:${why}` : state),
    notice: (words) => client.notices.push(words),
    named: (words) => client.named.push(words),
    refused: (why) => client.refused.push(why),
    people: (people, words) => words?.at && client.shown.push(words.at.place),
    pending: (room) => {
      const saved = client.unsaved.filter((one) => room === client.room && one.count <= room.durable);
      if (!saved.length) return;
      client.durable.push(...saved.map((one) => one.token));
      client.unsaved = client.unsaved.filter((one) => !saved.includes(one));
    },
    elsewhere: (room, doc) => {
      client.elsewhere += 1;
      client.left = room.text.toString();
      const apart = client.apart ?? { base: room.durableText, mine: client.left };
      room.take(doc);
      if (!client.merges) return undefined;
      client.apart = apart;
      return putTogether(client);
    },
  });
};

/** Puts the words of another history in as text; whoever does so for a later one has them too. */
const putTogether = async (client) => {
  const { apart, where } = client;
  const headers = { cookie: where.cookie, origin: where.origin };
  const ask = async (body) => {
    const page = await (await fetch(`${where.origin}/units/${where.place}/edit`, { headers })).text();
    const token = /name="csrf_token" value="([^"]+)"/.exec(page)[1];
    const answer = await fetch(`${where.origin}/units/${where.place}/together`, { method: "POST", headers, body: new URLSearchParams({ ...body, csrf_token: token }) });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  };
  const { room } = client;
  for (;;) {
    const there = standing(room.doc);
    // A studio that was killed just now is asked again.
    const found = await together(ask, apart.base, apart.mine, there.words).catch(() => null);
    if (client.room !== room || room.doc !== there.doc) return;
    if (found) {
      there.put(found.text, BACK);
      client.apart = null;
      return;
    }
    await wait(200);
  }
};

const dead = () => {
  const socket = { close() {}, send() {}, readyState: 3 };
  setTimeout(() => socket.onclose?.({ code: 1006 }), 5);
  return socket;
};

const until = async (holds, within, step = 10) => {
  const end = Date.now() + within;
  while (!holds()) {
    if (Date.now() > end) return false;
    await wait(step);
  }
  return true;
};

process.on("unhandledRejection", (error) => console.error(error));
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  try {
    console.log(JSON.stringify(await acts[asked.act](asked)));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error?.stack ?? error) }));
  }
}
process.exit(0);
