//! `cargo xtask simulate`: many worlds at once, or one with its trace.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    process::ExitCode,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use clap::Parser;
use tidemark_simulation::{Keep, Outcome, live};

/// Lives through simulated worlds and says what did not hold in them.
#[derive(Debug, Parser)]
#[command(name = "tidemark-simulate")]
struct Options {
    /// How many worlds.
    #[arg(long, default_value_t = 1000)]
    seeds: u64,
    /// The first one's seed.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Just this one, with its trace.
    #[arg(long)]
    seed: Option<u64>,
    /// How many at once; as many as there are processors by default.
    #[arg(long)]
    threads: Option<usize>,
    /// Stop after so many failing worlds.
    #[arg(long, default_value_t = 20)]
    failures: usize,
    /// With --seed: what the console itself logs, on the standard error stream.
    #[arg(long)]
    log: bool,
}

fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    match options.seed {
        Some(seed) => one(seed, options.log),
        None => many(&options),
    }
}

/// One world, with everything that happens in it.
fn one(seed: u64, log: bool) -> anyhow::Result<ExitCode> {
    if log {
        tracing_subscriber::fmt()
            .with_env_filter("debug")
            .without_time()
            .with_writer(io::stderr)
            .init();
    }
    let outcome = live(seed, Keep::Lines)?;
    let mut out = io::stdout().lock();
    for line in &outcome.lines {
        writeln!(out, "{line}")?;
    }
    writeln!(out, "trace {:016x}", outcome.hash)?;
    tell(&mut out, &outcome)?;
    Ok(code(outcome.violations.is_empty()))
}

fn tell(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    if outcome.violations.is_empty() {
        return writeln!(out, "seed {}: all rules hold", outcome.seed);
    }
    writeln!(out, "seed {} fails:", outcome.seed)?;
    for violation in &outcome.violations {
        writeln!(out, "  {:#} {violation}", violation.at)?;
    }
    Ok(())
}

fn code(fine: bool) -> ExitCode {
    if fine {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// What is known of many worlds.
#[derive(Default)]
struct Sums {
    worlds: u64,
    runs: usize,
    simulated: Duration,
    failing: Vec<u64>,
    /// Worlds in which a rule did not hold, by the rule's name, and the first of them.
    rules: BTreeMap<&'static str, (u64, u64)>,
}

impl Sums {
    fn add(&mut self, outcome: &Outcome) {
        self.worlds += 1;
        self.runs += outcome.runs;
        self.simulated += Duration::try_from(outcome.lasted).unwrap_or_default();
        if outcome.violations.is_empty() {
            return;
        }
        self.failing.push(outcome.seed);
        let rules: std::collections::BTreeSet<_> = outcome
            .violations
            .iter()
            .map(|one| one.rule.name())
            .collect();
        for rule in rules {
            let (worlds, first) = self.rules.entry(rule).or_insert((0, outcome.seed));
            *worlds += 1;
            *first = (*first).min(outcome.seed);
        }
    }
}

fn many(options: &Options) -> anyhow::Result<ExitCode> {
    let threads = options
        .threads
        .or_else(|| thread::available_parallelism().ok().map(Into::into))
        .unwrap_or(1);
    let end = options.from.saturating_add(options.seeds);
    let next = AtomicU64::new(options.from);
    let sums = Mutex::new(Sums::default());
    let began = Instant::now();
    let worked = thread::scope(|scope| {
        let threads: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| work(options, &next, end, &sums, began)))
            .collect();
        threads
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .map_err(|_| anyhow::anyhow!("a thread panicked"))?
            })
            .collect::<anyhow::Result<Vec<()>>>()
    });
    worked?;
    let sums = sums.into_inner().unwrap_or_else(PoisonError::into_inner);
    summary(&sums, began.elapsed())?;
    Ok(code(sums.failing.is_empty()))
}

fn work(
    options: &Options,
    next: &AtomicU64,
    end: u64,
    sums: &Mutex<Sums>,
    began: Instant,
) -> anyhow::Result<()> {
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= end {
            return Ok(());
        }
        let outcome = live(seed, Keep::Nothing)?;
        let mut sums = sums.lock().unwrap_or_else(PoisonError::into_inner);
        sums.add(&outcome);
        let mut out = io::stdout().lock();
        if !outcome.violations.is_empty() {
            tell(&mut out, &outcome)?;
            if sums.failing.len() >= options.failures {
                next.store(end, Ordering::Relaxed);
            }
        }
        if sums.worlds.is_multiple_of(1000) {
            let rate = per_second(sums.worlds, began.elapsed());
            writeln!(out, "{} worlds, {rate:.1} a second", sums.worlds)?;
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn per_second(worlds: u64, elapsed: Duration) -> f64 {
    worlds as f64 / elapsed.as_secs_f64().max(0.001)
}

fn summary(sums: &Sums, elapsed: Duration) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let rate = per_second(sums.worlds, elapsed);
    let hours = sums.simulated.as_secs() / 3600;
    writeln!(
        out,
        "{} worlds with {} runs over {hours} simulated hours in {:.1} s: {rate:.1} worlds a second",
        sums.worlds,
        sums.runs,
        elapsed.as_secs_f64(),
    )?;
    for (rule, (worlds, first)) in &sums.rules {
        writeln!(out, "{rule}: {worlds} worlds, for example seed {first}")?;
    }
    match sums.failing.as_slice() {
        [] => writeln!(out, "all rules hold"),
        failing => writeln!(
            out,
            "{} worlds fail; cargo xtask simulate --seed {} shows one",
            failing.len(),
            failing.iter().min().copied().unwrap_or_default()
        ),
    }
}
