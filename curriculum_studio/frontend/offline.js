// Keeps chosen units on this device, says which, and removes them; the work itself is the service worker's. Nothing is
// kept, and no worker is started, before somebody asks for it. From disk, and over plain HTTP, browsers offer none of it.
const here = document.currentScript.dataset;
const said = here.said ? JSON.parse(here.said) : {};
const root = new URL(here.root, location.href);

if ("serviceWorker" in navigator && window.isSecureContext && location.protocol.startsWith("http")) start();

function make(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

async function start() {
  navigator.serviceWorker.addEventListener("message", (event) => { if (event.data.kind === "newer" && event.data.pages.includes(location.href.split(/[#?]/)[0])) newer(); });
  const place = document.querySelector("[data-keep]");
  const list = document.querySelector("[data-kept-list]");
  if (place) unit(place);
  if (list) fill(list);
}

// One question to the worker, and its answer; null where no worker was ever asked for.
async function ask(message, make = false) {
  const known = await navigator.serviceWorker.getRegistration(root);
  if (!known && !make) return null;
  const registration = known || (await navigator.serviceWorker.register(new URL("worker.js", root), { scope: root.pathname, updateViaCache: "none" }));
  const worker = registration.active || (await active(registration));
  return new Promise((done) => {
    const line = new MessageChannel();
    line.port1.onmessage = (event) => done(event.data);
    worker.postMessage(message, [line.port2]);
  });
}

function active(registration) {
  const worker = registration.installing || registration.waiting;
  return new Promise((done) => {
    if (!worker || worker.state === "activated") { done(registration.active || worker); return; }
    worker.addEventListener("statechange", () => { if (worker.state === "activated") done(worker); });
  });
}

async function unit(place) {
  const address = place.dataset.keep;
  const status = make("p", { role: "status" });
  const button = make("button", { type: "button" });
  place.append(button, status);
  let kept = Boolean((await ask({ kind: "list" }))?.units.some((one) => one.address === address));
  const show = (text) => {
    button.textContent = kept ? said.drop : said.keep;
    button.className = kept ? "plain" : "";
    if (text !== undefined) status.textContent = text;
  };
  show(kept ? said.kept : "");
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    if (!kept) status.textContent = said.keeping;
    const answer = await ask({ kind: kept ? "drop" : "keep", address }, true).catch(() => ({ ok: false }));
    button.removeAttribute("aria-disabled");
    if (answer?.ok) kept = !kept;
    show(!answer?.ok ? said.keep_failed : kept ? said.kept : said.dropped);
  });
}

async function fill(list) {
  const { units } = (await ask({ kind: "list" })) || { units: [] };
  if (!units.length) { list.replaceChildren(make("p", { class: "empty" }, said.none_kept)); return; }
  const rows = units.map(({ address, title }) => {
    const button = make("button", { type: "button", class: "plain", "aria-label": `${said.drop}: ${title}` }, said.drop);
    button.addEventListener("click", async () => { await ask({ kind: "drop", address }); await fill(list); list.tabIndex = -1; list.focus(); });
    return make("li", {}, make("a", { href: new URL(address, root) }, title), button);
  });
  list.replaceChildren(make("ul", {}, ...rows));
}

function newer() {
  if (document.querySelector(".newer")) return;
  const bar = make("div", { class: "newer", role: "status" });
  document.body.append(bar);
  const button = make("button", { type: "button" }, here.reload);
  button.addEventListener("click", () => location.reload());
  setTimeout(() => bar.append(make("span", {}, here.newer), button), 50);
}
