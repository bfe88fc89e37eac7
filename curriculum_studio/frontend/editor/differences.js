// Hides how two texts are compared while somebody writes: lines first, then words with formulas as wholes.
const WORDS = /\$[^$\n]+\$|[\p{L}\p{N}]+|\s+|[^]/gu;
const MOST = 4_000_000;

/** Runs that differ between two rows: [fromA, toA, fromB, toB], by the longest common row; one run where that costs too much. */
function runs(a, b) {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const n = a.length - head - tail;
  const m = b.length - head - tail;
  if (!n && !m) return [];
  if (!n || !m || n * m > MOST) return [[head, head + n, head, head + m]];
  // How long the common row of what is left from each pair of places on is.
  const width = m + 1;
  const long = new Uint16Array((n + 1) * width);
  for (let i = n - 1; i >= 0; i -= 1) {
    for (let k = m - 1; k >= 0; k -= 1) {
      long[i * width + k] = a[head + i] === b[head + k] ? long[(i + 1) * width + k + 1] + 1 : Math.max(long[(i + 1) * width + k], long[i * width + k + 1]);
    }
  }
  const found = [];
  let [i, k] = [0, 0];
  let open = null;
  const close = () => {
    if (open) found.push([head + open[0], head + i, head + open[1], head + k]);
    open = null;
  };
  while (i < n || k < m) {
    if (i < n && k < m && a[head + i] === b[head + k]) {
      close();
      i += 1;
      k += 1;
      continue;
    }
    open ||= [i, k];
    if (k < m && (i === n || long[i * width + k + 1] >= long[(i + 1) * width + k])) k += 1;
    else i += 1;
  }
  close();
  return found;
}

const offsets = (rows) => {
  const at = [0];
  for (const row of rows) at.push(at.at(-1) + row.length);
  return at;
};

/** What came and what went from `old` to `now`, in order: { from, to, gone, at }, `from` and `to` in `now`, `gone` from `at` on in `old`. */
export function changed(old, now) {
  if (old === now) return [];
  const lines = [old, now].map((text) => text.split(/(?<=\n)/));
  const starts = lines.map(offsets);
  const found = [];
  for (const [a, aTo, b, bTo] of runs(...lines)) {
    const before = lines[0].slice(a, aTo).join("");
    const after = lines[1].slice(b, bTo).join("");
    const words = [before, after].map((text) => text.match(WORDS) || []);
    const places = words.map(offsets);
    for (const [i, iTo, k, kTo] of joined(runs(...words), words)) {
      found.push({
        from: starts[1][b] + places[1][k], to: starts[1][b] + places[1][kTo],
        gone: words[0].slice(i, iTo).join(""), at: starts[0][a] + places[0][i],
      });
    }
  }
  return found;
}

/** Runs with nothing but a space between them are one. */
function joined(found, [a]) {
  const rows = [];
  for (const run of found) {
    const last = rows.at(-1);
    if (last && !a.slice(last[1], run[0]).join("").trim()) [last[1], last[3]] = [run[1], run[3]];
    else rows.push([...run]);
  }
  return rows;
}
