type Integers = Int32Array | Uint32Array | BigInt64Array | BigUint64Array;
type Integer = number & bigint;

/**
 * Defines `Atomics`, which QuickJS lacks when it is built without threads. No memory is shared, so
 * plain reads and writes are atomic.
 *
 * QuickJS gets the source text of this function, so it cannot refer to anything outside itself.
 */
export function installAtomics(): void {
  const { getPrototypeOf, getOwnPropertyDescriptor, defineProperty } = Object;
  const TypedArray = getPrototypeOf(Int32Array.prototype);
  const nameOf = getOwnPropertyDescriptor(TypedArray, Symbol.toStringTag)!.get!;
  const lengthOf = getOwnPropertyDescriptor(TypedArray, "length")!.get!;
  const bufferOf = getOwnPropertyDescriptor(TypedArray, "buffer")!.get!;
  const { asIntN } = BigInt;
  const { trunc } = Math;
  const { isInteger, MAX_SAFE_INTEGER } = Number;
  const Shared = SharedArrayBuffer;
  const TYPES: Record<string, new (length: number) => unknown> = {
    Int8Array,
    Uint8Array,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    BigInt64Array,
    BigUint64Array,
  };
  const WAITABLE = ["Int32Array", "BigInt64Array"];

  function place(array: Integers, index: unknown): number {
    if (TYPES[nameOf.call(array)] === undefined) throw new TypeError("integer TypedArray expected");
    const at = trunc(Number(index)) || 0;
    if (at < 0 || at > MAX_SAFE_INTEGER) throw new RangeError("invalid array index");
    if (at >= lengthOf.call(array)) throw new RangeError("out-of-bound access");
    return at;
  }

  /** Returns a value after conversion to the type of the array's elements. */
  function converted(array: Integers, value: unknown): Integer {
    const box = new TYPES[nameOf.call(array)]!(1) as Int32Array;
    box[0] = isBig(array) ? asIntN(64, value as bigint) as unknown as number : value as number;
    return box[0] as Integer;
  }

  function isBig(array: Integers): boolean {
    return nameOf.call(array).startsWith("Big");
  }

  function change(by: (old: Integer, value: Integer) => number) {
    return (array: Int32Array, index: unknown, value: unknown) => {
      const at = place(array, index);
      const operand = converted(array, value);
      const old = array[at] as Integer;
      array[at] = by(old, operand);
      return old;
    };
  }

  function checkShared(array: Integers): void {
    if (!(bufferOf.call(array) instanceof Shared)) {
      throw new TypeError("not a SharedArrayBuffer TypedArray");
    }
  }

  const functions: Record<string, readonly [length: number, (...args: never[]) => unknown]> = {
    add: [3, change((old, value) => old + value)],
    and: [3, change((old, value) => old & value)],
    or: [3, change((old, value) => old | value)],
    sub: [3, change((old, value) => old - value)],
    xor: [3, change((old, value) => old ^ value)],
    exchange: [3, change((_, value) => value)],
    compareExchange: [4, (array: Int32Array, index: unknown, expected: unknown, value: unknown) => {
      const at = place(array, index);
      const sought = converted(array, expected);
      const replacement = converted(array, value);
      const old = array[at];
      if (old === sought) array[at] = replacement;
      return old;
    }],
    load: [2, (array: Int32Array, index: unknown) => array[place(array, index)]],
    store: [3, (array: Int32Array, index: unknown, value: unknown) => {
      const at = place(array, index);
      const stored = isBig(array) ? value : trunc(Number(value)) || 0;
      array[at] = converted(array, stored);
      return stored;
    }],
    isLockFree: [1, (size: unknown) => [1, 2, 4, 8].includes(trunc(Number(size)))],
    pause: [0, (times?: unknown) => {
      if (times !== undefined && !isInteger(times)) throw new TypeError("not an integral number");
    }],
    wait: [4, (array: Int32Array, index: unknown) => {
      if (!WAITABLE.includes(nameOf.call(array))) {
        throw new TypeError("integer TypedArray expected");
      }
      checkShared(array);
      place(array, index);
      throw new TypeError("cannot block in this thread");
    }],
    notify: [3, (array: Int32Array, index: unknown) => {
      if (!WAITABLE.includes(nameOf.call(array))) {
        throw new TypeError("integer TypedArray expected");
      }
      place(array, index);
      return 0;
    }],
  };
  const Atomics = {};
  for (const [name, [length, implementation]] of Object.entries(functions)) {
    // A bound function hides its source text.
    const value = implementation.bind(undefined);
    defineProperty(value, "name", { value: name });
    defineProperty(value, "length", { value: length });
    defineProperty(Atomics, name, { value, writable: true, configurable: true });
  }
  defineProperty(Atomics, Symbol.toStringTag, { value: "Atomics", configurable: true });
  defineProperty(globalThis, "Atomics", { value: Atomics, writable: true, configurable: true });
  for (const name of ["Promise", "WeakRef", "FinalizationRegistry"]) {
    // In a QuickJS that has Atomics, these globals come after it.
    const descriptor = getOwnPropertyDescriptor(globalThis, name)!;
    Reflect.deleteProperty(globalThis, name);
    defineProperty(globalThis, name, descriptor);
  }
}
