"""Statistics of one series: baseline, trend, change points, anomalies, freshness. Pure functions, nothing stored."""
