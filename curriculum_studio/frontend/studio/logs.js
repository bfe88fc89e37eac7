// Teaching logs on this device: a log is kept here before it is sent, and let go when the studio has it. It is sent once
// however often that is tried, by a key that is made here; and only as the person who wrote it.
const person = document.body.dataset.person || "";
const PREFIX = `log:${person}:`;

export const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** The logs that wait here: { key, lesson, title, fields, at, refused }. */
export const waiting = () => {
  const found = [];
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith(PREFIX)) continue;
    try {
      found.push(JSON.parse(localStorage.getItem(name)));
    } catch {
      // Not one of ours: it stays as it is.
    }
  }
  return found.sort((one, other) => one.at - other.at);
};

/** Keeps a log here; false where the device has no room for it. */
export const keepLog = (log) => {
  try {
    localStorage.setItem(PREFIX + log.key, JSON.stringify(log));
    return true;
  } catch {
    return false;
  }
};

export const dropLog = (key) => localStorage.removeItem(PREFIX + key);

/** Sends one log. Gives { address }, { error } where the studio refuses it, or null where it could not be reached. */
export const sendLog = async (log) => {
  try {
    const door = await (await fetch("/teaching/door", { headers: { Accept: "application/json" } })).json();
    if (door.person !== person) return null;
    const body = new URLSearchParams([...log.fields, ["csrf_token", door.token]]);
    const answer = await fetch(`/teaching/lessons/${log.lesson}`, { method: "POST", body, headers: { "X-Kept": "yes" } });
    if (answer.status === 404) return { error: "This lesson is not there any more, or it is not open to you." };
    const said = await answer.json();
    if (answer.ok && said.address) {
      dropLog(log.key);
      return said;
    }
    if (answer.status === 422 && said.error) {
      keepLog({ ...log, refused: said.error });
      return said;
    }
  } catch {
    // No network, no studio, or a page to sign in on: it is tried again.
  }
  return null;
};

let sending = null;

/** Sends what waits, one after another; what was refused waits for its person. */
export const sendAll = () => {
  sending ??= (async () => {
    for (const log of waiting()) if (!log.refused && !(await sendLog(log))) break;
    sending = null;
    document.dispatchEvent(new Event("logs"));
  })();
  return sending;
};

if (person) {
  addEventListener("online", sendAll);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && waiting().length) sendAll();
  });
}
