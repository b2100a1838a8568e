/** What a token's scopes include. */
import type { Scope, Token } from "@dimmer/spec";

const included: Readonly<Record<Scope, readonly Scope[]>> = {
  admin: ["admin", "operate", "observe", "read", "kill", "revive"],
  operate: ["operate", "read", "kill", "revive"],
  observe: ["observe"],
  read: ["read"],
  kill: ["kill"],
  revive: ["revive"],
};

/** Whether `token` may do what needs `scope`. */
export function hasScope(token: Token, scope: Scope): boolean {
  return token.scopes.some((granted) => included[granted].includes(scope));
}
