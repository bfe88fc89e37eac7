// Hides how the toolbar is used: one stop for Tab, arrows within, menus that open below their button.
import { make } from "./widgets.js";

/** A toolbar of groups of buttons; `groups` is [[name, [node, …]], …]. */
export function toolbar(label, groups) {
  // On a small screen this row is moved sideways; menus, which lie below it, are not cut off by it.
  const row = make("div", { class: "tools-row" });
  const bar = make("div", { class: "tools", role: "toolbar", "aria-label": label, "aria-orientation": "horizontal" }, row);
  bar.add = (name, nodes) => row.appendChild(make("div", { class: "tools-group", role: "group", "aria-label": name }, ...nodes));
  for (const [name, nodes] of groups) bar.add(name, nodes);
  const stops = () => [...bar.querySelectorAll(".tools-group > button, .tools-group > .tools-menu > button")].filter((one) => one.offsetParent !== null && !one.disabled);
  const settle = (wanted) => {
    const all = stops();
    const one = all.includes(wanted) ? wanted : all.find((button) => button.tabIndex === 0) || all[0];
    for (const button of all) button.tabIndex = button === one ? 0 : -1;
    return one;
  };
  bar.addEventListener("focusin", (event) => {
    if (!stops().includes(event.target)) return;
    settle(event.target);
    event.target.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  bar.addEventListener("keydown", (event) => {
    const all = stops();
    const at = all.indexOf(event.target);
    if (at < 0) return;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all[(to + all.length) % all.length].focus();
  });
  bar.settle = settle;
  return bar;
}

/** A button of the toolbar; where it shows words these are its name, and `title` says more. */
export const tool = (text, title, click, more = {}) => make("button", { type: "button", class: "tool", title, "aria-label": typeof text === "string" && /\p{L}{2}/u.test(text) ? null : title, tabindex: "-1", ...more, on: { click, mousedown: (event) => event.preventDefault() } }, ...(Array.isArray(text) ? text : [text]));

/** A button with a menu of `rows()`: [{ label, note, run, group }, …], or a promise of them. */
export function menu(text, title, rows) {
  const list = make("div", { class: "tools-list", role: "menu", "aria-label": title, hidden: true });
  const button = make("button", { type: "button", class: "tool", title, "aria-haspopup": "menu", "aria-expanded": "false", tabindex: "-1" }, make("span", { text }), make("span", { class: "tools-arrow", "aria-hidden": "true", text: "▾" }));
  const box = make("span", { class: "tools-menu" }, button, list);
  const items = () => [...list.querySelectorAll("[role=menuitem]")];
  const close = (focus) => {
    list.hidden = true;
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    if (focus) button.focus();
  };
  const outside = (event) => { if (!box.contains(event.target)) close(false); };
  const open = async (last) => {
    const found = (await rows()) ?? [];
    list.replaceChildren(...found.map((row) => (row.label ? make("button", {
      type: "button", role: "menuitem", tabindex: "-1", class: "tools-item", on: { click: () => { close(false); row.run(); } },
    }, make("span", { text: row.label }), row.note ? make("span", { class: "tools-note", text: row.note }) : null) : make("div", { role: "separator", class: "tools-line" }))));
    list.hidden = false;
    list.classList.remove("tools-left");
    if (list.getBoundingClientRect().right > innerWidth - 4) list.classList.add("tools-left");
    if (list.getBoundingClientRect().left < 0) list.classList.remove("tools-left");
    button.setAttribute("aria-expanded", "true");
    document.addEventListener("pointerdown", outside, true);
    items().at(last ? -1 : 0)?.focus();
  };
  button.addEventListener("click", () => (list.hidden ? open(false) : close(true)));
  button.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      open(event.key === "ArrowUp");
    }
  });
  list.addEventListener("keydown", (event) => {
    const all = items();
    const at = all.indexOf(document.activeElement);
    let to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape") {
      event.stopPropagation();
      close(true);
    } else if (event.key === "Tab") close(false);
    else if (to === undefined && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
      const letter = event.key.toLowerCase();
      to = [...all.keys()].map((step) => (at + 1 + step) % all.length).find((one) => all[one].textContent.toLowerCase().startsWith(letter));
    }
    if (to !== undefined) {
      event.preventDefault();
      all[to % all.length].focus();
    }
  });
  list.addEventListener("focusout", (event) => { if (event.relatedTarget && !box.contains(event.relatedTarget)) close(false); });
  return box;
}
