/**
 * flagd's sync service, `flagd.sync.v1`: an environment's set as plain flagd, and again whenever it is another. A kill
 * arrives as a set in which the flag serves its safe variant; a ramp climbs inside the set, by the receiver's own clock.
 */
import type { ConnectRouter } from "@connectrpc/connect";
import { FlagSyncService } from "@dimmer/stores/flagd/sync-protocol";
import type { Clock } from "../clock.ts";
import { environmentOf, identify, type FlagdCallers } from "./caller.ts";
import { followChanges } from "./follow-changes.ts";
import { loweredText } from "./lowered-text.ts";

export interface SyncServices extends FlagdCallers {
  readonly clock: Clock;
}

export function registerSync(router: ConnectRouter, services: SyncServices): void {
  const { served, tokens, clock } = services;
  router.service(FlagSyncService, {
    async *syncFlags({ selector }, { requestHeader, signal }) {
      const caller = identify(services, requestHeader, selector);
      const { token } = caller;
      const environment = environmentOf(caller);
      const isValid = (): boolean => token === undefined || tokens.isValid(token.id);
      const changes = followChanges({ served, clock, signal, isValid });
      let sent = loweredText(served.current(environment));
      yield { flagConfiguration: sent };
      for await (const changed of changes) {
        if (!changed.has(environment)) continue;
        const text = loweredText(served.current(environment));
        if (text === sent) continue;
        sent = text;
        yield { flagConfiguration: text };
      }
    },
    fetchAllFlags({ selector }, { requestHeader }) {
      const environment = environmentOf(identify(services, requestHeader, selector));
      return { flagConfiguration: loweredText(served.current(environment)) };
    },
    getMetadata(_request, { requestHeader }) {
      identify(services, requestHeader);
      return { metadata: {} };
    },
  });
}
