// The script of the pages on which a text is written. Without it the page's plain field is sent as it is.
import { tables } from "curriculum:editor";
import { possible } from "./editor/editor.js";
import { startPage } from "./editor/page.js";

const form = document.querySelector("form[data-editor]");
if (form) startPage(form, tables, possible());
const suggesting = document.querySelector("form[data-suggesting]");
if (suggesting && possible()) import("./editor/suggesting.js").then(({ startSuggesting }) => startSuggesting(suggesting, tables));
