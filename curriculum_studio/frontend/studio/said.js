// Hides how what somebody types about a text stays on this device until it was taken.
const place = (form) => `said:${document.body.dataset.person || ""}:${location.pathname}:${form.dataset.keep}`;
const fieldsOf = (form) => [...form.querySelectorAll("textarea[name], select, input[type=hidden][name=before], input[type=hidden][name=after]")];

/** Puts back what was typed and chosen in a form before, and keeps what is typed and chosen from now on. */
export const keepSaid = (form) => {
  const fields = fieldsOf(form);
  const choices = [...form.querySelectorAll("input[type=radio]")];
  const base = form.dataset.keepBase || "";
  try {
    const kept = JSON.parse(localStorage.getItem(place(form)) || "null");
    if (kept && (kept.base || "") === base) {
      for (const field of fields) if (kept[field.name] && (!field.value || base)) field.value = kept[field.name];
      for (const choice of choices) if (kept[choice.name] === choice.value) choice.checked = true;
    }
  } catch {
    localStorage.removeItem(place(form));
  }
  const keep = () => {
    const words = { base };
    for (const field of fields) words[field.name] = field.value;
    for (const choice of choices) if (choice.checked) words[choice.name] = choice.value;
    const said = choices.some((choice) => choice.checked) || fields.some((field) => field.tagName === "TEXTAREA" && field.value.trim());
    try {
      if (said) localStorage.setItem(place(form), JSON.stringify(words));
      else localStorage.removeItem(place(form));
    } catch {
      // A device without room keeps nothing; the form itself still does.
    }
  };
  form.addEventListener("input", keep);
};

/** It was taken: nothing of it is kept any more. */
export const forgetSaid = (form) => localStorage.removeItem(place(form));

/** Forms that are sent as pages are: what was typed is forgotten when the page that follows says that it was taken. */
export const keepForms = () => {
  const forms = [...document.querySelectorAll("form[data-keep]")];
  for (const form of forms) {
    keepSaid(form);
    form.addEventListener("submit", () => sessionStorage.setItem("said", place(form)));
  }
  const sent = sessionStorage.getItem("said");
  if (!sent || !document.querySelector(".notice.good")) return;
  localStorage.removeItem(sent);
  sessionStorage.removeItem("said");
  for (const form of forms) if (place(form) === sent) form.reset();
};
