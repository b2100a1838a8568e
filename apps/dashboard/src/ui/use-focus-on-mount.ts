/** Gives the focus to what has just appeared in place of what had it. */
import { useEffect, useRef } from "react";
import type { RefObject } from "react";

/** A ref for the element that takes the focus when it is mounted. */
export function useFocusOnMount<T extends HTMLElement>(): RefObject<T | null> {
  const element = useRef<T>(null);
  useEffect(() => element.current?.focus(), []);
  return element;
}
