// Guest code: only its source text is sent, so it must not refer to anything outside itself.

/**
 * A message of the wrapper, after the marker: text to send on, questions with their numbers, and
 * whether nothing can run until a question is answered.
 */
export type StreamMessage = readonly [
  text: string,
  questions: readonly (readonly [number: number, message: unknown])[],
  stuck: boolean,
];

/** The answer to a question. Either it has a value, or an error. */
export interface StreamAnswer {
  readonly number: number;
  readonly value?: unknown;
  readonly error?: string;
}

/**
 * Wraps the function of a query. Sends the chunks of its result in messages that begin with the
 * marker. The command's own result is the rest of the text.
 *
 * A message blocks the thread, and there are no timers. So questions of the function wait until
 * nothing else can run. Then one message asks all of them, and blocks until one is answered.
 */
export function streamResult(
  callee: (module: unknown, param: unknown, ask: (message: unknown) => Promise<unknown>) => unknown,
) {
  /** How many microtasks a promise may need to settle without an answer. */
  const MAX_TICKS = 500;
  /** Text is sent when there is so much of it, if not before. */
  const BATCH_LENGTH = 32_768;
  /** For how long text is collected, in milliseconds. */
  const BATCH_MS = 5;

  return async (module: unknown, [param, marker]: readonly [unknown, string]): Promise<string> => {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    /** The text to send next. */
    let text = "";
    /** The first half of a surrogate pair, which cannot be sent alone. */
    let half = "";
    let sentAt = -Infinity;
    let unsent: [number, unknown][] = [];
    const unanswered = new Map<number, PromiseWithResolvers<unknown>>();
    let asked = 0;
    let wake = () => {};

    const iterator = iterate(await settled(callee(module, param, ask)));
    let done = false;
    try {
      while (true) {
        const step = await settled(iterator.next()) as IteratorResult<unknown>;
        if (step.done) break;
        add(step.value);
        const isDue = text.length >= BATCH_LENGTH || Date.now() - sentAt >= BATCH_MS;
        if (isDue && text !== "") send(false);
      }
      done = true;
    } finally {
      if (!done) await cancel();
    }
    add(decoder.decode(new Uint8Array()));
    return text + half;

    function ask(message: unknown): Promise<unknown> {
      const answer = Promise.withResolvers<unknown>();
      unanswered.set(asked, answer);
      unsent.push([asked++, message]);
      wake();
      return answer.promise;
    }

    /** Waits for a value. Sends text and questions when it does not come without them. */
    async function settled(value: unknown): Promise<unknown> {
      const watched = watch(value);
      while (!await watched.settles()) {
        if (text !== "" || unanswered.size > 0) {
          send(unanswered.size > 0);
        } else {
          await new Promise<void>((resolve) => wake = resolve);
        }
      }
      return await value;
    }

    /** Lets other code run until a promise is settled, unless that needs an answer. */
    function watch(value: unknown): { settles(): Promise<boolean> } {
      let isSettled = false;
      const settle = () => {
        isSettled = true;
        wake();
      };
      Promise.resolve(value).then(settle, settle);
      return {
        async settles() {
          for (let tick = 0; !isSettled && tick < MAX_TICKS; tick++) await null;
          return isSettled;
        },
      };
    }

    function send(stuck: boolean): void {
      const message = [marker, text, unsent, stuck];
      text = "";
      unsent = [];
      let answers = JSockD.sendMessage<StreamAnswer[] | null>(message);
      sentAt = Date.now();
      if (answers === null) answers = receivePieces();
      for (const { number, value, error } of answers) {
        const { resolve, reject } = unanswered.get(number)!;
        unanswered.delete(number);
        if (error === undefined) resolve(value);
        else reject(new Error(error));
      }
    }

    /** Receives answers that are too large for one message. */
    function receivePieces(): StreamAnswer[] {
      const pieces: string[] = [];
      while (true) {
        const piece = JSockD.sendMessage<string | null>([marker, pieces.length]);
        if (piece === null) return JSON.parse(pieces.join(""));
        pieces.push(piece);
      }
    }

    function add(chunk: unknown): void {
      let added = half;
      if (typeof chunk === "string") added += decoder.decode(new Uint8Array()) + chunk;
      else if (ArrayBuffer.isView(chunk)) added += decoder.decode(chunk, { stream: true });
      else throw new TypeError(`Cannot stream ${String(chunk)}: a chunk must be text or bytes`);
      const end = added.length - (/[\ud800-\udbff]$/.test(added) ? 1 : 0);
      half = added.slice(end);
      text += added.slice(0, end);
    }

    /** Tells the source that nothing more is wanted. What it says to that does not matter. */
    async function cancel(): Promise<void> {
      try {
        await watch(iterator.return?.()).settles();
      } catch {
        // It threw.
      }
    }
  };

  // deno-lint-ignore no-explicit-any -- it may be anything
  function iterate(source: any): { next(): unknown; return?(): unknown } {
    if (typeof source === "string" || ArrayBuffer.isView(source)) return [source].values();
    if (typeof source?.getReader === "function") {
      const reader = source.getReader();
      return { next: () => reader.read(), return: () => reader.cancel() };
    }
    const iterate = source?.[Symbol.asyncIterator] ?? source?.[Symbol.iterator];
    if (typeof iterate === "function") return iterate.call(source);
    throw new TypeError(
      `Cannot stream ${String(source)}: expected a ReadableStream, an iterable, text or bytes`,
    );
  }
}

declare const JSockD: { sendMessage<Answer>(message: unknown): Answer };
