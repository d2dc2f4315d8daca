/** A book of the shop. */
export interface Book {
  id: number;
  title: string;
  author: string;
  /** The hue of its cover, in degrees. */
  hue: number;
}

/** A review by a reader. */
export interface Review {
  id: number;
  author: string;
  text: string;
}

/** What pages can ask for, and what they get. */
export interface Data {
  books: Book[];
  reviews: Review[];
  pick: Book;
  archive: string[];
  stock: number;
}

/** How a page loads data. */
export type Load = <Name extends keyof Data>(name: Name) => Promise<Data[Name]>;

const BOOKS: Book[] = [
  { id: 1, title: "Middlemarch", author: "George Eliot", hue: 265 },
  { id: 2, title: "Moby-Dick", author: "Herman Melville", hue: 205 },
  { id: 3, title: "Frankenstein", author: "Mary Shelley", hue: 145 },
  { id: 4, title: "Emma", author: "Jane Austen", hue: 20 },
];

const LOADERS: { [Name in keyof Data]: () => Promise<Data[Name]> } = {
  books: () => after(5, BOOKS),
  reviews: () =>
    after(5, [
      { id: 1, author: "Ada", text: "I read it twice." },
      { id: 2, author: "Grace", text: "Short & sweet." },
    ]),
  pick: () => after(400, BOOKS[2]!),
  archive: () => after(1_200, ["The Moonstone, 1868", "Villette, 1853", "Erewhon, 1872"]),
  stock: () => Promise.reject(new Error("The stockroom does not answer")),
};

/** Loads data for a page. Stands for a database, parts of which are slow, or down. */
export const loadData: Load = (name) => LOADERS[name]();

function after<T>(milliseconds: number, value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, value));
}
