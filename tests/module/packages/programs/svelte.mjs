import { render as renderComponent } from "svelte/server";
import Page from "./compiled/page.svelte.mjs";

export const render = async () => {
  const { head, body } = await renderComponent(Page, { props: { name: "<Svelte>" } });
  return head + body;
};
