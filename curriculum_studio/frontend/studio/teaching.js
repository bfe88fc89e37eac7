// The teaching log on a phone: minutes by two large buttons, a log that is kept on the device first, a form that opens without
// a network. Without scripts the form is sent like any other.
import { dropLog, keepLog, newKey, sendAll, sendLog, waiting } from "./logs.js";

const person = document.body.dataset.person || "";
const CACHE = "teaching";

// Minutes: the first press begins at what was planned.
for (const button of document.querySelectorAll("[data-step]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const field = button.parentElement.querySelector("input");
    const planned = Number(field.dataset.planned) || 0;
    const step = Number(button.dataset.step) * (planned > 11 ? 5 : 1);
    field.value = Math.min(240, Math.max(0, (field.value === "" ? planned : Number(field.value) || 0) + step));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

const form = document.querySelector("form[data-taught]");
if (form) {
  const lesson = form.action.split("/").pop().split("?")[0];
  const said = document.querySelector("[data-said]");
  const again = new URLSearchParams(location.search).get("kept");
  const old = again && waiting().find((log) => log.key === again);
  // A page that was kept would give the same key to two lessons taught.
  form.elements.key.value = old ? old.key : newKey();
  addEventListener("pageshow", (event) => {
    if (event.persisted) form.elements.key.value = newKey();
  });
  const day = new Date();
  if (!old && !said.textContent.trim()) form.elements.day.value = `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, "0")}-${String(day.getDate()).padStart(2, "0")}`;
  if (old) {
    for (const [name, value] of old.fields) {
      const field = form.elements[name];
      if (!field || name === "key") continue;
      if (field.type === "checkbox") field.checked = name === "shared" && field.value === value;
      else field.value = value;
    }
    if (old.refused) refuse(old.refused);
  }

  function tell(kind, role, ...content) {
    const notice = document.createElement("p");
    notice.className = `notice ${kind}`;
    notice.setAttribute("role", role);
    notice.append(...content);
    said.replaceChildren(notice);
    notice.scrollIntoView({ block: "nearest" });
  }

  function refuse(sentence) {
    tell("bad", "alert", sentence);
    const sure = form.querySelector("[data-sure]");
    if (sure && sentence.includes("could be a student")) {
      sure.hidden = false;
      sure.querySelector("input").disabled = false;
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector(".actions button");
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    const fields = [...new FormData(form)].filter(([name]) => name !== "csrf_token");
    const log = { key: form.elements.key.value, lesson, title: form.dataset.taught, fields, at: Date.now() };
    if (!keepLog(log)) {
      // No room on the device: the form goes its plain way.
      form.submit();
      return;
    }
    const answer = await sendLog(log);
    button.removeAttribute("aria-disabled");
    if (answer?.address) {
      location.assign(answer.address);
    } else if (answer?.error) {
      dropLog(log.key);
      refuse(answer.error);
    } else {
      const link = document.createElement("a");
      link.href = "/teaching";
      link.textContent = "Your teaching log";
      tell("good", "status", "Kept on this device. It is sent by itself when the network is back. ", link);
      form.hidden = true;
    }
  });
}

// What waits on this device, and what became of it.
const box = document.querySelector("[data-unsent]");
const list = () => {
  if (!box) return;
  const rows = waiting();
  box.hidden = !rows.length;
  box.querySelector("ul").replaceChildren(
    ...rows.map((log) => {
      const item = document.createElement("li");
      const words = document.createElement("span");
      const name = document.createElement("a");
      name.href = `/teaching/lessons/${log.lesson}?kept=${log.key}`;
      name.textContent = log.title;
      words.append(name, ` ${new Date(log.at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })}`);
      if (log.refused) {
        const why = document.createElement("p");
        why.className = "soft";
        why.textContent = `It was not taken in. ${log.refused}`;
        words.append(why);
      }
      const drop = document.createElement("button");
      drop.type = "button";
      drop.className = "quiet";
      drop.textContent = "Discard";
      drop.addEventListener("click", () => {
        dropLog(log.key);
        list();
      });
      item.append(words, drop);
      return item;
    }),
  );
};
list();
document.addEventListener("logs", () => {
  const before = box && !box.hidden;
  list();
  if (before && box.hidden && !new URLSearchParams(location.search).has("did")) location.reload();
});
box?.querySelector("[data-send]").addEventListener("click", () => sendAll());
if (person && waiting().some((log) => !log.refused && !(form && location.search.includes(log.key)))) sendAll();

// The forms open without a network where the browser can keep pages (a secure address).
if (person && location.pathname.startsWith("/teaching") && "serviceWorker" in navigator) {
  navigator.serviceWorker.register("/teaching/worker.js", { scope: "/teaching" }).then(async () => {
    const ready = await navigator.serviceWorker.ready;
    const pages = ["/teaching", location.pathname, ...[...document.querySelectorAll("a[data-keep]")].map((link) => link.pathname)];
    const assets = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((one) => one.href || one.src);
    ready.active.postMessage({ person, pages: pages.filter((one) => !one.includes("/logs/")), assets });
    for (const note of document.querySelectorAll("[data-offline]")) note.hidden = false;
  }, () => {});
}

// Whoever signs out takes the kept pages along; what was not sent yet stays for when they come back.
document.querySelector("form.who")?.addEventListener("submit", () => {
  if ("caches" in window) caches.delete(CACHE);
});
