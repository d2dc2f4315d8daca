import type { ReactNode } from "react";
import { Document } from "../components/Document.tsx";

/** A page that never finishes rendering, to show the time limit. */
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
