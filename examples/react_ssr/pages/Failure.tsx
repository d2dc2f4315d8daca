import type { ReactNode } from "react";
import { Document } from "../components/Document.tsx";

/** Why a page could not be rendered. */
export interface FailureProps {
  status: number;
  text: string;
  /** The stack trace, in development. */
  stack?: string;
}

/** The page that is shown in place of one that could not be rendered. */
export function Failure({ status, text, stack }: FailureProps): ReactNode {
  return (
    <Document title={text}>
      <p className="lead">
        {`Status ${status}. The other pages are not affected. `}
        <a href="/">Back to the books</a>
      </p>
      {stack !== undefined && <pre>{stack}</pre>}
    </Document>
  );
}
