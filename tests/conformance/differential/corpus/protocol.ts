import { type Program, programsOf } from "../program.ts";
import { linesOf } from "./lines.ts";

const parameters = linesOf("parameters");
const answers = linesOf("answers");

const DESCRIBE_PARAMETER =
  `(_, p) => [typeof p, String(p), Object.is(p, -0), Object.keys(Object(p)),
  Object.getPrototypeOf(Object(p)) === Object.prototype]`;
const DESCRIBE_ANSWER =
  `() => { const a = JSockD.sendMessage("q"); return [typeof a, a, Object.keys(Object(a))]; }`;
const CATCH_ANSWER =
  `() => { try { return JSockD.sendMessage("q") ?? "null"; } catch (e) { return [e.name, e.message, e.stack]; } }`;
const MAP_ANSWER = `() => [1].map(function each() { return JSockD.sendMessage("q"); })`;

/** Commands that send more than one message. */
const DIALOGUES: readonly Omit<Program, "kind">[] = [
  { query: `() => [JSockD.sendMessage(1), JSockD.sendMessage(2)]`, answers: ["10", "20"] },
  { query: `() => JSockD.sendMessage(JSockD.sendMessage(1))`, answers: [`{"a":1}`, `"end"`] },
  { query: `() => { throw JSockD.sendMessage(1); }`, answers: [`{"a":1}`] },
  {
    query: `() => JSON.parse("[1,2]", (k, v) => k ? JSockD.sendMessage(v) : v)`,
    answers: ["3", "4"],
  },
  {
    query: `() => { let n = 0; while (JSockD.sendMessage(n) !== null) n++; return n; }`,
    answers: ["1", "2", "3"],
  },
  ...["internal_error", "bad"].map((answer) => ({
    query:
      `() => { try { JSockD.sendMessage(1); } catch (e) { return [e.message, JSockD.sendMessage(2)]; } }`,
    answers: [answer, "20"],
  })),
];

/** What the server makes of fields as such: queries, parameters, answers. */
export const PROTOCOL: readonly Program[] = [
  ...programsOf("parameter", parameters.map((param) => ({ query: "(_, p) => p", param }))),
  ...programsOf(
    "parameter described",
    parameters.map((param) => ({ query: DESCRIBE_PARAMETER, param })),
  ),
  ...programsOf("query", linesOf("queries")),
  ...programsOf("query again", linesOf("queries")),
  ...programsOf("result", linesOf("results")),
  ...programsOf(
    "answer",
    [DESCRIBE_ANSWER, CATCH_ANSWER, MAP_ANSWER].flatMap((query) =>
      answers.map((answer) => ({ query, answers: [answer] }))
    ),
  ),
  ...programsOf("message", linesOf("messages")),
  ...programsOf("dialogue", DIALOGUES),
];
