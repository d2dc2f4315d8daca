import type { ReactNode } from "react";
import { Document } from "../components/Document.tsx";

/** A page with a mistake, for the error page to show. */
export function Broken(): ReactNode {
  return (
    <Document title="Broken">
      <Receipt />
    </Document>
  );
}

function Receipt(): ReactNode {
  throw new Error("The receipt is lost");
}
