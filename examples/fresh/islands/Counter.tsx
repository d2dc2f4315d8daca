import type { VNode } from "preact";
import { useContext } from "preact/hooks";
import { Counter, type CounterProps } from "../components/Counter.tsx";
import { ServerHtml } from "../components/server_html.ts";

/**
 * The counter as an island. On the server, it is the HTML that JSockD has rendered. In the browser,
 * it is the component, which takes over the elements of that HTML.
 */
export default function CounterIsland(props: CounterProps): VNode {
  const html = useContext(ServerHtml);
  if (html !== undefined) return <div dangerouslySetInnerHTML={{ __html: html }} />;
  return (
    <div>
      <Counter {...props} />
    </div>
  );
}
