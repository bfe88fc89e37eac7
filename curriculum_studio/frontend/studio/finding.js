// Hides how somebody is found in a long list of people with boxes: who is chosen stands first, and a field narrows the rest by name.
import { fold } from "../words.js";

const MOST = 20;
const said = (number) => number.toLocaleString("en");

for (const list of document.querySelectorAll("fieldset.people")) {
  const rows = [...list.querySelectorAll(".check")];
  if (rows.length <= MOST) continue;
  const legend = list.querySelector("legend");
  const label = document.createElement("label");
  label.className = "find-people";
  label.textContent = "Find by name ";
  const field = document.createElement("input");
  field.type = "search";
  field.autocomplete = "off";
  label.append(field);
  const told = document.createElement("p");
  told.className = "soft find-people";
  told.setAttribute("role", "status");
  legend.after(label, told, ...rows.filter((row) => row.querySelector("input").checked));
  const narrow = () => {
    const wanted = fold(field.value);
    let shown = 0;
    for (const row of rows) {
      row.hidden = !fold(row.textContent).includes(wanted) && !row.querySelector("input").checked;
      if (!row.hidden) shown += 1;
    }
    told.textContent = field.value.trim() ? `${said(shown)} of ${said(rows.length)} shown` : `${said(rows.length)} people`;
  };
  field.addEventListener("input", narrow);
  // Enter looks for a name here; it does not send the form.
  field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  narrow();
}
