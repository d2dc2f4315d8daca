import { type ReactNode, Suspense } from "react";

interface PartProps<Data> {
  title: string;
  data: Promise<Data>;
  children: (data: Data) => ReactNode;
}

/**
 * A part of a page. The page is sent without it, and the part follows when its data is there. If the
 * data cannot be loaded, only this part says so.
 */
export function Part<Data>({ title, data, children }: PartProps<Data>): ReactNode {
  return (
    <section className="part">
      <h2>{title}</h2>
      <Suspense fallback={<Placeholder />}>
        {data.then(children, () => <p className="failed">This part could not be loaded.</p>)}
      </Suspense>
    </section>
  );
}

function Placeholder(): ReactNode {
  return (
    <div className="placeholder" role="status" aria-label="Loading">
      <span />
      <span />
    </div>
  );
}
