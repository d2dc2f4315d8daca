import type { ReactNode } from "react";

/** What a reader wrote. */
export interface Review {
  id: number;
  author: string;
  text: string;
}

/** A list that never changes in the browser, which gets no JavaScript for it. */
export function Reviews({ reviews }: { reviews: Review[] }): ReactNode {
  return (
    <ul>
      {reviews.map(({ id, author, text }) => (
        <li key={id}>
          <strong>{author}</strong>: {text}
        </li>
      ))}
    </ul>
  );
}
