/** An OpenFeature client of a test's own, and what happens to its provider. */
import { OpenFeature, ProviderEvents, type Client, type Provider } from "@openfeature/server-sdk";
import { onTestFinished } from "vitest";

/** What an event tells. */
export interface Told {
  readonly flagsChanged?: readonly string[];
}

export interface TestClient extends Client {
  /** Resolves with the next event of a kind that has not been taken yet. */
  nextEvent(event: WaitedFor): Promise<Told>;
}

const waitedFor = [ProviderEvents.ConfigurationChanged, ProviderEvents.Stale, ProviderEvents.Ready] as const;
type WaitedFor = (typeof waitedFor)[number];

/** Connects a provider under a name of its own and waits until it is ready. */
export async function openFeatureClient(domain: string, provider: Provider): Promise<TestClient> {
  onTestFinished(async () => await OpenFeature.clearProviders());
  await OpenFeature.setProviderAndWait(domain, provider);
  const client = OpenFeature.getClient(domain);
  const events = new Map<WaitedFor, Told[]>();
  const waiting = new Map<WaitedFor, (told: Told) => void>();
  for (const event of waitedFor) {
    client.addHandler(event, (details) => {
      // Only changes name flags; the SDK types the details of all events as one.
      const told = (details ?? {}) as Told;
      const wake = waiting.get(event);
      waiting.delete(event);
      if (wake === undefined) events.set(event, [...(events.get(event) ?? []), told]);
      else wake(told);
    });
  }
  // A handler that is added to a ready client is called at once.
  await new Promise((resolve) => setImmediate(resolve));
  events.clear();
  const nextEvent = async (event: WaitedFor): Promise<Told> => {
    const [first, ...rest] = events.get(event) ?? [];
    if (first === undefined) return await new Promise((resolve) => waiting.set(event, resolve));
    events.set(event, rest);
    return first;
  };
  return Object.assign(client, { nextEvent });
}
