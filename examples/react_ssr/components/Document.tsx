import type { ReactNode } from "react";

interface DocumentProps {
  title: string;
  children: ReactNode;
}

/** The document around the content of each page. */
export function Document({ title, children }: DocumentProps): ReactNode {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <link rel="icon" href="data:," />
        <script type="module" src="/client.js" />
      </head>
      <body>
        <h1>{title}</h1>
        {children}
      </body>
    </html>
  );
}
