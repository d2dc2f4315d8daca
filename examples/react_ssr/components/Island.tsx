import type { ComponentProps, ComponentType, ReactNode } from "react";
import { Counter } from "./Counter.tsx";

/** The components that come alive in the browser, by the names that the page calls them. */
export const islands = { Counter };

type Islands = typeof islands;

interface IslandProps<Name extends keyof Islands> {
  name: Name;
  props: ComponentProps<Islands[Name]>;
}

/**
 * Renders a component into an element of its own, where `client.tsx` finds it again. Its properties
 * travel in an attribute: React escapes those, whatever they hold, and nothing in one is a script.
 */
export function Island<Name extends keyof Islands>({ name, props }: IslandProps<Name>): ReactNode {
  const Component = islands[name] as ComponentType<object>;
  return (
    <div data-island={name} data-props={JSON.stringify(props)}>
      <Component {...props} />
    </div>
  );
}
