import type { ReactNode } from "react";

/** A review by a reader. */
export interface Review {
  id: number;
  author: string;
  text: string;
}

/** A list of reviews. It is not interactive, so the browser loads no JavaScript for it. */
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
