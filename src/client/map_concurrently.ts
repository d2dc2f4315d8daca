/**
 * Maps values with an asynchronous function, with at most `limit` calls at a time. Resolves to the
 * results in the order of the values. Rejects with the first failure; after it, no further value is
 * taken and no call is started.
 */
export async function mapConcurrently<T, R>(
  values: Iterable<T>,
  limit: number,
  map: (value: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const entries = Iterator.from(values);
  let next = 0;
  let finished = false;
  const lane = async () => {
    while (!finished) {
      const { done, value } = entries.next();
      if (done) {
        finished = true;
      } else {
        const index = next++;
        results[index] = await map(value);
      }
    }
  };
  const lanes: Promise<void>[] = [];
  while (lanes.length < limit && !finished) lanes.push(lane());
  try {
    await Promise.all(lanes);
  } catch (error) {
    finished = true;
    entries.return?.();
    throw error;
  }
  return results;
}
