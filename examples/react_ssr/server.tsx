// @ts-types="@types/react-dom/server"
import { renderToString } from "react-dom/server";
import { Broken } from "./pages/Broken.tsx";
import { Endless } from "./pages/Endless.tsx";
import { Home, type HomeProps } from "./pages/Home.tsx";

/** A page to render, with its props. */
export type PageRequest =
  | { page: "home"; props: HomeProps }
  | { page: "broken" }
  | { page: "endless" };

/** Renders a whole HTML document. This module runs in JSockD. */
export function render(request: PageRequest): string {
  return `<!DOCTYPE html>${renderToString(element(request))}`;
}

function element(request: PageRequest) {
  switch (request.page) {
    case "home":
      return <Home {...request.props} />;
    case "broken":
      return <Broken />;
    case "endless":
      return <Endless />;
  }
}
