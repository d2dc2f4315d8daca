import type { Screen } from "../../src/cli/screen.ts";

/** Creates a screen of 40 columns that records what is written. */
export function screen(isInteractive: boolean): Screen & { readonly text: string } {
  let text = "";
  return {
    isInteractive,
    columns: 40,
    get text(): string {
      return text;
    },
    write: (more) => void (text += more),
  };
}
