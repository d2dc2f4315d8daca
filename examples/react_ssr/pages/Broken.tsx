import type { ReactNode } from "react";
import { Document } from "../components/Document.tsx";

/** A page that throws, to show the error page. */
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
