/** What names an environment; zod-free. Names are part of addresses and of file names, so nothing else may pass for one. */

/** Lower-case letters, digits and dashes, at most 63. */
export const environmentNamePattern: RegExp = /^[a-z0-9][a-z0-9-]{0,62}$/;
