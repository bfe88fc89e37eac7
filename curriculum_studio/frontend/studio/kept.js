// The home page lists the unsaved text that this device keeps; what was saved meanwhile is let go.
import { PREFIX, forget, kept } from "./drafts.js";

const saved = sessionStorage.getItem("saving");
if (saved && new URLSearchParams(location.search).has("saved")) {
  forget(saved);
  sessionStorage.removeItem("saving");
}

// The home page lists what this device keeps.
const box = document.querySelector("[data-drafts]");
if (box) {
  const list = box.querySelector("ul");
  for (const key of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX)).sort()) {
    const draft = kept(key.slice(PREFIX.length));
    if (!draft || !draft.href?.startsWith("/units/")) continue;
    const item = document.createElement("li");
    const words = document.createElement("span");
    const link = document.createElement("a");
    link.href = draft.href;
    link.textContent = draft.title;
    words.append(link, ` ${new Date(draft.at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })}`);
    item.append(words);
    list.append(item);
  }
  box.hidden = !list.children.length;
}
