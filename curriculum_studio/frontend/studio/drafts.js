// Unsaved text, kept on this device for the person who wrote it, and offered back.
const person = document.body.dataset.person || "";
const PREFIX = `draft:${person}:`;

/** What is kept of a text: { base, text, title, href, at }, or null. */
export const kept = (path) => {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + path) || "null");
  } catch {
    return null;
  }
};

/** Keeps a text; false where the device has no room for it. */
export const keep = (path, draft) => {
  try {
    localStorage.setItem(PREFIX + path, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
};

export const forget = (path) => localStorage.removeItem(PREFIX + path);

/** A save is under way: what is kept is let go when the page says that it is saved. */
export const saving = (path) => sessionStorage.setItem("saving", path);

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
