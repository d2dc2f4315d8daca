import hljs from "highlight.js/lib/core";
import javascript from "highlight.js/lib/languages/javascript";

hljs.registerLanguage("javascript", javascript);

export const render = () => hljs.highlight("const a = 1; // one", { language: "javascript" }).value;
