import type { ReactNode } from "react";
import { Document } from "../components/Document.tsx";
import { Island } from "../components/Island.tsx";
import { type Review, Reviews } from "../components/Reviews.tsx";

/** The props of the home page. */
export interface HomeProps {
  visitor: string;
  reviews: Review[];
}

/** The home page. */
export function Home({ visitor, reviews }: HomeProps): ReactNode {
  return (
    <Document title="Reviews">
      <p>Hello {visitor}</p>
      <Reviews reviews={reviews} />
      <Island name="Counter" props={{ label: `Helpful to ${visitor}`, start: reviews.length }} />
    </Document>
  );
}
