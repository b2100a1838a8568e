/** An HTTP response body as a stream the gateway can watch and cancel. */
import type { Readable } from "node:stream";
import type { ProviderStream } from "../../provider.ts";

export function streamOf(body: Readable): ProviderStream {
  return {
    chunks: body,
    cancel() {
      // Destroying emits an error that a pending read receives; when nobody reads, nobody needs it.
      body.on("error", ignore);
      body.destroy();
    },
  };
}

function ignore(): void {}
