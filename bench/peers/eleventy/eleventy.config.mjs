// Eleventy with KaTeX rendered at build time; Markdown is not run through a template language first.
import katexModule from "@vscode/markdown-it-katex";

const katex = katexModule.default ?? katexModule;

export default function (config) {
  config.amendLibrary("md", (markdown) => markdown.use(katex, { output: "htmlAndMathml", throwOnError: true }));
  return {
    dir: { input: "content", includes: "../_includes", output: "public" },
    markdownTemplateEngine: false,
    htmlTemplateEngine: "liquid",
  };
}
