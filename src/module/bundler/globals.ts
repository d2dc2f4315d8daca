// The functions below run inside QuickJS, which gets only their source texts. So none of them can
// refer to anything outside itself.

/**
 * The source text of a module that exports replacements for common globals that JSockD's runtime
 * lacks. A bundle contains those that it uses. If the runtime does have such a global, that one is
 * used.
 *
 * The runtime has no timers, and a command ends when it has nothing left to run. So a timer without
 * a delay fires after the code that is running, and one with a delay never fires.
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
