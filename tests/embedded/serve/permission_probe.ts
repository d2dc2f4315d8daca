// A program for a worker. It reports its permissions in the message of a failed start.
const names = ["read", "write", "net", "env", "run", "ffi", "sys", "import"] as const;
const granted = names.filter((name) => Deno.permissions.querySync({ name }).state === "granted");
(self as unknown as { postMessage(message: unknown): void }).postMessage({
  type: "failed",
  message: `granted: ${granted.join(" ")}`,
});
