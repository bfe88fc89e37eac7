// Problems that answer back. Works on the page's own data alone: nothing is sent anywhere, and what a student did is
// kept on this device, under names that begin with `practice:`, until it is forgotten.
import { choicesText, readNumber, readings, sealed } from "./answers.js";

const said = JSON.parse(document.currentScript.dataset.said);
const PREFIX = "practice:";
const problems = [...document.querySelectorAll("section[data-check]")].map(start).filter(Boolean);
if (problems.length) addForget();

// Some browsers give no storage to pages from disk or in private windows; then nothing is kept.
function keep(name, value) {
  try { localStorage.setItem(PREFIX + name, JSON.stringify(value)); } catch { /* not kept */ }
}

function kept(name) {
  try { return JSON.parse(localStorage.getItem(PREFIX + name)) || {}; } catch { return {}; }
}

function forget() {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(PREFIX)) localStorage.removeItem(name);
  } catch { /* nothing was kept */ }
}

function make(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function start(section) {
  const { check, salt, keys, choices, units, steps } = section.dataset;
  const accepted = new Set(keys.split(" "));
  const prose = section.querySelector(":scope > .prose");
  const heading = section.querySelector("h3");
  const name = `answer-${salt.replace(/[^\w-]/g, "-")}`;
  const form = make("form", { id: name, class: "answer-form", autocomplete: "off" });
  if (!heading.id) heading.id = `${name}-title`;
  const field = check === "value" ? textField(form) : choiceField(prose, name, check, Number(choices), heading);
  if (!field) return null;
  const result = make("p", { class: "answer-result", role: "status" });
  form.append(make("button", {}, said.check));
  // Several problems have such a field and button: who listens hears of which one each is.
  for (const one of form.querySelectorAll("input, button")) one.setAttribute("aria-describedby", heading.id);
  section.classList.add("answers-back");
  if (prose) prose.after(form); else heading.after(form);

  const grid = { units: units === "yes", steps: (steps || "").split(" ").filter(Boolean).map(readNumber) };
  const isRight = (value) => (check === "value" ? readings(value, grid) : [choicesText(value)]).some((text) => accepted.has(sealed(text, salt)));
  const show = (right) => {
    result.className = `answer-result ${right ? "is-right" : "is-wrong"}`;
    result.replaceChildren(right ? said.right : said.wrong);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const value = field.value();
    if (!value.length) { result.className = "answer-result"; result.textContent = said.empty; return; }
    const right = isRight(value);
    // Emptied first, so that the same words are spoken again after a second try.
    result.replaceChildren();
    setTimeout(() => show(right), 50);
    keep(salt, { value, right, keys });
  });
  field.changed(() => { result.className = "answer-result"; result.replaceChildren(); });

  const before = kept(salt);
  if (before.value && field.put(before.value) && before.keys === keys) show(before.right);
  // The result that was kept stands there before the page is listened to, so that nothing is spoken unasked.
  form.after(result);
  return () => { field.put(check === "value" ? "" : []); result.className = "answer-result"; result.replaceChildren(); };
}

function textField(form) {
  const input = make("input", { type: "text", maxlength: 200, autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
  form.append(make("label", {}, said.answer, input));
  return {
    value: () => input.value.trim(),
    put: (value) => { input.value = typeof value === "string" ? value : ""; return input.value; },
    changed: (call) => input.addEventListener("input", call),
  };
}

function choiceField(prose, name, check, count, heading) {
  const lists = [...(prose ? prose.querySelectorAll("ul, ol") : [])];
  const list = lists.find((one) => [...one.children].filter((item) => item.matches(".choice")).length === count);
  if (!list) return null;
  const group = make("div", { role: check === "single" ? "radiogroup" : "group", "aria-labelledby": heading.id });
  list.before(group);
  group.append(list);
  const inputs = [...list.children].filter((item) => item.matches(".choice")).map((item, index) => {
    const input = make("input", { type: check === "single" ? "radio" : "checkbox", name: `${name}-choice`, value: index + 1, form: name, autocomplete: "off" });
    const label = make("label", {}, input, ...item.childNodes);
    item.append(label);
    return input;
  });
  return {
    value: () => inputs.filter((input) => input.checked).map((input) => Number(input.value)),
    put: (value) => { for (const input of inputs) input.checked = Array.isArray(value) && value.includes(Number(input.value)); return true; },
    changed: (call) => inputs.forEach((input) => input.addEventListener("change", call)),
  };
}

function addForget() {
  const status = make("p", { role: "status" }, said.kept);
  const button = make("button", { type: "button", class: "plain" }, said.forget);
  button.addEventListener("click", () => { forget(); problems.forEach((clear) => clear()); status.textContent = said.forgotten; });
  const last = [...document.querySelectorAll("section.answers-back")].pop();
  last.parentElement.append(make("div", { class: "forget" }, status, button));
}
