/// <reference lib="dom" />
import type { Frame, Outcome, Place, Problem, Times } from "../wire.ts";
import { byId, create } from "./dom.ts";

/** The preview may not load or run anything, even if somebody opens it elsewhere. */
const PREVIEW_POLICY = "<!doctype html><meta http-equiv='content-security-policy' content=\"" +
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:\">";

const BADGES: Readonly<Record<Outcome["status"], string>> = {
  result: "result",
  exception: "exception",
  error: "error",
};

/** Shows that a program is running. */
export function showRunning(server: string): void {
  for (const id of ["badge", "times", "preview", "trace", "value"]) byId(id).hidden = true;
  byId("outcome").replaceChildren(create("p", { className: "muted" }, `Running on ${server} …`));
}

/**
 * Shows how a program ended.
 *
 * @param onPlace Called when the user chooses a position in the code.
 */
export function showOutcome(
  outcome: Outcome,
  server: string,
  onPlace: (place: Place) => void,
): void {
  const { status, text, html, trace, problems = [], times } = outcome;
  const badge = byId("badge");
  badge.className = `badge ${status}`;
  badge.textContent = `${BADGES[status]} · ${server}`;
  badge.hidden = false;
  byId("outcome").replaceChildren(
    status === "result"
      ? create("p", {}, `The program ended on ${server}.`)
      : create("p", { className: "message" }, text),
  );
  showTimes(times);
  showPreview(html);
  showPlaces(trace?.map(fromFrame) ?? problems.map(fromProblem), onPlace);
  byId("value").hidden = status !== "result";
  byId("value").querySelector("pre")!.textContent = status === "result" ? text : "";
}

function showTimes(times: Times | undefined): void {
  const section = byId("times");
  section.hidden = times === undefined;
  if (times === undefined) return;
  const { waited, ran } = times;
  byId("waited").textContent = formatMs(waited);
  byId("ran").textContent = ran === null ? "did not begin" : formatMs(ran);
  const [waitedBar, ranBar] = section.querySelectorAll<HTMLElement>(".bar i");
  waitedBar!.style.flexGrow = String(waited);
  ranBar!.style.flexGrow = String(ran ?? 0);
}

/** Each result gets a frame of its own, so that nothing of the one before is left. */
function showPreview(html: string | undefined): void {
  const section = byId("preview");
  section.hidden = html === undefined;
  section.querySelector("iframe")?.remove();
  if (html === undefined) return;
  const frame = create("iframe", {
    title: "Preview of the result's HTML",
    srcdoc: PREVIEW_POLICY + html,
  });
  frame.setAttribute("sandbox", "");
  section.append(frame);
}

/** A line of a stack trace, or of a list of errors. */
interface Line {
  readonly text: string;
  readonly place: Place | null;
}

function fromFrame({ functionName, place }: Frame): Line {
  return { text: functionName, place };
}

function fromProblem({ text, place }: Problem): Line {
  return { text, place };
}

function showPlaces(lines: readonly Line[], onPlace: (place: Place) => void): void {
  const section = byId("trace");
  section.hidden = lines.length === 0;
  section.querySelector("ol")!.replaceChildren(...lines.map(({ text, place }) => {
    if (place === null) {
      return create("li", { className: "muted" }, `${text} (not in this program)`);
    }
    const button = create("button", { type: "button" }, `line ${place.line}:${place.column}`);
    button.onclick = () => onPlace(place);
    return create("li", {}, create("span", {}, text), button);
  }));
}

function formatMs(milliseconds: number): string {
  const digits = milliseconds < 10 ? 2 : milliseconds < 100 ? 1 : 0;
  return `${milliseconds.toFixed(digits)} ms`;
}
