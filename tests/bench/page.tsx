import { type ReactNode, useState } from "react";
// @ts-types="@types/react-dom/server"
import { renderToString } from "react-dom/server";

/** The props of the page. */
export interface PageProps {
  visitor: string;
  reviews: { id: number; author: string; text: string }[];
}

/** Renders a whole HTML document with a list of reviews. The module runs in JSockD. */
export function render(props: PageProps): string {
  return `<!DOCTYPE html>${renderToString(<Page {...props} />)}`;
}

function Page({ visitor, reviews }: PageProps): ReactNode {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Reviews</title>
        <link rel="icon" href="data:," />
        <script type="module" src="/client.js" />
      </head>
      <body>
        <h1>Reviews</h1>
        <p>Hello {visitor}</p>
        <ul>
          {reviews.map(({ id, author, text }) => (
            <li key={id}>
              <strong>{author}</strong>: {text}
            </li>
          ))}
        </ul>
        <Counter label={`Helpful to ${visitor}`} start={reviews.length} />
      </body>
    </html>
  );
}

function Counter({ label, start }: { label: string; start: number }): ReactNode {
  const [count, setCount] = useState(start);
  return (
    <div data-island="Counter" data-props={JSON.stringify({ label, start })}>
      <button type="button" onClick={() => setCount(count + 1)}>
        {label}: {count}
      </button>
    </div>
  );
}
