/** The one kind of dialog of the page. Esc closes it, and the focus goes back to where it came from. */
import { Modal } from "@mantine/core";
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
  return (
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
      classNames={{ root: "dialog", content: isDangerous ? "dialog-content dialog-dangerous" : "dialog-content", title: "dialog-title" }}
      overlayProps={{ backgroundOpacity: 0.55 }}
      // Whoever opened it may be gone by now (a revived kill): then the title of the panel takes the focus.
      onExitTransitionEnd={() => setTimeout(keepFocusOnPage, 30)}
    >
      {children}
    </Modal>
  );
}

function keepFocusOnPage(): void {
  if (document.activeElement !== document.body) return;
  document.querySelector<HTMLElement>("[data-last-used] .panel-title, .panel-title")?.focus();
}
