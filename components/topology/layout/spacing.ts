/* Distances of the drawing, px at scale 1. */

/** Between neighbours of a column, and to a bend that passes between them. */
export const NODE_GAP = 28;
export const BEND_GAP = 14;
export const BETWEEN_BENDS = 9;
/** Between columns: the least, room for a label on an edge; the most, for columns so tall that edges would be too steep. */
export const COLUMN_GAP = 128;
export const WIDEST_COLUMN_GAP = 560;
/** Between parts of the graph that no edge joins. */
export const PART_GAP = 56;

/** Between the ends of edges on one side of a node, at most, and from the node's corners. */
export const PORT_GAP = 12;
export const PORT_MARGIN = 12;
/** A call to itself rises this far above its node, and passes it this far to the right. */
export const LOOP_RISE = 18;

/** Inside an expanded node: its title, its margin, and between what it holds. */
export const TITLE_HEIGHT = 28;
export const PADDING = 14;
export const CHILD_GAP = 14;
