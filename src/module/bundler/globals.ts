// What is below the constant runs inside QuickJS, which gets its source text: each function can
// refer to nothing outside itself.

/**
 * The globals that programs expect everywhere and JSockD's runtime lacks, as the text of a module.
 * A bundle has those that it uses, in place of the globals; if the runtime has one after all, that
 * is used.
 *
 * The runtime cannot wait: a command is over when nothing is left to do. So a timer without delay
 * runs after what is at hand, and one with a delay never does.
 */
export const GLOBALS_MODULE: string = Object.entries({
  setTimeout: makeSetTimeout,
  clearTimeout: makeClearTimeout,
  queueMicrotask: makeQueueMicrotask,
  MessageChannel: makeMessageChannel,
}).map(([name, make]) =>
  `export const ${name} = /* @__PURE__ */ (() => globalThis.${name} ?? (${make})())();\n`
).join("");

interface Timer {
  isCleared: boolean;
}

function makeSetTimeout() {
  return (callback: (...args: unknown[]) => void, delay: number, ...args: unknown[]): Timer => {
    const timer = { isCleared: false };
    if (!(delay > 0)) {
      Promise.resolve().then(() => {
        if (!timer.isCleared) callback(...args);
      });
    }
    return timer;
  };
}

function makeClearTimeout() {
  return (timer: Timer | undefined): void => {
    if (timer !== undefined) timer.isCleared = true;
  };
}

function makeQueueMicrotask() {
  return (callback: () => void): void => {
    Promise.resolve().then(callback);
  };
}

function makeMessageChannel() {
  class MessagePort {
    onmessage: ((event: { data: unknown }) => void) | undefined;
    other: MessagePort | undefined;

    postMessage(data: unknown): void {
      Promise.resolve().then(() => this.other?.onmessage?.({ data }));
    }

    close(): void {
      this.other = undefined;
    }
  }

  return class MessageChannel {
    readonly port1 = new MessagePort();
    readonly port2 = new MessagePort();

    constructor() {
      this.port1.other = this.port2;
      this.port2.other = this.port1;
    }
  };
}
