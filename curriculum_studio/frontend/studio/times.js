// Moments come in UTC; whoever reads them sees their own zone.
const day = (at, month) => `${at.getDate()} ${at.toLocaleDateString("en", { month })} ${at.getFullYear()}`;
const clock = (at) => at.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });

// A choice of versions is text alone; its moment stands first in it.
for (const one of document.querySelectorAll("option[data-at]")) {
  const at = new Date(one.dataset.at);
  one.textContent = one.textContent.replace(/^.*? UTC/, `${day(at, "short")}, ${clock(at)}`);
}

/** Says every moment below `root` as the reader's clock has it. */
export const sayTimes = (root) => {
  for (const time of root.querySelectorAll("time[data-when]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.valueOf())) continue;
    const how = time.dataset.when;
    // A list by days is made of UTC's days: where the reader's day is another, it is said.
    const other = at.getDate() !== at.getUTCDate();
    if (how === "time") time.textContent = other ? `${day(at, "short")}, ${clock(at)}` : clock(at);
    else if (how === "short") time.textContent = day(at, "short");
    else time.textContent = `${day(at, "long")}, ${clock(at)}`;
  }
};
