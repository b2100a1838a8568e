/** The present, for what gets older or runs out on the screen. */
import { useEffect, useState } from "react";

/** Unix ms, renewed every `intervalMs`. */
export function useNow(intervalMs: number = 1000): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), intervalMs);
    return () => clearInterval(timer);
  }, [intervalMs]);
  return nowMs;
}
