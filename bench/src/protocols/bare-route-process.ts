/**
 * A bare Fastify route: what somebody would write who only wanted to answer this one request, with the answer as a
 * constant. Fastify's defaults, the body parsed as JSON, the same bytes as answer. A process of its own.
 */
import { fastify } from "fastify";

const answer = process.env["ANSWER"] ?? "";
const app = fastify();
app.post("/ofrep/v1/evaluate/flags/:key", (_request, reply) => reply.type("application/json").send(answer));
await app.listen({ host: "127.0.0.1", port: 0 });
process.send?.(app.server.address());
process.on("disconnect", () => process.exit());
