import type { ReactNode } from "react";
import { Document } from "../components/Document.tsx";

/** A page that is never done, for the time limit to stop. */
export function Endless(): ReactNode {
  return (
    <Document title="Endless">
      <Forever />
    </Document>
  );
}

function Forever(): ReactNode {
  while (true);
}
