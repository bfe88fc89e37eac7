// Reads the names of scripts, one a line, and prints as JSON every name in them that nobody made, and every one that nobody uses:
// file, line, what is amiss, the name. Bundling finds neither.
import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { parse } from "acorn";
import { analyze } from "eslint-scope";

const language = runInNewContext("Object.getOwnPropertyNames(globalThis)");
/** What scripts may take from where they run, by the folder that they stand in. */
const around = {
  curriculum_studio: `BroadcastChannel CSS CSSStyleSheet DOMParser Document Event FormData MessageChannel Node NodeFilter Response
    DataTransfer File Image ResizeObserver TextDecoder TextEncoder URL URLSearchParams WebSocket addEventListener caches clearInterval clearTimeout
    console crypto document fetch getComputedStyle getSelection history indexedDB innerHeight innerWidth localStorage
    location matchMedia navigator performance requestAnimationFrame scrollX scrollY self sessionStorage setInterval
    setTimeout window`,
  node: "Buffer URLSearchParams WebSocket console crypto fetch performance process setTimeout",
};

/** The names that a module gives to others. */
const given = (program) => {
  const names = new Set();
  for (const { type, declaration } of program.body) {
    if (!type.startsWith("Export") || !declaration) continue;
    for (const one of declaration.declarations ?? [declaration]) names.add(one.id);
  }
  return names;
};

/** Whether a name is made and never asked for. A parameter may stand before one that is used. */
const idle = (variable, scope, exported) => {
  const [definition] = variable.defs;
  if (!definition || variable.references.some((one) => one.isRead())) return false;
  if (definition.type === "FunctionName" && scope.type === "function-expression-name") return false;
  if (definition.type === "ClassName" && scope.type === "class") return false;
  if (definition.type === "Parameter") {
    const later = scope.variables.filter((one) => one.defs[0]?.type === "Parameter" && one.defs[0].index > definition.index);
    return !later.some((one) => one.references.some((each) => each.isRead()));
  }
  return !exported.has(definition.node.id ?? definition.name);
};

const found = [];
for (const file of readFileSync(0, "utf-8").trim().split("\n")) {
  const program = parse(readFileSync(file, "utf-8"), { ecmaVersion: "latest", sourceType: "module", ranges: true, locations: true, allowHashBang: true });
  const scopes = analyze(program, { ecmaVersion: 2024, sourceType: "module" });
  const known = new Set([...language, ...around[/\bcurriculum_studio\/.*\.js$/.test(file) ? "curriculum_studio" : "node"].split(/\s+/)]);
  for (const { identifier } of scopes.globalScope.through) {
    if (!known.has(identifier.name)) found.push([file, identifier.loc.start.line, "nobody made", identifier.name]);
  }
  const exported = given(program);
  for (const scope of scopes.scopes) {
    for (const variable of scope.variables) {
      if (idle(variable, scope, exported)) found.push([file, variable.identifiers[0].loc.start.line, "nobody uses", variable.name]);
    }
  }
}
console.log(JSON.stringify(found));
