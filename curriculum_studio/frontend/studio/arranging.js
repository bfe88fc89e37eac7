// Arranging a unit: lessons move by drag or by buttons; the order of the form's fields is the order of the unit.
const arranging = document.querySelector("form[data-arrange]");
if (arranging) {
  const said = arranging.querySelector("[data-said]");
  const lists = () => [...arranging.querySelectorAll("[data-list]")];
  const tell = (item) => {
    const list = item.closest("[data-list]");
    const section = item.closest("[data-section]");
    // The field's name says in which section a lesson stands; the order of equal names is the order in it.
    item.querySelector("input").name = `lesson-${list.dataset.list}`;
    const title = section.querySelector("[data-title]")?.value || section.querySelector("legend").textContent;
    said.textContent = `${item.querySelector("[data-name]").textContent}: place ${[...list.children].indexOf(item) + 1} of ${list.children.length} in ${title}`;
  };
  const step = (item, up) => {
    const list = item.parentElement;
    const beside = up ? item.previousElementSibling : item.nextElementSibling;
    if (beside) { if (up) beside.before(item); else beside.after(item); }
    else {
      const all = lists();
      const next = all[all.indexOf(list) + (up ? -1 : 1)];
      if (!next) return;
      if (up) next.append(item); else next.prepend(item);
    }
    tell(item);
  };
  arranging.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (button) { step(button.closest("[data-item]"), button.dataset.move === "up"); button.focus(); }
    const shift = event.target.closest("[data-section-move]");
    if (shift) {
      const section = shift.closest("[data-section]");
      const beside = shift.dataset.sectionMove === "up" ? section.previousElementSibling : section.nextElementSibling;
      if (beside && shift.dataset.sectionMove === "up") beside.before(section);
      else if (beside) beside.after(section);
      said.textContent = `${section.querySelector("[data-title]").value}: section ${[...section.parentElement.children].indexOf(section) + 1}`;
      shift.focus();
    }
    if (event.target.closest("[data-add]")) {
      const number = 1 + Math.max(0, ...[...arranging.querySelectorAll("input[name=order]")].map((one) => Number(one.value) || 0));
      const holder = arranging.querySelector("[data-sections]");
      holder.insertAdjacentHTML("beforeend", arranging.querySelector("template[data-new]").innerHTML.replaceAll("NEW", number));
      holder.lastElementChild.querySelector("[data-title]").focus();
    }
  });
  arranging.addEventListener("input", (event) => {
    if (!event.target.matches("[data-title]")) return;
    for (const of of event.target.closest("[data-section]").querySelectorAll("[data-of-section]")) of.textContent = `: ${event.target.value}`;
  });
  let carried = null;
  arranging.addEventListener("dragstart", (event) => {
    carried = event.target.closest("[data-item]");
    if (!carried) return;
    carried.classList.add("carried");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", carried.querySelector("[data-name]").textContent);
  });
  arranging.addEventListener("dragover", (event) => {
    const list = event.target.closest("[data-section]")?.querySelector("[data-list]");
    if (!carried || !list) return;
    event.preventDefault();
    const over = event.target.closest("[data-item]");
    if (!over) { if (carried.parentElement !== list) list.append(carried); return; }
    if (over === carried) return;
    const box = over.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.before(carried); else over.after(carried);
  });
  arranging.addEventListener("drop", (event) => event.preventDefault());
  arranging.addEventListener("dragend", () => { if (carried) { carried.classList.remove("carried"); tell(carried); carried = null; } });
}
