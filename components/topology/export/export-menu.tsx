"use client";

import { Menu } from "@base-ui/react/menu";
import { Download } from "lucide-react";
import { toast } from "sonner";
import { readPalette } from "../canvas/palette.ts";
import { buttonClass } from "../../ui/button.tsx";
import type { GraphLayout } from "../layout/layout-types.ts";
import type { GraphModel } from "../model/graph-model.ts";
import { dotDocument } from "./dot-document.ts";
import { exportFileName } from "./file-name.ts";
import { jsonDocument } from "./json-document.ts";
import { pngImage } from "./png-image.ts";
import { seenAreaOf } from "./seen-areas.ts";
import { svgDocument } from "./svg-document.ts";
import type { MeasureText } from "./svg-pen.ts";

interface ExportMenuProps {
  readonly model: GraphModel;
  readonly layout: GraphLayout;
}

const FORMATS = [
  { kind: "svg", extension: "svg", name: "SVG", note: "Vectors, selectable text" },
  { kind: "png", extension: "png", name: "PNG", note: "Image of the whole graph" },
  { kind: "png-seen", extension: "png", name: "PNG", note: "Image of what is in view" },
  { kind: "json", extension: "json", name: "JSON", note: "All figures" },
  { kind: "dot", extension: "dot", name: "DOT", note: "For Graphviz" },
] as const;
type Format = (typeof FORMATS)[number];

/** Measures texts as the browser sets them. */
function browserMeasure(): MeasureText {
  const context = document.createElement("canvas").getContext("2d");
  if (context === null) throw new Error("This browser cannot measure text.");
  return (font, text) => {
    context.font = font;
    return context.measureText(text).width;
  };
}

async function fileOf({ kind }: Format, { model, layout }: ExportMenuProps, atMs: number): Promise<Blob> {
  const palette = readPalette(document.body);
  switch (kind) {
    case "svg":
      return new Blob([svgDocument(model, layout, palette, browserMeasure())], { type: "image/svg+xml" });
    case "png":
      return pngImage(model, layout, palette, null);
    case "png-seen":
      return pngImage(model, layout, palette, seenAreaOf(layout));
    case "json":
      return new Blob([jsonDocument(model, layout, atMs)], { type: "application/json" });
    case "dot":
      return new Blob([dotDocument(model)], { type: "text/vnd.graphviz" });
  }
}

function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // After the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Saves the graph as it is drawn, in a format of choice. */
export function ExportMenu(props: ExportMenuProps) {
  const exportAs = async (format: Format): Promise<void> => {
    const atMs = Date.now();
    try {
      save(await fileOf(format, props, atMs), exportFileName(format.extension, atMs));
    } catch (error) {
      toast.error(`The export failed: ${error instanceof Error ? error.message : "the browser gave no reason."}`);
    }
  };
  return (
    <Menu.Root>
      <Menu.Trigger className={buttonClass("secondary", "md")} disabled={props.model.nodes.length === 0}>
        <Download aria-hidden />
        Export
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end" className="z-50 outline-none">
          <Menu.Popup className="min-w-60 rounded-md border border-line bg-surface py-1 text-ink-2 shadow-pop outline-none">
            {FORMATS.map((format) => (
              <Menu.Item
                key={format.kind}
                className="flex h-8 cursor-default items-center gap-3 px-3 text-base outline-none select-none data-highlighted:bg-hover data-highlighted:text-ink"
                onClick={() => void exportAs(format)}
              >
                <span className="w-11 font-medium text-ink">{format.name}</span>
                <span className="text-ink-3">{format.note}</span>
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
