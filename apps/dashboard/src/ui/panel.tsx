/** One part of the page: a titled region with its actions at the right of the title. */
import { useId } from "react";
import type { ReactElement, ReactNode } from "react";
import "./panel.css";

interface PanelProps {
  readonly name: string;
  readonly title: ReactNode;
  /** Beside the title: a count, a state. */
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Panel({ name, title, note, actions, children }: PanelProps): ReactElement {
  const titleId = useId();
  return (
    <section className={`panel panel-${name}`} aria-labelledby={titleId}>
      <header className="panel-header">
        <h2 className="panel-title" id={titleId} tabIndex={-1}>
          {title}
        </h2>
        {note !== undefined && <span className="panel-note">{note}</span>}
        {actions !== undefined && <div className="panel-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}

/** What a panel shows when there is nothing to show: what that means, and what to do. */
export function EmptyNote({ title, children }: { title: string; children?: ReactNode }): ReactElement {
  return (
    <div className="empty-note">
      <p className="empty-note-title">{title}</p>
      {children !== undefined && <div className="empty-note-text">{children}</div>}
    </div>
  );
}
