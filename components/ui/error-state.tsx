import { meshErrorOf, messageOf } from "../api/mesh-error.ts";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";

/** Takes the place of something that could not be loaded: why, and a way to try again. What is not there is no failure. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const mesh = meshErrorOf(error);
  if (mesh?.code === "NOT_FOUND")
    return (
      <Notice tone="info" role="alert" title={mesh.detail ?? mesh.message}>
        It was removed, or the address is not right.
      </Notice>
    );
  return (
    <Notice
      tone="bad"
      role="alert"
      title="This could not be loaded"
      actions={
        onRetry !== undefined && (
          <Button size="sm" onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {messageOf(error)}
    </Notice>
  );
}
