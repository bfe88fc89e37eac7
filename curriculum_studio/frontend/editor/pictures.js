// Hides how pictures come into a text: picked, pasted or dragged; words are asked for, and the studio keeps a clean copy.
import { CHOOSE, nameOf, smaller } from "../smaller.js";
import { ask, fieldRow } from "./dialogs.js";
import { make } from "./widgets.js";

/** How a file names another: the way from one path to the other. */
export function wayTo(from, to) {
  const here = from.split("/").slice(0, -1);
  const there = to.split("/");
  while (here.length && there.length > 1 && here[0] === there[0]) {
    here.shift();
    there.shift();
  }
  return [...here.map(() => ".."), ...there].map((step) => encodeURIComponent(step)).join("/");
}

/** The words of a picture as they stand in a text. */
export const pictureText = (alt, target) => `![${alt.replace(/\s+/g, " ").trim().replace(/[[\]\\]/g, "")}](${target})`;

/** Asks for a picture and its words; `done(text)` gets what goes into the text. */
export function askPicture(page, view, file, done) {
  const { form } = page;
  const unit = form.dataset.unit;
  const known = JSON.parse(form.dataset.pictures || "[]");
  const pick = make("input", { type: "file", name: "file", accept: CHOOSE });
  const choice = make("select", { name: "known" }, make("option", { value: "", text: "a new one" }), ...known.map((name) => make("option", { value: name, text: name.split("/").at(-1) })));
  const alt = make("textarea", { name: "alt", rows: "2", maxlength: "300", required: true });
  const picture = make("p", { class: "ask-picture", hidden: true }, make("img", { alt: "" }));
  let given = file;
  let address = "";
  const show = (source, own = "") => {
    if (address) URL.revokeObjectURL(address);
    address = own;
    picture.hidden = !source;
    if (source) picture.firstChild.src = source;
  };
  const showFile = (one) => {
    const source = one ? URL.createObjectURL(one) : "";
    show(source, source);
  };
  picture.firstChild.addEventListener("error", () => { picture.hidden = true; });
  const rowOfFile = fieldRow("A photograph or a drawing", pick);
  choice.addEventListener("change", () => {
    rowOfFile.hidden = Boolean(choice.value);
    show(choice.value ? page.pictureAddress(choice.value) : "");
  });
  pick.addEventListener("change", () => {
    [given] = pick.files;
    showFile(given);
  });
  ask({
    title: "Picture", button: "Put it in", back: () => { show(""); view.focus(); },
    fill: (box) => {
      if (given) box.append(make("p", {}, "The picture: ", make("strong", { text: given.name || "from the clipboard" })));
      else if (known.length) box.append(fieldRow("Which", choice), rowOfFile);
      else box.append(rowOfFile);
      if (given) showFile(given);
      box.append(picture, fieldRow("What it shows, for those who do not see it", alt), make("p", { class: "soft", text: "Place, time and camera are taken out of photographs. Do not use pictures of students." }));
    },
    done: async () => {
      const words = alt.value.trim();
      if (!words) return "Say in a sentence what the picture shows: students who do not see it hear your words.";
      if (!given && choice.value) return void done(pictureText(words, choice.value));
      if (!given) return "Choose a picture first.";
      const sent = await smaller(given);
      const answer = await upload(page, unit, sent.file, words);
      if (answer.error) return answer.error;
      page.say(sent.said || answer.taken_out);
      return void done(pictureText(words, wayTo(form.dataset.key, answer.path)));
    },
  });
}

async function upload(page, unit, file, alt) {
  if (!unit) return { error: "This text lies in no unit, so it has no place for pictures." };
  const sent = new FormData();
  sent.append("csrf_token", page.form.querySelector("input[name=csrf_token]").value);
  sent.append("alt", alt);
  sent.append("file", file, nameOf(file));
  try {
    const answer = await fetch(`/units/${unit}/pictures`, { method: "POST", body: sent, headers: { accept: "application/json" }, credentials: "same-origin" });
    return await answer.json();
  } catch {
    return { error: "The studio does not answer, or the picture is too large. Nothing was kept; try again." };
  }
}
