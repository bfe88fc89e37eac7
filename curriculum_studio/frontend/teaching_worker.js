// Lets the forms of the teaching log open without a network. Pages come from the network where there is one; nothing that is
// sent, no log and nobody's words pass through here.
const CACHE = "teaching";
const OLD = 12 * 3600 * 1000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => event.waitUntil(keepAll(event.data)));

async function keepAll({ person, pages, assets }) {
  const owner = await (await caches.open(CACHE)).match("/teaching/owner");
  // Another person's pages are not for whoever uses the device now.
  if (owner && (await owner.text()) !== person) await caches.delete(CACHE);
  const cache = await caches.open(CACHE);
  await cache.put("/teaching/owner", new Response(person));
  for (const place of new Set([...assets, ...pages])) {
    const known = await cache.match(place);
    if (known && Date.now() - Date.parse(known.headers.get("date") || 0) < OLD) continue;
    try {
      keep(cache, place, await fetch(place));
    } catch {
      return;
    }
  }
}

function keep(cache, place, answer) {
  // A page to sign in on, or a refusal, is not the page.
  return answer.status === 200 && !answer.redirected ? cache.put(place, answer.clone()) : null;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const place = new URL(request.url);
  if (request.method !== "GET" || place.origin !== location.origin) return;
  if (request.mode === "navigate" && !place.pathname.startsWith("/teaching/logs/")) event.respondWith(page(request, place.pathname));
  else if (place.pathname.startsWith("/static/")) event.respondWith(asset(request));
});

async function page(request, place) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (await cache.match("/teaching/owner")) await keep(cache, place, answer);
    return answer;
  } catch (error) {
    const known = (await cache.match(place)) || (await cache.match("/teaching"));
    if (known) return known;
    throw error;
  }
}

async function asset(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (await cache.match(request.url)) await keep(cache, request.url, answer);
    return answer;
  } catch (error) {
    const known = await cache.match(request.url);
    if (known) return known;
    throw error;
  }
}
