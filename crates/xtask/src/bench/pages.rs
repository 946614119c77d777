use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};

use super::row::Row;
use crate::http::Connection;

/// Requests at the same time: enough to keep two cores busy, few enough not to measure queues.
const CONNECTIONS: usize = 4;
const TIME: Duration = Duration::from_secs(8);
const BUDGET_PER_SECOND: f64 = 1000.0;
/// How often each connection starts a page, for half of that.
const PACE: Duration = Duration::from_millis(8);
const BUDGET_P99: Duration = Duration::from_millis(50);

/// Pages per second as fast as they come, then the time that a page takes at half of the budget.
pub(super) fn measure(address: &str, cookie: &str) -> anyhow::Result<Vec<Row>> {
    // The first pages warm up connections, statements and caches.
    load(address, cookie, Duration::from_secs(2), None)?;
    let latencies = load(address, cookie, TIME, None)?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "a count of pages is far below 2^52"
    )]
    let per_second = latencies.len() as f64 / TIME.as_secs_f64();
    let mut paced = load(address, cookie, TIME, Some(PACE))?;
    paced.sort_unstable();
    let p99 = *paced
        .get(paced.len() * 99 / 100)
        .context("no page was answered")?;
    Ok(vec![
        Row::new(
            "Server-rendered overview, load generator on the same 2 cores",
            "≥ 1,000 pages/s",
            format!("{per_second:.0} pages/s"),
            per_second >= BUDGET_PER_SECOND,
        ),
        Row::new(
            "Server-rendered overview, p99 at 500 pages/s",
            "≤ 50 ms",
            format!("{:.1} ms", p99.as_secs_f64() * 1000.0),
            p99 <= BUDGET_P99,
        ),
    ])
}

/// The times of all pages. With a pace, each connection starts a page that often, and a page's time
/// counts from when it should have started, so that a slow page is not hidden by those it delays.
fn load(
    address: &str,
    cookie: &str,
    time: Duration,
    pace: Option<Duration>,
) -> anyhow::Result<Vec<Duration>> {
    thread::scope(|scope| {
        let workers: Vec<_> = (0..CONNECTIONS)
            .map(|_| scope.spawn(|| worker(address, cookie, time, pace)))
            .collect();
        let mut all = Vec::new();
        for worker in workers {
            match worker.join() {
                Ok(latencies) => all.extend(latencies?),
                Err(_) => bail!("a thread of the load generator panicked"),
            }
        }
        Ok(all)
    })
}

fn worker(
    address: &str,
    cookie: &str,
    time: Duration,
    pace: Option<Duration>,
) -> anyhow::Result<Vec<Duration>> {
    let headers = [
        ("accept", "text/html"),
        // As browsers ask: compressing is part of the answer.
        ("accept-encoding", "gzip, deflate, br, zstd"),
        ("cookie", cookie),
    ];
    let mut connection = Connection::open(address)?;
    let mut latencies = Vec::new();
    let start = Instant::now();
    let mut due = start;
    while start.elapsed() < time {
        let asked = match pace {
            Some(pace) => {
                let asked = due;
                thread::sleep(asked.saturating_duration_since(Instant::now()));
                due += pace;
                asked
            }
            None => Instant::now(),
        };
        let response = connection.request("GET", "/", &headers, &[])?;
        if response.status != 200 {
            bail!("the overview answered {}", response.status);
        }
        latencies.push(asked.elapsed());
    }
    Ok(latencies)
}
