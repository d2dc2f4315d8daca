import i18next from "i18next";

const i18n = i18next.createInstance();
await i18n.init({
  lng: "de",
  resources: {
    de: { translation: { cart: "{{count}} Ding", cart_other: "{{count}} Dinge für {{name}}" } },
  },
});

export const render = () =>
  [1, 3].map((count) => i18n.t("cart", { count, name: "<dich>" })).join("; ");
