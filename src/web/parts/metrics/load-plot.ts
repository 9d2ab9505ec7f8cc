/** uPlot is a chunk of its own, for pages that have graphs. */
export const loadPlot = () => import('./plot/plot.ts')
