import type { ReactNode } from "react";
import { Books } from "../components/Books.tsx";
import { Document } from "../components/Document.tsx";
import { Island } from "../components/Island.tsx";
import { Reviews } from "../components/Reviews.tsx";
import type { Book, Review } from "../data.ts";

/** The props of the home page. */
export interface HomeProps {
  visitor: string;
  books: Book[];
  reviews: Review[];
}

/** The home page. All of it is sent at once, and can be read without JavaScript. */
export function Home({ visitor, books, reviews }: HomeProps): ReactNode {
  return (
    <Document title="Books worth reading twice">
      <p className="lead">{`Hello ${visitor}, take your time.`}</p>
      <Books books={books} />
      <h2>Readers say</h2>
      <Reviews reviews={reviews} />
      <Island name="Counter" props={{ label: `Helpful to ${visitor}`, start: reviews.length }} />
    </Document>
  );
}
