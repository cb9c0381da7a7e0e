import type { BackupOutlook } from "#domain/backup-outlook.ts";
import { Notice } from "../ui/notice.tsx";

interface BackupWarningProps {
  readonly outlooks: readonly BackupOutlook[];
  readonly className?: string;
}

/** Backups that could not take what their service is asked for now, or of which nobody knows; nothing when all could. */
export function BackupWarning({ outlooks, className }: BackupWarningProps) {
  const doubtful = outlooks.filter(({ verdict }) => verdict !== "enough");
  if (doubtful.length === 0) return null;
  const tooSmall = doubtful.some(({ verdict }) => verdict === "too-small");
  const which = outlooks.length === 1 ? "The backup" : doubtful.length === outlooks.length ? "The backups" : "A backup";
  const title = tooSmall ? `${which} could not take the present load` : `${which} may not be up to the present load`;
  return (
    <Notice
      tone={tooSmall ? "warn" : "info"}
      role="note"
      title={title}
      {...(className === undefined ? {} : { className })}
    >
      <ul>
        {doubtful.map(({ service, words }, at) => (
          <li key={`${service} ${at.toString()}`} className="break-words">
            {words}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
