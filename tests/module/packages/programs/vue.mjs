import { computed, createSSRApp, h, ref } from "vue";
import { renderToString } from "vue/server-renderer";

const Page = {
  props: ["name"],
  setup(props) {
    const count = ref(20);
    const double = computed(() => count.value * 2);
    return () => h("h1", { class: ["a", { b: true }] }, `Hello <${props.name}> ${double.value}`);
  },
};

export const render = () => renderToString(createSSRApp(Page, { name: "Vue" }));
