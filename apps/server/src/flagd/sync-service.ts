/**
 * flagd's sync service, `flagd.sync.v1`: an environment's set as plain flagd, and again whenever it is another. A kill
 * arrives as a set in which the flag serves its safe variant; a ramp climbs inside the set, by the receiver's own clock.
 */
import type { ConnectRouter } from "@connectrpc/connect";
import { FlagSyncService } from "@dimmer/stores/flagd/sync-protocol";
import type { Clock } from "../clock.ts";
import { environmentOf, identify, type FlagdCallers } from "./caller.ts";
import { followChanges } from "./follow-changes.ts";
import { loweredMessage } from "./lowered-text.ts";

export interface SyncServices extends FlagdCallers {
  readonly clock: Clock;
}

export function registerSync(router: ConnectRouter, services: SyncServices): void {
  const { served, tokens, clock } = services;
  router.service(FlagSyncService, {
    async *syncFlags({ selector }, call) {
      const caller = identify(services, call.requestHeader, selector);
      const { token } = caller;
      const environment = environmentOf(caller);
      const isValid = (): boolean => token === undefined || tokens.isValid(token.id);
      const changes = followChanges({ served, clock, call, isValid });
      let sent = loweredMessage(served.current(environment));
      yield sent;
      await changes.tell((changed) => {
        const message = loweredMessage(served.current(environment));
        // What changed may be another environment, or nothing that this one's flags show.
        if (changed !== environment || message.flagConfiguration === sent.flagConfiguration) return undefined;
        sent = message;
        return message;
      });
    },
    fetchAllFlags({ selector }, { requestHeader }) {
      const environment = environmentOf(identify(services, requestHeader, selector));
      return loweredMessage(served.current(environment));
    },
    getMetadata(_request, { requestHeader }) {
      identify(services, requestHeader);
      return { metadata: {} };
    },
  });
}
