// Builds what the browser gets: styles and scripts bundled and made small, fonts beside them. Fixed names; the
// publisher gives its own copies names made from their bytes.
import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "..", "web", "static", "dist");
const python = process.env.PYTHON || "python3";

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });

// The styles that formulas need are written beside the code that makes the formulas.
const mathCss = execFileSync(python, ["-c", "from curriculum_studio.formats.math import MATH_CSS; print(MATH_CSS)"], {
  cwd: join(here, "..", ".."),
  encoding: "utf-8",
});

// What the editor knows of the format is written by the program that reads the format.
const editorTables = execFileSync(python, ["-c", "from curriculum_studio.formats.editor import tables; print(tables())"], {
  cwd: join(here, "..", ".."), encoding: "utf-8",
});
const editorModule = {
  name: "editor-tables",
  setup(builder) {
    builder.onResolve({ filter: /^curriculum:editor$/ }, () => ({ path: "editor", namespace: "curriculum" }));
    builder.onLoad({ filter: /.*/, namespace: "curriculum" }, () => ({ contents: `export const tables = JSON.parse(${JSON.stringify(editorTables.trim())});`, loader: "js" }));
  },
};

const targets = ["chrome109", "firefox115", "safari16"];
for (const name of ["site", "studio", "paper", "editor"]) {
  const source = join(here, `${name}.css`);
  if (!existsSync(source)) continue;
  const result = await build({
    stdin: { contents: readFileSync(source, "utf-8") + (name === "paper" || name === "editor" ? "" : mathCss) + (name === "site" ? readFileSync(join(here, "practice.css"), "utf-8") + readFileSync(join(here, "offline.css"), "utf-8") : ""), loader: "css", resolveDir: here },
    bundle: true, minify: true, write: false, external: ["*.woff2"], target: targets,
  });
  writeFileSync(join(dist, `${name}.css`), result.outputFiles[0].contents);
}
for (const name of ["search", "switch", "studio", "practice", "offline", "worker", "teaching_worker"]) {
  const source = join(here, `${name}.js`);
  if (!existsSync(source)) continue;
  await build({
    entryPoints: [source], bundle: true, minify: true, format: "iife", legalComments: "none",
    outfile: join(dist, `${name}.js`), target: targets,
  });
}
// The editor comes in pieces: what it needs to stand first. Pages name the pieces that the first one needs, so that a browser
// asks for all of them at once.
const pieces = await build({
  entryPoints: [join(here, "editor.js")], bundle: true, minify: true, format: "esm", splitting: true, legalComments: "none",
  plugins: [editorModule], outdir: dist, chunkNames: "editor-[hash]", target: targets, metafile: true,
});
const built = new Map(Object.entries(pieces.metafile.outputs).map(([path, one]) => [basename(path), one]));
const first = new Set();
const follow = (name) => {
  for (const one of built.get(name).imports) {
    const next = basename(one.path);
    if (one.kind === "import-statement" && !first.has(next)) {
      first.add(next);
      follow(next);
    }
  }
};
follow("editor.js");
writeFileSync(join(dist, "editor.json"), JSON.stringify([...first]));
cpSync(join(here, "..", "..", "node_modules", "htmx.org", "dist", "htmx.min.js"), join(dist, "htmx.js"));
cpSync(join(here, "icon.svg"), join(dist, "icon.svg"));
for (const name of readdirSync(join(here, "fonts"))) cpSync(join(here, "fonts", name), join(dist, name));

// Scripts and styles go over the wire small: beside each stands what a browser may be sent instead.
for (const name of readdirSync(dist)) {
  if (!/\.(?:js|css|svg)$/.test(name)) continue;
  const whole = readFileSync(join(dist, name));
  writeFileSync(join(dist, `${name}.gz`), gzipSync(whole, { level: 9 }));
  writeFileSync(join(dist, `${name}.br`), brotliCompressSync(whole));
}
