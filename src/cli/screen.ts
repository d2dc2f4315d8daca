/** An output for messages, which may be a terminal. */
export interface Screen {
  /** Whether the output is a terminal that obeys control sequences. */
  readonly isInteractive: boolean;
  /** The width of the terminal in characters. */
  readonly columns: number;
  /** Writes text as it is. */
  write(text: string): void;
}

/** The standard error output. */
export const STDERR: Screen = {
  isInteractive: Deno.stderr.isTerminal() && !Deno.noColor,
  get columns(): number {
    // Some terminals, such as serial lines, report a width of 0.
    return Deno.consoleSize().columns || 80;
  },
  write(text) {
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  },
};

/** Moves the cursor to the start of the line and clears the line. */
const CLEAR = "\r\x1b[K";

/** A line on a terminal that is overwritten while something goes on. Disposing clears it. */
export class LiveLine implements Disposable {
  readonly #screen: Screen;

  /** Creates a line. It shows nothing unless the screen is interactive. */
  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Replaces the text of the line. */
  show(text: string): void {
    if (!this.#screen.isInteractive) return;
    // Cut off, because the terminal would wrap a longer text and CLEAR clears only one row.
    this.#screen.write(CLEAR + text.slice(0, this.#screen.columns - 1));
  }

  [Symbol.dispose](): void {
    if (this.#screen.isInteractive) this.#screen.write(CLEAR);
  }
}
