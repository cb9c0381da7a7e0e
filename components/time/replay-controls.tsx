"use client";

import { Pause, Play, SkipBack, SkipForward } from "lucide-react";
import { Button } from "../ui/button.tsx";
import { NativeSelect } from "../ui/input.tsx";
import { REPLAY_SPEEDS, type ReplaySpeed } from "./replay.ts";

interface ReplayControlsProps {
  readonly playing: boolean;
  readonly speed: ReplaySpeed;
  /** It is now: there is nothing to play, only to go back to. */
  readonly isNow: boolean;
  readonly onPlay: (playing: boolean) => void;
  readonly onSpeed: (speed: ReplaySpeed) => void;
  readonly onStep: (direction: 1 | -1) => void;
}

/** Plays the past, or goes through it step by step. */
export function ReplayControls({ playing, speed, isNow, onPlay, onSpeed, onStep }: ReplayControlsProps) {
  const PlayIcon = playing ? Pause : Play;
  return (
    <div role="group" aria-label="Replay" className="flex items-center">
      <Button
        variant="ghost"
        size="icon"
        aria-label="One step back"
        title="One step back"
        onClick={() => {
          onStep(-1);
        }}
      >
        <SkipBack aria-hidden />
      </Button>
      <Button
        variant="ghost"
        size="icon"
        aria-label={playing ? "Pause" : "Play"}
        title={isNow ? "Play: from the start of the axis" : playing ? "Pause" : "Play"}
        onClick={() => {
          onPlay(!playing);
        }}
      >
        <PlayIcon aria-hidden />
      </Button>
      <Button
        variant="ghost"
        size="icon"
        aria-label="One step on"
        title="One step on"
        disabled={isNow}
        onClick={() => {
          onStep(1);
        }}
      >
        <SkipForward aria-hidden />
      </Button>
      <NativeSelect
        aria-label="Speed of the replay"
        className="ml-1 w-auto"
        value={speed}
        onChange={(event) => {
          const wanted = REPLAY_SPEEDS.find((one) => one.toString() === event.target.value);
          if (wanted !== undefined) onSpeed(wanted);
        }}
      >
        {REPLAY_SPEEDS.map((one) => (
          <option key={one} value={one}>
            {one}×
          </option>
        ))}
      </NativeSelect>
    </div>
  );
}
