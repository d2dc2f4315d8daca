import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import Page from "./compiled/page.mdx.mjs";

export const render = () => renderToStaticMarkup(createElement(Page, { name: "<MDX>" }));
