import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { queryOf, toNamedCall } from "../../src/nats/named_call.ts";

const WITH_PARAM = [
  "(m, p) => m.page(p)",
  "((m, p) => m.page(p))",
  "(module, props) => module.page(props)",
  "(e,t)=>e.page(t)",
  "($, _) => $.page(_)",
  "( m , p , ) =>\n  m . page ( p , ) ;",
];

const WITHOUT_PARAM = ["(m) => m.page()", "m=>m.page()", "((m) => m.page())", "(m, p) => m.page()"];

const CODE = [
  "",
  "m.page(p)",
  "(m, p) => p.page(m)",
  "(m, p) => m.page(q)",
  "(m, p) => m.page(m)",
  "(m) => m.page(m)",
  "(m, m) => m.page(m)",
  "(m, p) => m.page(p, p)",
  "(m, p) => m.page(p.x)",
  "(m, p) => m.page(p) + 1",
  "(m, p) => m.pages.home(p)",
  '(m, p) => m["page"](p)',
  "(m, p) => { return m.page(p) }",
  "(m, p) => m?.page(p)",
  "async (m, p) => m.page(p)",
  "(m, p = evil()) => m.page(p)",
  "(m, {p}) => m.page(p)",
  "(m, ...p) => m.page(p)",
  "(m, p) => m.page(p); evil()",
  "(m, p) => m.page(p)); evil((",
  "(m, p) => m.pagé(p)",
  "(m, p) => m.1(p)",
  // In a time that grows with the length.
  `(m${" ".repeat(100_000)}`,
  `(m, p) => m.page(p${" ".repeat(100_000)}`,
  `(m, p) => m.page(p)${" ".repeat(100_000)}x`,
];

Deno.test("toNamedCall() recognizes the call of an export with the parameter", () => {
  for (const query of WITH_PARAM) {
    assertEquals(toNamedCall(query), { name: "page", hasParam: true }, query);
  }
});

Deno.test("toNamedCall() recognizes the call of an export without a parameter", () => {
  for (const query of WITHOUT_PARAM) {
    assertEquals(toNamedCall(query), { name: "page", hasParam: false }, query);
  }
});

Deno.test("toNamedCall() returns undefined when the query does anything else", () => {
  for (const query of CODE) assertEquals(toNamedCall(query), undefined, query.slice(0, 100));
});

Deno.test("queryOf() calls the export of any name, and nothing else", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.boolean(), (name, hasParam) => {
    const calls: unknown[][] = [];
    const module = { [name]: (...args: unknown[]) => calls.push(args) };
    const run = new Function(`return ${queryOf({ name, hasParam })}`)();
    run(module, 7);
    assertEquals(calls, [hasParam ? [7] : []]);
  }));
});
