// Light clients that speak three languages of live editing: each types markers at a steady rate, each after its last one, as people
// write; how long each marker takes to every other client of its document is measured in this one process, so that all clocks are the
// same. Prints one JSON object.
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import WebSocket from "ws";
import * as Y from "yjs";

const { kind, urls, documents, rate, seconds, warm, linger, headers, save, most } = JSON.parse(process.argv[2] ?? readFileSync(0, "utf8"));

const number = (value) => {
  const out = [];
  while (value > 127) {
    out.push((value & 127) | 128);
    value >>>= 7;
  }
  out.push(value);
  return out;
};
const sized = (bytes) => Buffer.concat([Buffer.from(number(bytes.length)), bytes]);
const named = (words) => sized(Buffer.from(words));
const SPEAK = {
  ours: {
    hello: (doc, text) => [Buffer.concat([Buffer.from([1, 2, 0]), named(""), Buffer.from([1, ...number(text.clientID)])])],
    update: (doc, bytes, count) => Buffer.concat([Buffer.from([2, ...number(count - 1), ...number(count)]), bytes]),
    ready: (data) => data[0] === 1,
    acked: (data) => (data[0] === 7 ? read(data, 1) : 0),
    name: (ask) => Buffer.concat([Buffer.from([4]), Buffer.from(JSON.stringify({ ask, note: "An evening" }))]),
    // A browser is asked for the sum of its text before a version; one that has something of its own under way says so, and no more.
    asked: (data) => (data[0] === 6 ? Buffer.concat([Buffer.from([6]), data.subarray(1), Buffer.from([0, 0])]) : null),
    heard: (data) => (data[0] === 10 ? JSON.parse(data.subarray(1)) : null),
  },
  "y-websocket": {
    hello: () => [Buffer.concat([Buffer.from([0, 0]), sized(Buffer.from([0]))])],
    update: (doc, bytes) => Buffer.concat([Buffer.from([0, 2]), sized(bytes)]),
    ready: (data) => data[0] === 0 && data[1] === 1,
  },
  hocuspocus: {
    hello: (doc) => [Buffer.concat([named(doc), Buffer.from([2, 0]), named("token")]), Buffer.concat([named(doc), Buffer.from([0, 0]), sized(Buffer.from([0]))])],
    update: (doc, bytes) => Buffer.concat([named(doc), Buffer.from([0, 2]), sized(bytes)]),
    ready: (data, doc) => data[doc.length + 1] === 0 && data[doc.length + 2] === 1,
  },
}[kind];
const read = (data, at) => {
  let found = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = data[at++];
    found += (byte & 127) * scale;
    if (byte < 128) return found;
  }
};

const sent = new Map();
const seen = new Set();
const wanted = new Map();
const saves = [];
const latencies = [];
const acknowledged = [];
const clients = await Promise.all(
  urls.map(
    (url, index) =>
      new Promise((resolve, reject) => {
        const doc = documents[index];
        const socket = new WebSocket(url, { headers: headers?.[index] ?? { Origin: "http://localhost" }, perMessageDeflate: false });
        const client = { socket, doc, text: new Y.Doc(), count: 0, index, of: [], mine: [] };
        socket.on("error", reject);
        socket.on("open", () => SPEAK.hello(doc, client.text).forEach((one) => socket.send(one)));
        client.text.on("update", (update) => {
          client.count += 1;
          socket.send(SPEAK.update(doc, Buffer.from(update), client.count));
        });
        let ready = false;
        socket.on("message", (data) => {
          const now = performance.now();
          if (!ready && SPEAK.ready(data, doc)) {
            ready = true;
            resolve(client);
            return;
          }
          const acked = SPEAK.acked?.(data) ?? 0;
          if (acked) while (client.of.length && client.of[0].count <= acked) acknowledged.push(client.of.shift().marker);
          const answer = SPEAK.asked?.(data);
          if (answer) socket.send(answer);
          for (const ask of SPEAK.heard?.(data)?.asks ?? []) {
            const at = wanted.get(ask);
            if (wanted.delete(ask) && at > begun + warm * 1000) saves.push(now - at);
          }
          for (const [marker, from] of data.toString("latin1").matchAll(/<(\d+)\.\d+>/g)) {
            const at = sent.get(marker);
            if (at === undefined || Number(from) === index) continue;
            seen.add(marker);
            if (at > begun + warm * 1000) latencies.push(now - at);
          }
        });
        setTimeout(() => reject(new Error(`client ${index} is not let in`)), 60000);
      }),
  ),
);
let begun = performance.now();
const end = begun + (warm + seconds) * 1000;
console.error("typing");
const gap = 1000 / rate;
for (const client of clients) {
  let next = begun + Math.random() * gap;
  const type = () => {
    const now = performance.now();
    if (now > end) return;
    const marker = `<${client.index}.${client.count}>`;
    sent.set(marker, now);
    client.of.push({ marker, count: client.count + 1 });
    const text = client.text.getText("text");
    client.text.transact(() => {
      text.insert(text.length, marker);
      // Who writes for an hour writes over what they wrote: the text does not grow with the time (`most` words of each stay).
      client.mine.push(marker.length);
      if (most && client.mine.length > most) text.delete(0, client.mine.shift());
    });
    next += gap;
    setTimeout(type, Math.max(0, next - performance.now()));
  };
  setTimeout(type, next - begun);
  // Somebody names a version now and then (`save`: the mean of the seconds between).
  const name = () => {
    if (performance.now() > end) return;
    const ask = `${client.index}x${client.count}x${wanted.size}`;
    wanted.set(ask, performance.now());
    client.socket.send(SPEAK.name(ask));
    setTimeout(name, -Math.log(1 - Math.random()) * save * 1000);
  };
  if (save) setTimeout(name, Math.random() * save * 1000);
}
await new Promise((resolve) => setTimeout(resolve, (warm + seconds + (linger ?? 1)) * 1000));
for (const one of [latencies, saves]) one.sort((a, b) => a - b);
const at = (share, of = latencies) => of[Math.min(of.length - 1, Math.floor(of.length * share))] ?? null;
console.log(JSON.stringify({ typed: sent.size, heard: latencies.length, p50: at(0.5), p95: at(0.95), saves: saves.length, save50: at(0.5, saves), save95: at(0.95, saves), unsaved: wanted.size, seen: linger === 0 ? [...seen] : seen.size, acknowledged: linger === 0 ? acknowledged : acknowledged.length }));
process.exit(0);
