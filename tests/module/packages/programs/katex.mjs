import katex from "katex";

export const render = () => katex.renderToString("x^2", { output: "mathml" });
