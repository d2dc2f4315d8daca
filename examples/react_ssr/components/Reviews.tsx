import type { ReactNode } from "react";
import type { Review } from "../data.ts";

/** What readers say. */
export function Reviews({ reviews }: { reviews: Review[] }): ReactNode {
  return (
    <div className="reviews">
      {reviews.map(({ id, author, text }) => (
        <figure key={id}>
          <blockquote>{text}</blockquote>
          <figcaption>{author}</figcaption>
        </figure>
      ))}
    </div>
  );
}
