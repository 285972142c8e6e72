/* The spaces of this folder are counted and enumerated, not tuned: there is no kernel behind them. */
void kernel(float *y) { y[0] = 1; }
