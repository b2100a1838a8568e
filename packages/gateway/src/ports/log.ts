/** Where the gateway writes what an operator may want to read. A pino logger fits as it is. */

/** Takes the details of what happened, then the sentence that says it; never a prompt, an answer, a user or a secret. */
export interface Log {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

const nothing = (): void => undefined;

/** Says nothing: the default. */
export const silentLog: Log = { info: nothing, warn: nothing, error: nothing };
