/** Where a person may be watching. */
export interface Screen {
  /** Whether lines can be written over, with the terminal's control sequences. */
  readonly isInteractive: boolean;
  /** Characters of a line, if it is interactive. */
  readonly columns: number;
  /** Writes text as it is. */
  write(text: string): void;
}

/** The terminal, file or pipe that messages go to; results go to stdout. */
export const STDERR: Screen = {
  isInteractive: Deno.stderr.isTerminal() && !Deno.noColor,
  get columns(): number {
    // Some terminals, such as serial lines, do not know their size.
    return Deno.consoleSize().columns || 80;
  },
  write(text) {
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  },
};

/** To the start of the line, and clear what is on it. */
const CLEAR = "\r\x1b[K";

/** A line that is written over while something goes on, and is gone when it is disposed. */
export class LiveLine implements Disposable {
  readonly #screen: Screen;

  /** Makes one; it shows nothing unless somebody is watching. */
  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Shows text in place of what was there. */
  show(text: string): void {
    if (!this.#screen.isInteractive) return;
    // A terminal that breaks a line makes two of it, of which only the last would be cleared.
    this.#screen.write(CLEAR + text.slice(0, this.#screen.columns - 1));
  }

  [Symbol.dispose](): void {
    if (this.#screen.isInteractive) this.#screen.write(CLEAR);
  }
}
