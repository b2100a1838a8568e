/** The one kind of dialog of the page. Esc closes it, and the focus goes back to where it came from. */
import { Modal } from "@mantine/core";
import { useRef } from "react";
import type { ReactElement, ReactNode } from "react";
import "./dialog.css";

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly isDangerous?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Dialog({ title, isOpen, isDangerous = false, onClose, children }: DialogProps): ReactElement {
  const place = useRef<HTMLSpanElement>(null);
  return (
    <>
      <span ref={place} hidden />
      <Modal
        title={title}
        opened={isOpen}
        onClose={onClose}
        size={520}
        yOffset="12dvh"
        radius={10}
        shadow="none"
        transitionProps={{ duration: 0 }}
        closeButtonProps={{ "aria-label": "Close" }}
        classNames={{
          root: "dialog",
          content: isDangerous ? "dialog-content dialog-dangerous" : "dialog-content",
          title: "dialog-title",
        }}
        overlayProps={{ backgroundOpacity: 0.55 }}
        // Whoever opened it may be gone by now (a revived kill): then the title of the panel takes the focus.
        onExitTransitionEnd={() => setTimeout(() => keepFocusNear(place.current), 30)}
      >
        {children}
      </Modal>
    </>
  );
}

function keepFocusNear(place: HTMLElement | null): void {
  if (document.activeElement !== document.body) return;
  place?.closest(".panel")?.querySelector<HTMLElement>(".panel-title")?.focus();
}
