// The service worker of the student site: keeps the units that somebody chose, and nothing else.
//
// What it keeps of a unit is the unit's list (`unit.json`, file names with hashes of their bytes) and the files. Before it
// serves a kept page it looks, briefly, at `release.json`; where the unit changed it reads the new list, and from then on
// serves no page that is not in it. Files come in one by one, and one whose bytes are not those of the list is not kept.
const FILES = "kept-files";
const LISTS = "kept-lists";
const PATIENCE = 1500;
const scope = self.registration.scope;
const place = (name) => new URL(name, scope).href;
let looking = null;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => event.waitUntil(answer(event.data).then((told) => event.ports[0].postMessage(told), () => event.ports[0].postMessage({ ok: false }))));
self.addEventListener("fetch", (event) => {
  const { method, url, mode } = event.request;
  if (method !== "GET" || !url.startsWith(scope)) return;
  const name = url.slice(scope.length).split(/[?#]/)[0].replace(/(^|\/)index\.html$/, "$1");
  if (name === "release.json" || name === "worker.js" || name.endsWith("unit.json") || name.endsWith("unit.zip")) return;
  event.respondWith(serve(event, name, mode === "navigate"));
});

async function answer({ kind, address }) {
  if (kind === "list") {
    const lists = await kept();
    return { ok: true, units: lists.map((list) => ({ address: list.address, title: list.title })) };
  }
  if (kind === "drop") { await drop(address); return { ok: true }; }
  const release = await read("release.json");
  if (!release.units[address]) return { ok: false };
  const list = { ...(await read(`${address}unit.json`)), address, hash: release.units[address] };
  await put(list);
  const whole = await fetchAll(list);
  if (!whole) await drop(address);
  return { ok: whole };
}

async function read(name) {
  const response = await fetch(place(name), { cache: "no-cache" });
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response.json();
}

async function kept() {
  const lists = await caches.open(LISTS);
  const found = await Promise.all((await lists.keys()).map(async (key) => (await lists.match(key)).json()));
  return found.sort((a, b) => (a.address < b.address ? -1 : 1));
}

async function put(list) {
  const lists = await caches.open(LISTS);
  await lists.put(place(list.address), new Response(JSON.stringify(list), { headers: { "Content-Type": "application/json" } }));
}

async function drop(address) {
  await (await caches.open(LISTS)).delete(place(address));
  await tidy();
}

// Takes away every kept file that no kept unit's list names any more.
async function tidy() {
  const named = new Set((await kept()).flatMap((list) => [...Object.keys(list.files), ...list.loose].map(place)));
  const files = await caches.open(FILES);
  for (const request of await files.keys()) if (!named.has(request.url)) await files.delete(request);
}

async function hashOf(response) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await response.arrayBuffer()));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Brings in what a list names and is not here with the right bytes; true where all of it is here then.
async function fetchAll(list) {
  const files = await caches.open(FILES);
  let whole = true;
  for (const [name, hash] of Object.entries(list.files)) {
    const have = await files.match(place(name));
    if (have && (await hashOf(have)) === hash) continue;
    try {
      const fresh = await fetch(place(name), { cache: "no-cache" });
      if (fresh.ok && !fresh.redirected && (await hashOf(fresh.clone())) === hash) await files.put(place(name), fresh);
      else whole = false;
    } catch { whole = false; }
  }
  for (const name of list.loose) {
    const fresh = await fetch(place(name), { cache: "no-cache" }).catch(() => null);
    if (fresh?.ok && !fresh.redirected) await files.put(place(name), fresh);
  }
  return whole;
}

// Looks at the newest release: first what is withdrawn goes, then (`done`) what changed comes in.
async function look() {
  const release = await read("release.json");
  const changed = [];
  for (const list of await kept()) {
    const hash = release.units[list.address];
    if (!hash) { await drop(list.address); continue; }
    if (hash === list.hash && !list.partly) continue;
    const fresh = { ...(await read(`${list.address}unit.json`)), address: list.address, hash, partly: true };
    await put(fresh);
    changed.push([list, fresh]);
  }
  if (changed.length) await tidy();
  return { done: bring(changed) };
}

async function bring(changed) {
  for (const [old, fresh] of changed) {
    if (await fetchAll(fresh)) await put({ ...fresh, partly: false });
    const pages = Object.keys(fresh.files).filter((name) => old.files[name] && old.files[name] !== fresh.files[name]).map(place);
    if (!pages.length) continue;
    for (const client of await self.clients.matchAll({ type: "window" })) client.postMessage({ kind: "newer", pages });
  }
}

async function serve(event, name, isPage) {
  const lists = await kept();
  const list = lists.find((one) => name in one.files);
  const loose = lists.some((one) => one.loose.includes(name));
  const files = await caches.open(FILES);
  if (list && !isPage) {
    const have = await files.match(place(name));
    return have || fetch(event.request);
  }
  if (list) {
    looking ||= look().finally(() => { looking = null; });
    event.waitUntil(looking.then(({ done }) => done).catch(() => null));
    await Promise.race([looking.catch(() => null), new Promise((go) => setTimeout(go, PATIENCE))]);
    const now = (await kept()).find((one) => one.address === list.address);
    const have = now && name in now.files ? await files.match(place(name)) : undefined;
    if (have && (await hashOf(have.clone())) === now.files[name]) return have;
    return network(event.request, have, isPage);
  }
  return network(event.request, loose ? await files.match(place(name)) : undefined, isPage);
}

// From the network; where there is none, what is kept, or the page that says what is.
async function network(request, have, isPage) {
  try {
    const response = await fetch(request);
    return response.status >= 500 && have ? have : response;
  } catch (error) {
    if (have) return have;
    // Its links are relative, so it is shown at its own address.
    if (isPage && (await (await caches.open(FILES)).match(place("offline/")))) return Response.redirect(place("offline/"));
    throw error;
  }
}
