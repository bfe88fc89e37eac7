// Moments come in UTC; whoever reads them sees their own zone.
const day = (at, month) => `${at.getDate()} ${at.toLocaleDateString("en", { month })} ${at.getFullYear()}`;
const clock = (at) => at.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });

for (const time of document.querySelectorAll("time[data-when]")) {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.valueOf())) continue;
  const how = time.dataset.when;
  // A list by days is made of UTC's days: where the reader's day is another, it is said.
  const other = at.getDate() !== at.getUTCDate();
  if (how === "time") time.textContent = other ? `${day(at, "short")}, ${clock(at)}` : clock(at);
  else if (how === "short") time.textContent = day(at, "short");
  else time.textContent = `${day(at, "long")}, ${clock(at)}`;
}
