import ejs from "ejs";

const template = "<% for (const item of items) { %><li><%= item %></li><% } %>";

export const render = () => ejs.render(template, { items: ["a", "<b>"] });
