/** All lengths are px of the drawing at scale 1; x grows to the right, y downwards. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

export interface LayoutNode {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** The expanded node whose box it stands in; null at the top. */
  readonly parent: string | null;
}

export interface LayoutEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
}

export interface LayoutRequest {
  readonly nodes: readonly LayoutNode[];
  readonly edges: readonly LayoutEdge[];
  /** Where people put nodes: top-left corners, never moved by the layout. */
  readonly pins: ReadonlyMap<string, Point>;
  /** What is drawn now: nodes of it keep their places. Null: all anew. */
  readonly previous: GraphLayout | null;
}

/** Where everything is drawn. */
export interface GraphLayout {
  /** Boxes of all nodes, those that hold others included. */
  readonly nodes: ReadonlyMap<string, Rect>;
  /**
   * Each edge's way from the border of its caller to the border of what it calls: x, y, x, y … of the points of a
   * polyline that is drawn rounded.
   */
  readonly edges: ReadonlyMap<string, Float32Array>;
  readonly bounds: Rect;
}
