/**
 * Answers requests over NATS with nothing but its own client, as a measure for workers. The
 * arguments are the URL of the server and the subject.
 */
import { connect } from "@nats-io/transport-node";

const [servers = "", subject = ""] = Deno.args;
const connection = await connect({ servers });
connection.subscribe(subject, {
  queue: "responders",
  callback: (_error, message) => void message.respond(String(Number(message.string()) + 1)),
});
await connection.flush();
console.log("ready");
