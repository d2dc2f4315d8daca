import type { DownloadProgress } from "../../mod.ts";
import { LiveLine, type Screen, STDERR } from "./screen.ts";

const BAR_COLUMNS = 20;

const MEGABYTE = 1_000_000;

/** Runs a download and shows its progress on stderr. */
export async function showDownload<T>(
  download: (onProgress: (progress: DownloadProgress) => void) => Promise<T>,
): Promise<T> {
  using display = new DownloadDisplay(STDERR);
  return await download((progress) => display.show(progress));
}

/** Shows the progress of a download: as a bar on a terminal, elsewhere as a line for each tenth. */
export class DownloadDisplay implements Disposable {
  readonly #screen: Screen;
  readonly #line: LiveLine;
  #lastStep = "";

  /** Creates a display on a screen. */
  constructor(screen: Screen) {
    this.#screen = screen;
    this.#line = new LiveLine(screen);
  }

  /** Shows the progress. */
  show(progress: DownloadProgress): void {
    if (this.#screen.isInteractive) {
      this.#line.show(describeBar(progress));
      return;
    }
    const step = describeStep(progress);
    if (step === this.#lastStep) return;
    this.#lastStep = step;
    this.#screen.write(`${step}\n`);
  }

  [Symbol.dispose](): void {
    this.#line[Symbol.dispose]();
  }
}

function describeBar({ file, received, total }: DownloadProgress): string {
  const megabytes = (received / MEGABYTE).toFixed(1);
  if (total === undefined) return `${megabytes} MB  ${file}`;
  const done = Math.round(shareOf(received, total) * BAR_COLUMNS);
  const bar = "#".repeat(done).padEnd(BAR_COLUMNS, ".");
  return `[${bar}] ${megabytes} of ${(total / MEGABYTE).toFixed(1)} MB  ${file}`;
}

function describeStep({ file, received, total }: DownloadProgress): string {
  const done = total === undefined
    ? `${Math.floor(received / MEGABYTE)} MB`
    : `${Math.floor(shareOf(received, total) * 10) * 10} %`;
  return `Downloading ${file}: ${done}`;
}

/** Returns the share received, at most 1: a server may report a size that is too small. */
function shareOf(received: number, total: number): number {
  return total === 0 ? 1 : Math.min(received / total, 1);
}
