import { marked } from "marked";

export const render = () => marked.parse("# Hello *you*\n\n- a `b`\n\n| x |\n|---|\n| 1 |\n");
