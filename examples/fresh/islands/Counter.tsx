import type { VNode } from "preact";
import { useContext } from "preact/hooks";
import { Counter, type CounterProps } from "../components/Counter.tsx";
import { ServerHtml } from "../components/server_html.ts";

/**
 * On the server the HTML that JSockD rendered; in the browser the component that it was rendered
 * from, which takes over the elements that are there.
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
