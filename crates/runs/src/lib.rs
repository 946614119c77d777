//! The durable run engine: steps, event log, leases, compensation.
