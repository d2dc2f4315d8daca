import Mustache from "mustache";

export const render = () =>
  Mustache.render("<h1>{{name}}</h1>{{#items}}<li>{{.}}</li>{{/items}}{{^none}}none{{/none}}", {
    name: "<Hello>",
    items: [1, 2],
  });
