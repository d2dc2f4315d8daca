/** How many texts a {@linkcode TextMap} keeps, and how many UTF-16 units of text in all. */
const MAX_TEXTS = 1_000;
const MAX_UNITS = 4 << 20;

/** Values by text. Forgets the oldest once it has many texts, or much text. */
export class TextMap<Value> {
  readonly #values = new Map<string, Value>();
  #units = 0;

  /** The number of texts. */
  get size(): number {
    return this.#values.size;
  }

  /** Returns the value of a text, which `create` makes if there is none. */
  get(text: string, create: () => Value): Value {
    const known = this.#values.get(text);
    if (known !== undefined) return known;
    const value = create();
    this.#values.set(text, value);
    this.#units += text.length;
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= MAX_TEXTS && this.#units <= MAX_UNITS) break;
      this.#values.delete(oldest);
      this.#units -= oldest.length;
    }
    return value;
  }
}
