import type { ReactNode } from "react";
import { Cover } from "../components/Books.tsx";
import { Document } from "../components/Document.tsx";
import { Part } from "../components/Part.tsx";
import type { Load } from "../data.ts";

/** A page whose data is slow, to show that it is sent part by part. */
export function Slow({ load }: { load: Load }): ReactNode {
  return (
    <Document title="Slow, but not all of it">
      <p className="lead">The page is here. Its parts follow when their data is there.</p>
      <div className="parts">
        <Part title="From the archive" data={load("archive")}>
          {(titles) => <ul>{titles.map((title) => <li key={title}>{title}</li>)}</ul>}
        </Part>
        <Part title="Today’s pick" data={load("pick")}>{(book) => <Cover book={book} />}</Part>
        <Part title="In the stockroom" data={load("stock")}>{(count) => <p>{count} books</p>}</Part>
      </div>
    </Document>
  );
}
