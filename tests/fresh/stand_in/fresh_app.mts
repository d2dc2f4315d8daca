/**
 * Stands in for Fresh, which is not in the npm registry: `App`, file routes of one page, and
 * comments around islands as Fresh writes them.
 */
import { type ComponentType, Fragment, h, options, type VNode } from "preact";
import { renderToString } from "preact-render-to-string";

interface Context {
  state: Record<string, unknown>;
  info: Deno.ServeHandlerInfo;
  next(): Promise<Response>;
}

type Middleware = (ctx: Context) => Response | Promise<Response>;

const islands = new Map<unknown, string>();
let marking: unknown;

const before = options.vnode;
options.vnode = (vnode: VNode) => {
  const { type } = vnode;
  const name = islands.get(type);
  if (name !== undefined && marking !== type) {
    vnode.type = (props: object) => {
      marking = type;
      const inner = h(type as ComponentType, props);
      marking = undefined;
      const close = comment("/frsh:island");
      return h(Fragment, null, comment(`frsh:island:${name}:0:`), inner, close);
    };
  }
  before?.(vnode);
};

function comment(text: string) {
  return h(Fragment, { UNSTABLE_comment: text } as Record<string, unknown>);
}

export class App {
  readonly #middlewares: Middleware[] = [];

  use(middleware: Middleware): this {
    this.#middlewares.push(middleware);
    return this;
  }

  fsRoutes(): this {
    return this.use(async () => {
      for await (const { name } of Deno.readDir("islands")) {
        const exports = await import(`file://${Deno.cwd()}/islands/${name}`);
        for (const value of Object.values(exports)) islands.set(value, name);
      }
      const { default: page } = await import(`file://${Deno.cwd()}/routes/index.tsx`);
      const html =
        `<!DOCTYPE html><link rel="icon" href="data:,">${renderToString(h(page, null))}` +
        `<script type="module" src="/hydrate.js"></script>`;
      return new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
    });
  }

  handler(): Deno.ServeHandler {
    return (_, info) => {
      const state = {};
      const call = (index: number): Promise<Response> =>
        Promise.resolve(
          this.#middlewares[index]!({ state, info, next: () => call(index + 1) }),
        );
      return call(0);
    };
  }
}

export function staticFiles(): Middleware {
  return (ctx) => ctx.next();
}
