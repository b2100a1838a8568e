/**
 * Says why a control cannot be used (its `data-why`) while it has the pointer or the focus. One bubble serves the whole
 * page, so that no scrolling list cuts it off and a thousand rows cost nothing. Screen readers have `aria-description`.
 */
import { useEffect, useState } from "react";
import type { CSSProperties, ReactElement } from "react";
import "./why-bubble.css";

interface Shown {
  readonly text: string;
  readonly place: CSSProperties;
}

const widthPx = 260;
const gapPx = 6;

export function WhyBubble(): ReactElement | null {
  const [shown, setShown] = useState<Shown>();
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    let control: HTMLElement | null = null;
    const show = (next: HTMLElement | null): void => {
      control = next;
      setShown(reasonAt(next));
    };
    const look = ({ target }: Event): void => {
      if (!(target instanceof Element) || target.closest(".why-bubble") !== null) return;
      show(target.closest<HTMLElement>("[data-why]"));
    };
    // A touch screen has no pointer that hovers: there a tap asks.
    for (const type of ["pointerover", "focusin", "click"]) document.addEventListener(type, look, { signal });
    document.addEventListener("focusout", () => show(null), { signal });
    document.addEventListener("scroll", () => show(control), { signal, capture: true });
    document.addEventListener("keydown", ({ key }) => key === "Escape" && show(null), { signal });
    return () => stop.abort();
  }, []);
  if (shown === undefined) return null;
  return (
    <div className="why-bubble" style={shown.place} aria-hidden="true">
      {shown.text}
    </div>
  );
}

function reasonAt(control: HTMLElement | null): Shown | undefined {
  const text = control?.dataset["why"];
  if (control === null || text === undefined) return undefined;
  const { left, right, top, bottom } = control.getBoundingClientRect();
  const middle = (left + right - widthPx) / 2;
  const inside = Math.max(8, Math.min(middle, document.documentElement.clientWidth - widthPx - 8));
  const isLow = bottom > window.innerHeight - 90;
  const vertical = isLow ? { bottom: window.innerHeight - top + gapPx } : { top: bottom + gapPx };
  return { text, place: { left: inside, width: widthPx, ...vertical } };
}
