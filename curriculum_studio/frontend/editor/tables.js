// Hides how tables are written by keyboard: from cell to cell, rows and columns put in and taken away, as small changes.
import { cellsOf } from "./blocks.js";

/** The table that a place lies in, read from the text: { block, rows, row, column }, or null. `row` counts lines, the ruler is 1. */
export function tableAt(doc, blocks, place) {
  const block = blocks.find((one) => one.type === "table" && one.from <= place && place <= one.to);
  if (!block) return null;
  const rows = [];
  for (let number = block.first; number <= block.last; number += 1) {
    const line = doc.line(number);
    rows.push({ from: line.from, to: line.to, text: line.text, cells: cellsOf(line.text).map((cell) => ({ ...cell, from: cell.from + line.from, to: cell.to + line.from, start: cell.start + line.from, end: cell.end + line.from })) });
  }
  const row = Math.max(0, rows.findIndex((one) => place <= one.to));
  const cells = rows[row].cells;
  const column = Math.max(0, cells.findIndex((cell) => place <= cell.end));
  return { block, rows, row, column };
}

/** The cell `step` cells on (1 or -1): { from, to }; null where the table ends there. */
export function nextCell(table, step) {
  let { row } = table;
  let column = table.column + step;
  if (column < 0 || column >= table.rows[row].cells.length || row === 1) {
    row += step;
    if (row === 1) row += step;
    if (row < 0 || row >= table.rows.length) return null;
    column = step > 0 ? 0 : table.rows[row].cells.length - 1;
  }
  const cell = table.rows[row].cells[column];
  return cell && { from: cell.from, to: cell.to };
}

/** The cell below; null in the last row. */
export function cellBelow(table) {
  const row = table.row === 0 ? 2 : table.row + 1;
  const cells = table.rows[row]?.cells;
  const cell = cells && cells[Math.min(table.column, cells.length - 1)];
  return cell ? { from: cell.from, to: cell.to } : null;
}

const emptyRow = (columns) => `|${"  |".repeat(columns)}`;

/** A row below: { changes, place } where place is its first cell after the change. */
export function addRow(table) {
  const after = table.rows[Math.max(1, table.row)] ?? table.rows.at(-1);
  return { changes: [{ from: after.to, insert: `\n${emptyRow(table.block.columns)}` }], place: after.to + 3 };
}

/** A column at the right of the present one. */
export function addColumn(table) {
  const changes = table.rows.map((row, index) => {
    const cell = row.cells[Math.min(table.column, row.cells.length - 1)];
    const closed = row.text[cell.end - row.from] === "|";
    if (index === 1) return { from: cell.end, insert: closed ? "|---" : "|---|" };
    return { from: cell.end, insert: closed ? "|  " : " |  |" };
  });
  const before = changes.slice(0, table.row).reduce((sum, one) => sum + one.insert.length, 0);
  return { changes, place: changes[table.row].from + before + 2 };
}

/** The present row away; null where it is the head. */
export function removeRow(table) {
  if (table.row < 2) return null;
  const { from, to } = table.rows[table.row];
  return { changes: [{ from: from - 1, to }], place: table.rows[Math.max(0, table.row === 2 ? 0 : table.row - 1)].cells[0].from };
}

/** The present column away; null where it is the only one. */
export function removeColumn(table) {
  if (table.block.columns < 2) return null;
  const changes = [];
  for (const row of table.rows) {
    const cell = row.cells[table.column];
    if (!cell) continue;
    const closed = row.text[cell.end - row.from] === "|";
    const first = table.column === 0;
    changes.push(closed ? { from: cell.start, to: cell.end + 1 } : { from: first ? cell.start : cell.start - 1, to: cell.end });
  }
  return { changes, place: table.rows[0].from + 2 };
}

/** The whole table away. */
export const removeTable = (table) => ({ changes: [{ from: table.block.from, to: table.block.to }], place: table.block.from });
