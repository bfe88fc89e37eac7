// Hides how an attribute of a part stands in its heading.
function without(at, group, found) {
  const before = group[found.index - 1] === " ";
  const end = found.index + found[0].length;
  return { from: at + found.index - (before ? 1 : 0), to: at + end + (!before && group[end] === " " ? 1 : 0), insert: "" };
}

/** Writes one attribute of a part into its heading, or takes it away where the value is "": all else stays, or the braces are added. */
export function attributeChange(block, line, name, value) {
  const group = block.attributesAt < 0 ? "" : line.slice(block.attributesAt - block.from);
  const found = new RegExp(`(?<=[\\s{])(${name}=)("[^"\\n]*"|[^\\s"{}]+)`).exec(group);
  const at = block.attributesAt;
  if (found && value) return { from: at + found.index + found[1].length, to: at + found.index + found[0].length, insert: value };
  if (found) {
    const alone = new RegExp(`^ *\\{ *${name}=("[^"\\n]*"|[^\\s{}]+) *\\} *$`).test(group);
    return alone ? { from: at, to: block.to, insert: "" } : without(at, group, found);
  }
  if (!value) return null;
  if (group) return { from: at + group.lastIndexOf("}"), to: at + group.lastIndexOf("}"), insert: ` ${name}=${value}` };
  return { from: block.to, to: block.to, insert: ` {${name}=${value}}` };
}
