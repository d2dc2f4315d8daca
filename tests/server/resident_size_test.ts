import { assertEquals } from "@std/assert";
import { parsePs, sizeOfTree } from "../../src/server/resident_size.ts";

const TEXT = `  PID  PPID   RSS
    1     0  1000
   20     1    10
   21    20     5
  300    21     2
   22     1    70
`;

Deno.test("parsePs() reads the processes, without the heading", () => {
  assertEquals(parsePs(TEXT)[1], { pid: 20, parent: 1, bytes: 10_240 });
  assertEquals(parsePs(TEXT).length, 5);
});

Deno.test("sizeOfTree() adds the sizes of a process and of all below it", () => {
  assertEquals(sizeOfTree(parsePs(TEXT), 20), 17 * 1024);
  assertEquals(sizeOfTree(parsePs(TEXT), 22), 70 * 1024);
});

Deno.test("sizeOfTree() returns 0 when there is no such process", () => {
  assertEquals(sizeOfTree(parsePs(TEXT), 99), 0);
});
