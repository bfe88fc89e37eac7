// Browsers without a page: the studio's own client of a room, as many as are asked for, over the real address.
// Reads one JSON object a line on standard input, answers each with one line.
import { createInterface } from "node:readline";
import * as Y from "yjs";
import { LiveRoom } from "../../curriculum_studio/frontend/live/room.js";

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

/** A socket that now and then loses or doubles a message, in either direction. */
const leaky = (socket, client) => {
  const { random } = client;
  const slips = () => random() < client.rate;
  if (!client.rate) return socket;
  const send = socket.send.bind(socket);
  socket.send = (bytes) => {
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
        if (kind === 2 && slips()) return;
        heard(event);
        if (kind === 2 && slips()) heard(event);
      });
    },
  });
  return socket;
};

const LETTERS = ["a", "é", "ß", "🙂", "𝔸", "क्ष", "한", " ", "\n", "word ", "👩‍🏫", "$\\frac{1}{2}$", "e\u0301"];

const acts = {
  async open({ name, url, cookie, origin, rate = 0, seed = 1 }) {
    const random = chance(seed);
    const client = { random, rate, states: [], notices: [], named: [], refused: [], elsewhere: 0, cut: false };
    client.room = new LiveRoom(
      () => (client.cut ? dead() : leaky(new WebSocket(url, { headers: { Cookie: cookie, Origin: origin } }), client)),
      {
        state: (state, why) => {
          client.states.push(why ? `${state}:${why}` : state);
          client.settle?.(state);
        },
        notice: (words) => client.notices.push(words),
        named: (words) => client.named.push(words),
        refused: (why) => client.refused.push(why),
        elsewhere: (room, doc) => {
          client.elsewhere += 1;
          client.left = room.text.toString();
          room.take(doc);
        },
      },
    );
    clients.set(name, client);
    const ok = await until(() => client.room.joined, 15000);
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
  /** Random typing: inserts, deletions, rejoins. */
  async ops({ names, count, rejoin = 0.01, pause = 0 }) {
    for (let step = 0; step < count; step += 1) {
      for (const name of names) {
        const client = clients.get(name);
        const { room, random } = client;
        const { text } = room;
        const words = text.toString();
        const place = whole(words, Math.floor(random() * (words.length + 1)));
        const end = whole(words, Math.min(place + 1 + Math.floor(random() * 4), words.length));
        if (random() < 0.6 || end <= place) text.insert(place, LETTERS[Math.floor(random() * LETTERS.length)]);
        else text.delete(place, end - place);
        if (random() < rejoin) room.link.socket?.close();
      }
      if (pause || step % 16 === 15) await wait(pause);
    }
    return {};
  },
  /** Everybody comes anew, over a wire that loses nothing. */
  async rejoin({ names }) {
    for (const name of names) clients.get(name).rate = 0;
    for (const name of names) clients.get(name).room.link.socket?.close();
    const ok = await until(() => names.every((name) => !clients.get(name).room.joined), 5000);
    return { ok };
  },
  async cut({ name }) {
    const client = clients.get(name);
    client.cut = true;
    client.room.link.socket?.close();
    await until(() => !client.room.joined, 5000);
    return {};
  },
  async heal({ name }) {
    const client = clients.get(name);
    client.cut = false;
    client.room.link.hurry();
    return {};
  },
  async saved({ names, within = 20000 }) {
    const began = Date.now();
    const ok = await until(() => names.every((name) => clients.get(name).room.state === "saved"), within);
    return { ok, ms: Date.now() - began, states: names.map((name) => clients.get(name).room.state) };
  },
  /** Types tokens one after another, each at a place of its own choice, and notes those of which the state became Saved. */
  async tokens({ name, prefix, every }) {
    const client = clients.get(name);
    client.typing = true;
    client.typed = [];
    client.durable = [];
    (async () => {
      for (let index = 0; client.typing; index += 1) {
        const token = `⟦${prefix}-${index}⟧`;
        const text = client.room.text;
        const places = [...text.toString().matchAll(/\n|⟧/g)].map((match) => match.index + 1);
        text.insert(places[Math.floor(client.random() * places.length)] ?? 0, token);
        client.typed.push(token);
        const mark = client.room.count;
        until(() => client.room.durable >= mark || !client.typing, 120000, 3).then((ok) => {
          if (ok && client.room.durable >= mark) client.durable.push(token);
        });
        await wait(every * (0.5 + client.random()));
      }
    })();
    return {};
  },
  async stop({ name }) {
    const client = clients.get(name);
    client.typing = false;
    await wait(30);
    return { typed: client.typed, durable: client.durable };
  },
  async durable({ name }) {
    return { durable: clients.get(name).durable.length, typed: clients.get(name).typed.length };
  },
  async joined({ names, within = 12000 }) {
    const began = Date.now();
    return { ok: await until(() => names.every((name) => clients.get(name).room.joined), within), ms: Date.now() - began };
  },
  async seen({ name }) {
    const { room, states, notices, named, refused, elsewhere, left } = clients.get(name);
    return { states, notices, named, naming: room.naming, refused, elsewhere, left, people: [...room.people.values()], right: room.right, joined: room.joined, state: room.state, why: room.refused, pending: room.pending.length, open: room.link.socket?.readyState, quiet: Date.now() - room.link.heardAt };
  },
  async told({ name, kind, within = 15000 }) {
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
