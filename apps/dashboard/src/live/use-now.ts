/** The present, for what gets older or runs out on the screen. */
import { useEffect, useState } from "react";
import { useControlPlane } from "./control-plane.ts";

/** Unix ms by the control plane's clock, renewed every `intervalMs`. */
export function useNow(intervalMs: number = 1000): number {
  const { clock } = useControlPlane();
  const [nowMs, setNowMs] = useState(() => clock.nowMs());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(clock.nowMs()), intervalMs);
    return () => clearInterval(timer);
  }, [clock, intervalMs]);
  return nowMs;
}
