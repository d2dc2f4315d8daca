import Counter from "../islands/Counter.tsx";

export default function Index() {
  return (
    <main>
      <Counter start={3} />
    </main>
  );
}
