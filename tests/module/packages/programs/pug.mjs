import template from "./compiled/page.pug.mjs";

export const render = () => template({ name: "<Pug>", kind: ["a", "b"] });
