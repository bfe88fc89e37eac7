// Hides the search within a text: CodeMirror's own, in the studio's words.
import { search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { keymap } from "@codemirror/view";

const words = {
  next: "Next", previous: "Previous", all: "Choose all", "match case": "Capitals as typed", "by word": "Whole words", Replace: "Replace with",
  replace: "Replace", "replace all": "Replace all", close: "Close the search",
};

/** Finding and replacing, for any editor of a text. */
export const finding = [search({ top: true }), keymap.of(searchKeymap), EditorState.phrases.of(words)];
