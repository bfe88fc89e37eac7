// Hides that the editor's own styles are adopted by the document: the page's policy allows no style element.
import { StyleModule } from "style-mod";

const adopted = new WeakMap();

/** Whether this browser can take styles so; where it cannot, the plain field stays. */
export const canAdopt = () => "adoptedStyleSheets" in Document.prototype && typeof CSSStyleSheet === "function" && "replaceSync" in CSSStyleSheet.prototype;

StyleModule.mount = (root, modules) => {
  const holder = root.adoptedStyleSheets ? root : root.ownerDocument || document;
  let own = adopted.get(holder);
  if (!own) adopted.set(holder, (own = { sheet: new CSSStyleSheet(), modules: [] }));
  const fresh = (Array.isArray(modules) ? modules : [modules]).filter((one) => !own.modules.includes(one));
  if (fresh.length) {
    own.modules = [...fresh, ...own.modules];
    own.sheet.replaceSync(own.modules.map((one) => one.getRules()).join("\n"));
  }
  if (!holder.adoptedStyleSheets.includes(own.sheet)) holder.adoptedStyleSheets = [own.sheet, ...holder.adoptedStyleSheets];
};
