import { describeStoreReader } from "@dimmer/stores/contract";
import { createFlagdStore } from "@dimmer/stores/flagd";
import { putFlags } from "../../test/put-flags.ts";
import { startPlane } from "../../test/start-plane.ts";

describeStoreReader("the control plane, read as any flagd,", async () => {
  let plane = await startPlane({ flagd: { syncPort: 0 } });
  const { directory, flagdPorts } = plane;
  return {
    store: createFlagdStore({ url: `http://127.0.0.1:${flagdPorts.syncPort}` }),
    put: async ({ flags }) => await putFlags(plane, flags),
    breakDown: async () => await plane.close(),
    async repair() {
      plane = await startPlane({ directory, flagd: flagdPorts });
    },
    dispose: async () => await plane.close(),
  };
});
