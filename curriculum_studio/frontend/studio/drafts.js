// Unsaved text, kept on this device for the person who wrote it, and offered back.
const person = document.body.dataset.person || "";
export const PREFIX = `draft:${person}:`;

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
