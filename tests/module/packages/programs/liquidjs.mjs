// The other builds have `for (… of yield …)`, which older versions of QuickJS cannot compile.
import liquid from "liquidjs/dist/liquid.browser.umd.js";

const engine = new liquid.Liquid({ outputEscape: "escape" });

export const render = () =>
  engine.parseAndRender(
    "<h1>{{ name | upcase }}</h1>{% for i in (1..3) %}<li>{{ i }}</li>{% endfor %}",
    {
      name: "<hello>",
    },
  );
