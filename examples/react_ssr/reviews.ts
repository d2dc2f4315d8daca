import type { Review } from "./components/Reviews.tsx";

/** Stands for a query to a database. */
export function loadReviews(): Promise<Review[]> {
  return Promise.resolve([
    { id: 1, author: "Ada", text: "I read it twice." },
    { id: 2, author: "Grace", text: "Short & sweet." },
  ]);
}
