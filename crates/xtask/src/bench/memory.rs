use std::fs;

use anyhow::Context as _;

use super::row::Row;

/// The resident memory of a process, in KiB.
pub(super) fn resident_kib(process: u32) -> anyhow::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok())
        .context("the process has no resident memory")
}

/// The row about the resident memory of a process.
pub(super) fn measure(what: &str, process: u32, budget_mb: u64) -> anyhow::Result<Row> {
    let megabytes = resident_kib(process)? * 1024 / 1_000_000;
    Ok(Row::new(
        what,
        format!("≤ {budget_mb} MB"),
        format!("{megabytes} MB"),
        megabytes <= budget_mb,
    ))
}
