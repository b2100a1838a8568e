/** An OpenAI-compatible server that answers every completion with the same few words, after DELAY_MS. A process of its own. */
import { createServer } from "node:http";

const delayMs = Number(process.env["DELAY_MS"] ?? 0);
const answer = JSON.stringify({
  id: "chatcmpl-bench",
  object: "chat.completion",
  created: 0,
  model: "stub",
  choices: [{ index: 0, message: { role: "assistant", content: "The answer is 391." }, finish_reason: "stop" }],
  usage: { prompt_tokens: 24, completion_tokens: 8, total_tokens: 32 },
});
const head = { "content-type": "application/json", "content-length": Buffer.byteLength(answer) };

const server = createServer((request, response) => {
  const send = (): void => void response.writeHead(200, head).end(answer);
  request.resume().on("end", () => {
    if (delayMs === 0) send();
    else setTimeout(send, delayMs);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => process.send?.(server.address()));
process.on("disconnect", () => process.exit());
