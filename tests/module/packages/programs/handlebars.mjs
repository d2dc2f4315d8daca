import Handlebars from "handlebars";

Handlebars.registerHelper("loud", (text) => text.toUpperCase());
const template = Handlebars.compile(
  "<h1>{{loud name}}</h1>{{#each items}}<li>{{this}}</li>{{/each}}",
);

export const render = () => template({ name: "<Hello>", items: [1, 2] });
