// Hides how a figure's lines and a form's values become each other; what nobody changed stays as it was typed.
import { keysOf } from "./header.js";

const PAIR = /^\([^(),]*,[^(),]*\)$/;

/** A value inside of a list or a map on one line: quoted where its signs would be read as something else. */
export function inFlow(value) {
  const text = value.trim();
  if (PAIR.test(text) || /^(?:\[.*\]|\{.*\})$/s.test(text)) return text;
  return text === "" || /[,:#[\]{}"'|&*!>%@`]/.test(text) ? `'${text.replaceAll("'", "''")}'` : text;
}

/** A list's items: separated by commas that stand in no brackets. */
export function itemsOf(text) {
  const found = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const ch = text[at];
    if ("([{".includes(ch ?? "!")) depth += 1;
    else if (")]}".includes(ch ?? "!")) depth -= 1;
    else if ((ch === "," && depth <= 0) || at === text.length) {
      if (text.slice(start, at).trim()) found.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  return found;
}

/** A value that was read, written on one line again. */
export const written = (value) => (Array.isArray(value) ? `[${value.map(written).join(", ")}]`
  : value && typeof value === "object" ? `{${Object.entries(value).map(([name, one]) => `${inFlow(name)}: ${written(one)}`).join(", ")}}` : inFlow(String(value)));

const plainList = (value) => Array.isArray(value) && value.every((one) => typeof one === "string" && !/[,[\]{}'"#]/.test(one.replace(/^\([^(),]*,[^(),]*\)$/, "")));

/** What a field shows of a value: a text, rows of [name, value], a map of fields, or a list of maps; `raw` where a form cannot. */
function shown(field, value) {
  if (field.kind === "pairs") {
    if (value && typeof value === "object" && !Array.isArray(value)) return Object.entries(value).map(([name, one]) => [name, typeof one === "string" ? one : written(one)]);
    if (typeof value === "string") return itemsOf(value).map((one) => ["", one]);
    if (Array.isArray(value)) return value.map((one) => ["", typeof one === "string" ? one : written(one)]);
    return [];
  }
  if (field.kind === "map") return valuesOf(field.fields, value && typeof value === "object" ? value : {});
  if (field.kind === "maps") return Array.isArray(value) ? value.map((one) => valuesOf(field.fields, one && typeof one === "object" ? one : {})) : [];
  if (value === undefined) return field.kind === "choice" ? field.choices[0] : field.kind === "switch" ? field.default : "";
  if (field.kind === "switch") return /^(?:yes|true|on)$/i.test(String(value)) ? "yes" : "no";
  return typeof value === "string" ? value : plainList(value) ? value.join(", ") : written(value);
}

const valuesOf = (fields, value) => Object.fromEntries(fields.map((field) => [field.key, shown(field, value[field.key])]));

const usual = (field, value) => (field.kind === "choice" ? value === field.choices[0] : field.kind === "switch" ? value === field.default : false);

/** A field's value as it stands in a map on one line; "" where it says nothing. */
function nested(field, value) {
  if (field.kind === "pairs") return pairs(value, true);
  if (usual(field, value) || value === "" || value === undefined) return "";
  if (field.kind === "list" && itemsOf(value).length > 1) return `[${itemsOf(value).map(inFlow).join(", ")}]`;
  return inFlow(value);
}

function pairs(rows, inside) {
  const full = rows.filter(([name, value]) => name.trim() || value.trim());
  if (!full.length) return "";
  if (full.some(([name]) => name.trim())) return `{${full.map(([name, value], index) => `${inFlow(name.trim() || String(index + 1))}: ${inFlow(value)}`).join(", ")}}`;
  const items = full.map(([, value]) => value.trim());
  return inside || items.some((one) => itemsOf(one).length > 1 && !PAIR.test(one)) ? `[${items.map(inFlow).join(", ")}]` : items.join(", ");
}

const mapText = (fields, values) => fields.map((field) => [field.key, nested(field, values[field.key])]).filter(([, text]) => text !== "").map(([key, text]) => `${key}: ${text}`).join(", ");

const STRUCTURED = new Set(["pairs", "map", "maps"]);

/** A field's value as it stands behind its key; "" where the key is left away. It may go on below, indented. */
function outer(field, value) {
  if (STRUCTURED.has(field.kind) && typeof value === "string") return value;
  if (field.kind === "pairs") return pairs(value, false);
  if (field.kind === "map") {
    const text = mapText(field.fields, value);
    return text ? `{${text}}` : "";
  }
  if (field.kind === "maps") {
    const rows = value.map((one) => mapText(field.fields, one)).filter(Boolean);
    return rows.length ? `\n${rows.map((row) => `  - {${row}}`).join("\n")}` : "";
  }
  if (usual(field, value) || value === "") return "";
  const flat = value.trim();
  if (field.kind === "list" && !flat.includes("\n") && itemsOf(flat).length > 1) return `[${itemsOf(flat).map(inFlow).join(", ")}]`;
  return field.kind === "text" && (/^["'[{&*!@`>%|#]/.test(flat) || flat.includes(" #")) ? `'${flat.replaceAll("'", "''")}'` : flat;
}

/** What stands behind every figure's own fields. */
export const COMMON = [
  { key: "caption", label: "Words below the picture", kind: "text" },
  { key: "alt", label: "What the picture shows, for those who do not see it", kind: "text", needed: true },
];
const fieldsOf = (spec) => [...spec.fields, ...COMMON];
const flatOf = (spec) => spec.fields.find((one) => one.flat);

/** The form's values of a body: { values, flat } where flat says that the keys of the one inner map stand in the body itself. */
export function readFigure(spec, body) {
  const keys = keysOf(body, 0, true);
  const read = Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, key.value === undefined ? [key.rest, ...key.below].join("\n") : key.value]));
  const values = valuesOf(fieldsOf(spec), read);
  // What a form cannot show stays a text in it, as it was typed.
  for (const field of spec.fields) if (STRUCTURED.has(field.kind) && keys[field.key] && keys[field.key].value === undefined) values[field.key] = read[field.key];
  const inner = flatOf(spec);
  const flat = Boolean(inner && !(inner.key in keys));
  if (flat) {
    values[inner.key] = [valuesOf(inner.fields, read)];
    for (const field of spec.fields) if (field !== inner && inner.fields.some((one) => one.key === field.key)) values[field.key] = shown(field, undefined);
  }
  return { values, flat };
}

/** Every key that the values need, in order, with its text: [[key, text], …]. */
function rowsOf(spec, values) {
  const inner = flatOf(spec);
  const one = inner && Array.isArray(values[inner.key]) && values[inner.key].length === 1;
  return fieldsOf(spec).flatMap((field) => {
    if (field === inner && one) return inner.fields.map((part) => [part.key, outer(part, values[inner.key][0][part.key])]);
    if (one && inner.fields.some((part) => part.key === field.key)) return [];
    return [[field.key, outer(field, values[field.key])]];
  });
}

/** The body for the values; the lines of `body` whose values nobody changed stay as they are, in their places. */
export function writeFigure(spec, values, body = "") {
  const before = new Map(rowsOf(spec, readFigure(spec, body).values));
  const after = rowsOf(spec, values);
  const names = new Set(after.map(([key]) => key));
  const keys = keysOf(body, 0, true);
  const known = new Set([...before.keys(), ...names]);
  let text = body;
  const cuts = Object.entries(keys).filter(([key]) => known.has(key)).map(([key, place]) => [place, after.find(([name]) => name === key)?.[1] ?? "", before.get(key), key])
    .filter(([, now, old, key]) => now !== old || !names.has(key)).sort((a, b) => b[0].from - a[0].from);
  for (const [place, now, , key] of cuts) {
    text = now === "" ? text.slice(0, place.from) + text.slice(Math.min(place.to + 1, text.length)) : `${text.slice(0, place.from)}${line(key, now)}${text.slice(place.to)}`;
  }
  const fresh = after.filter(([key, now]) => now !== "" && !(key in keys)).map(([key, now]) => line(key, now));
  if (!fresh.length) return text;
  const alt = keysOf(text, 0, true).alt;
  const rows = fresh.map((row) => `${row}\n`).join("");
  if (alt && !fresh.some((row) => row.startsWith("alt:"))) return text.slice(0, alt.from) + rows + text.slice(alt.from);
  return `${text}${text && !text.endsWith("\n") ? "\n" : ""}${rows}`;
}

const line = (key, text) => (text.startsWith("\n") ? `${key}:${text}` : `${key}: ${text}`);

/** The key that a line of a body (from 1) belongs to; "" where it belongs to none. */
export function keyAt(body, number) {
  const start = body.split("\n").slice(0, number - 1).reduce((sum, row) => sum + row.length + 1, 0);
  return Object.entries(keysOf(body, 0, true)).find(([, key]) => key.from <= start && start <= key.to)?.[0] ?? "";
}
