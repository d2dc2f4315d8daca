/** How many texts a {@linkcode TextMap} keeps, and how many UTF-16 units of text in all. */
const MAX_TEXTS = 1_000;
const MAX_UNITS = 4 << 20;

/** Values made from texts, by text. Forgets the oldest once it has many texts, or much text. */
export class TextMap<Value> {
  readonly #create: (text: string) => Value;
  readonly #values = new Map<string, Value>();
  #units = 0;

  /** Creates a map without texts; `create` makes the value of a new one. */
  constructor(create: (text: string) => Value) {
    this.#create = create;
  }

  /** The number of texts. */
  get size(): number {
    return this.#values.size;
  }

  /** Returns the value of a text. If it cannot be made, throws, and keeps nothing. */
  get(text: string): Value {
    const known = this.#values.get(text);
    if (known !== undefined) return known;
    const value = this.#create(text);
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
