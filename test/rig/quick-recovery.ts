/** Settings under which a lost worker is noticed, and work goes on, within seconds; few threads, so that a worker starts soon. */
export const QUICK_RECOVERY = {
  HOLDFAST_SLOTS: '1',
  HOLDFAST_SLICE_SECONDS: '0.5',
  HOLDFAST_HEARTBEAT_SECONDS: '2',
  HOLDFAST_RECONCILE_SECONDS: '1',
};
