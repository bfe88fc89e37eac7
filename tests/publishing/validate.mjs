// Reads the names of pages, one a line, and prints as JSON what html-validate's standard rules say of them.
import { readFileSync } from "node:fs";
import { HtmlValidate, StaticConfigLoader } from "html-validate";

const validator = new HtmlValidate(new StaticConfigLoader({ root: true, extends: ["html-validate:standard"] }));
const found = [];
for (const file of readFileSync(0, "utf-8").trim().split("\n")) {
  const report = await validator.validateString(readFileSync(file, "utf-8"), file);
  for (const { messages } of report.results) for (const m of messages) found.push([file, m.line, m.ruleId, m.message]);
}
console.log(JSON.stringify(found));
