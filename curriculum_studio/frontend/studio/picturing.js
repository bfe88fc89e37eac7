// The form for a new picture makes a large photograph smaller before it is sent, and says so.
import { CHOOSE, smaller } from "../smaller.js";

for (const field of document.querySelectorAll("input[data-picture]")) {
  field.accept = CHOOSE;
  const said = document.createElement("p");
  said.className = "soft";
  said.setAttribute("role", "status");
  field.after(said);
  field.addEventListener("change", async () => {
    const [chosen] = field.files;
    said.textContent = "";
    if (!chosen) return;
    const button = field.form.querySelector("button:not([type=button])");
    button.disabled = true;
    const made = await smaller(chosen);
    button.disabled = false;
    if (made.file === chosen || field.files[0] !== chosen) return;
    const files = new DataTransfer();
    files.items.add(made.file);
    field.files = files.files;
    said.textContent = made.said;
  });
}
