import type { ComponentProps, ComponentType, ReactNode } from "react";
import { Counter } from "./Counter.tsx";

/** The components that can be islands, by the names that pages use. */
export const islands = { Counter };

type Islands = typeof islands;

interface IslandProps<Name extends keyof Islands> {
  name: Name;
  props: ComponentProps<Islands[Name]>;
}

/**
 * Renders a component as an island: in a separate element, which `client.tsx` hydrates. Its props
 * are in an attribute, which React escapes, so that they can never become markup or script.
 */
export function Island<Name extends keyof Islands>({ name, props }: IslandProps<Name>): ReactNode {
  const Component = islands[name] as ComponentType<object>;
  return (
    <div data-island={name} data-props={JSON.stringify(props)}>
      <Component {...props} />
    </div>
  );
}
