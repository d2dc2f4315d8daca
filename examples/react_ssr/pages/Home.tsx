import type { ReactNode } from "react";
import { Document } from "../components/Document.tsx";
import { Island } from "../components/Island.tsx";
import { type Review, Reviews } from "../components/Reviews.tsx";

/** What the application knows and the page shows. */
export interface HomeProps {
  visitor: string;
  reviews: Review[];
}

/** The page that works. */
export function Home({ visitor, reviews }: HomeProps): ReactNode {
  return (
    <Document title="Reviews">
      <p>Hello {visitor}</p>
      <Reviews reviews={reviews} />
      <Island name="Counter" props={{ label: `Helpful to ${visitor}`, start: reviews.length }} />
    </Document>
  );
}
