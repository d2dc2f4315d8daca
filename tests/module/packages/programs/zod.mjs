import { z } from "zod";

const Order = z.object({
  id: z.number().int(),
  email: z.email(),
  tags: z.array(z.string()).default([]),
});

export const render = () => {
  const good = Order.parse({ id: 1, email: "a@b.org" });
  const bad = Order.safeParse({ id: 1.5, email: "nobody" });
  return JSON.stringify([good, bad.error.issues.map(({ path, message }) => [...path, message])]);
};
