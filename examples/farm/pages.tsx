// @ts-types="@types/react-dom/server"
import { renderToString } from "react-dom/server";

/** What the page shows. */
export interface PageProps {
  book: string;
  reviews: readonly string[];
}

/** Renders the page. Runs in the workers. */
export function renderPage({ book, reviews }: PageProps): string {
  const page = (
    <html lang="en">
      <head>
        <title>{book}</title>
      </head>
      <body>
        <h1>{book}</h1>
        <ul>{reviews.map((text, index) => <li key={index}>{text}</li>)}</ul>
      </body>
    </html>
  );
  return `<!DOCTYPE html>${renderToString(page)}`;
}
