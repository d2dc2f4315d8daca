import { createContext, type ReactNode, use } from "react";

/** What every page shows. */
export interface Site {
  /** The path of the page. */
  path: string;
  /** The name of the engine that renders it. */
  engine: string;
}

/** Provides {@linkcode Site} to the components of a page. */
export const SiteContext = createContext<Site>({ path: "/", engine: "" });

const LINKS = {
  "/": "Books",
  "/slow": "Slow",
  "/endless": "Endless",
  "/broken": "Broken",
};

interface DocumentProps {
  title: string;
  children: ReactNode;
}

/** The document around the content of each page. */
export function Document({ title, children }: DocumentProps): ReactNode {
  const { path, engine } = use(SiteContext);
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · Marginalia`}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/style.css" />
        <script type="module" src="/client.js" />
      </head>
      <body>
        <header>
          <a className="brand" href="/">Marginalia</a>
          <nav aria-label="Pages">
            {Object.entries(LINKS).map(([href, text]) => (
              <a key={href} href={href} aria-current={href === path ? "page" : undefined}>{text}</a>
            ))}
          </nav>
        </header>
        <main>
          <h1>{title}</h1>
          {children}
        </main>
        <footer>
          <span>
            Rendered on <strong>{engine}</strong>
          </span>
          <span id="timing" />
        </footer>
      </body>
    </html>
  );
}
