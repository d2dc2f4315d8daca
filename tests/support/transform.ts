/**
 * Runs a transformer on chunks synchronously, without a stream. Returns everything that it
 * enqueues.
 */
export function transform<I, O>(
  transformer: {
    transform(chunk: I, controller: { enqueue(output?: O): void }): void;
    flush?(controller: { enqueue(output?: O): void }): void;
  },
  chunks: Iterable<I>,
): O[] {
  const outputs: O[] = [];
  const controller = { enqueue: (output?: O) => void outputs.push(output as O) };
  for (const chunk of chunks) transformer.transform(chunk, controller);
  transformer.flush?.(controller);
  return outputs;
}

/** Cuts bytes at some positions. */
export function cutAt(bytes: Uint8Array, positions: readonly number[]): Uint8Array[] {
  const cuts = [0, ...positions.toSorted((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((end, i) => bytes.slice(cuts[i], end));
}

/** Cuts bytes into pieces of one length. */
export function cutEvery(bytes: Uint8Array, length: number): Uint8Array[] {
  return Array.from(
    { length: Math.ceil(bytes.length / length) },
    (_, i) => bytes.slice(i * length, (i + 1) * length),
  );
}
