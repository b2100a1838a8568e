/** Asks for the token when there is none, or when the control plane did not accept the one there was. */
import { Button, PasswordInput } from "@mantine/core";
import { useState } from "react";
import type { SubmitEvent, ReactElement } from "react";
import { Logo } from "../brand/logo.tsx";
import { useFocusOnMount } from "../ui/use-focus-on-mount.ts";
import "./token-form.css";

interface TokenFormProps {
  readonly wasRefused: boolean;
  readonly onToken: (token: string) => void;
}

export function TokenForm({ wasRefused, onToken }: TokenFormProps): ReactElement {
  const input = useFocusOnMount<HTMLInputElement>();
  const [text, setText] = useState("");
  const token = text.trim();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (token !== "") onToken(token);
  };
  return (
    <main className="token-page">
      <form className="token-form" onSubmit={submit}>
        <Logo size={40} />
        <h1>Dimmer</h1>
        <p className="token-lead">Sign in to {location.host} with a token of its control plane.</p>
        <PasswordInput
          label="Token"
          size="md"
          autoComplete="off"
          ref={input}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={wasRefused ? "The control plane did not accept the token." : undefined}
        />
        <Button type="submit" size="sm" fullWidth disabled={token === ""}>
          Sign in
        </Button>
        <p className="token-hint">
          <code>dimmer up</code> prints a link that carries it. The admin token of a local server is in{" "}
          <code>.dimmer/admin-token</code>. It stays in this tab.
        </p>
      </form>
    </main>
  );
}
