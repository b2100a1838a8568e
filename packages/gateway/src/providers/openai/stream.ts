/** An HTTP response body as a stream the gateway can watch and cancel. */
import type { Readable } from "node:stream";
import type { ProviderStream } from "../provider.ts";

/** Ends with the signal, too: by now the HTTP client no longer listens to it. */
export function streamOf(body: Readable, signal: AbortSignal): ProviderStream {
  const cancel = (): void => {
    // Destroying emits an error that a pending read receives; when nobody reads, nobody needs it.
    body.on("error", ignore);
    body.destroy();
  };
  if (signal.aborted) cancel();
  else signal.addEventListener("abort", cancel, { once: true });
  body.once("close", () => signal.removeEventListener("abort", cancel));
  return { chunks: body, cancel };
}

function ignore(): void {}
