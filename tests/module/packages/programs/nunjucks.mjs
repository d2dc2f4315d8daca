import nunjucks from "nunjucks";

const environment = new nunjucks.Environment(null, { autoescape: true });

export const render = () =>
  environment.renderString(
    "<h1>{{ name | upper }}</h1>{% for i in items %}<li>{{ i }}</li>{% endfor %}",
    {
      name: "<hello>",
      items: [1, 2],
    },
  );
