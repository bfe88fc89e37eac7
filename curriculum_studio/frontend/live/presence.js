// Hides who is here: a list beside the text, and a quiet voice that says who came and who went.
const SETTLE = 2500;

/** `box` holds a list and a live region; `you` is one's own key, so that one's other windows are not called another person. */
export class Presence {
  constructor(box, you) {
    this.box = box;
    this.you = you;
    this.list = box.querySelector("[data-people]");
    this.voice = document.querySelector("[data-voice]");
    this.here = new Map();
    this.timer = 0;
  }

  /** Shows these people: several windows of one person are one person. */
  show(people, own) {
    const found = new Map();
    for (const one of people.values()) {
      if (one.id === own || one.person === this.you) continue;
      const before = found.get(one.person);
      if (!before || (one.place?.part && !before.place?.part)) found.set(one.person, one);
    }
    this.box.hidden = !found.size;
    this.list.replaceChildren(...[...found.values()].sort((one, other) => one.name.localeCompare(other.name)).map(row));
    clearTimeout(this.timer);
    // Whoever loses the network for a moment has neither left nor come.
    this.timer = setTimeout(() => this.say(found), SETTLE);
  }

  say(found) {
    const came = [...found.values()].filter((one) => !this.here.has(one.person));
    const went = [...this.here.values()].filter((one) => !found.has(one.person));
    const words = [
      ...came.map((one) => `${one.name} is here${one.writes ? " and may write" : ", reading"}.`),
      ...went.map((one) => `${one.name} has left.`),
    ];
    this.here = new Map(found);
    if (words.length) this.voice.textContent = words.join(" ");
  }
}

const row = (one) => {
  const item = document.createElement("li");
  item.className = `live-person live-colour-${one.colour}`;
  const name = document.createElement("b");
  name.textContent = one.name;
  item.append(name);
  const where = one.place?.part ? `in “${one.place.part}”` : one.writes ? "" : "reads along";
  if (where) {
    const place = document.createElement("span");
    place.textContent = where;
    item.append(" ", place);
  }
  return item;
};
