import { assertStringIncludes, assertThrows } from "@std/assert";
import { checkProps } from "../../src/fresh/props.ts";

Deno.test("props of JSON are accepted", () => {
  const shared = { b: 1 };
  checkProps({
    text: "x",
    list: [1, null, shared],
    object: { a: true, shared },
    no: undefined,
  });
});

const CYCLE: unknown[] = [];
CYCLE.push(CYCLE);

const REFUSED: Readonly<Record<string, unknown>> = {
  "a value of type function": () => 1,
  "a value of type bigint": 1n,
  "a value of type undefined": [undefined],
  "an object of class Date": { deep: [new Date(0)] },
  "an object of class Map": new Map(),
  "a cycle": CYCLE,
  "NaN": NaN,
};

for (const [problem, value] of Object.entries(REFUSED)) {
  Deno.test(`props are refused with ${problem}`, () => {
    const { message } = assertThrows(() => checkProps({ value }), TypeError);
    assertStringIncludes(message, `its prop 'value' has ${problem}`);
  });
}

Deno.test("children are refused", () => {
  assertThrows(() => checkProps({ children: "x" }), TypeError, "'children'");
});
