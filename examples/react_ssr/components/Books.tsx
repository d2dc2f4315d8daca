import type { ReactNode } from "react";
import type { Book } from "../data.ts";

/** A shelf of books. It is not interactive, so the browser loads no JavaScript for it. */
export function Books({ books }: { books: Book[] }): ReactNode {
  return (
    <ul className="books">
      {books.map((book) => (
        <li key={book.id}>
          <Cover book={book} />
        </li>
      ))}
    </ul>
  );
}

/** A book's cover, drawn with CSS. */
export function Cover({ book: { title, author, hue } }: { book: Book }): ReactNode {
  return (
    <article className="cover" style={{ "--hue": hue } as object}>
      <h3>{title}</h3>
      <p>{author}</p>
    </article>
  );
}
