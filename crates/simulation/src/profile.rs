//! What kind of world a seed makes. Each seed leaves out most kinds of trouble (swarm testing), and
//! the fewer there are, the more people do in it.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use crate::dice::Dice;

/// Something that people do in the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Deed {
    /// A table to a second of its point-in-time window.
    RestoreSecond,
    /// A table from an on-demand backup of `DynamoDB`.
    RestoreBackup,
    /// A table from a recovery point.
    RestoreTablePoint,
    /// Another type from a recovery point.
    RestoreOther,
    /// A backup now.
    Backup,
    /// Deleting recovery points.
    DeletePoints,
    /// Changing lifecycles.
    ChangeLifecycle,
    /// Saving a plan.
    SavePlan,
    /// Deleting a plan.
    DeletePlan,
    /// Rolling a plan out.
    RollOut,
    /// Running a rule now.
    RunRule,
    /// Setting a table up for record-level backups.
    SetUp,
}

impl Deed {
    /// All of them.
    pub(crate) const ALL: [Self; 12] = [
        Self::RestoreSecond,
        Self::RestoreBackup,
        Self::RestoreTablePoint,
        Self::RestoreOther,
        Self::Backup,
        Self::DeletePoints,
        Self::ChangeLifecycle,
        Self::SavePlan,
        Self::DeletePlan,
        Self::RollOut,
        Self::RunRule,
        Self::SetUp,
    ];
}

/// What kind of world a seed makes.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    /// How long there is trouble; afterwards all is well and everything has to end.
    pub(crate) span: SignedDuration,
    /// AWS accounts, each with one Region.
    pub(crate) accounts: usize,
    /// Tables in each.
    pub(crate) tables: usize,
    /// Names that restored tables are given: the fewer, the more often two want the same.
    pub(crate) names: usize,
    /// People.
    pub(crate) people: usize,
    /// What each of them does.
    pub(crate) deeds_each: usize,
    /// What is done at all.
    pub(crate) deeds: Vec<Deed>,
    /// Share of forms that are sent more than once.
    pub(crate) repeats: f64,
    /// Share of runs that are cancelled.
    pub(crate) cancels: f64,
    /// Share of AWS calls that fail on their way there.
    pub(crate) failing_calls: f64,
    /// Share of AWS calls whose answer is lost.
    pub(crate) lost_answers: f64,
    /// Share of AWS calls that take long, some longer than their deadline.
    pub(crate) slow_calls: f64,
    /// Share of the store's calls that fail before their effect.
    pub(crate) failing_writes: f64,
    /// Share of the store's calls that fail after their effect.
    pub(crate) lost_writes: f64,
    /// Times when an account cannot be reached, throttles, or denies.
    pub(crate) outages: usize,
    /// Times when the store is away.
    pub(crate) store_outages: usize,
    /// Crashes of processes.
    pub(crate) crashes: usize,
    /// Orderly restarts of processes.
    pub(crate) restarts: usize,
    /// Times when a process's clock is set wrong, or right.
    pub(crate) clock_jumps: usize,
    /// Things that others do in the accounts, outside the console.
    pub(crate) outsiders: usize,
    /// Shortest and longest time that a table's restore takes.
    pub(crate) restore_takes: (SignedDuration, SignedDuration),
    /// Shortest and longest time that a job takes.
    pub(crate) job_takes: (SignedDuration, SignedDuration),
    /// Share of jobs that fail.
    pub(crate) failing_jobs: f64,
    /// How many tables a Region restores at once.
    pub(crate) restores_at_once: Option<usize>,
    /// How long a worker that is not heard of keeps a run.
    pub(crate) lease: SignedDuration,
    /// How often a worker looks for runs of others.
    pub(crate) poll: SignedDuration,
}

impl Profile {
    /// The world of a seed.
    pub(crate) fn draw(seed: u64) -> Self {
        let dice = Dice::new(seed, "profile");
        // 0 is fair weather, 3 a storm.
        let weather = dice.below(4);
        let minutes = |dice: &Dice, low: i64, high: i64| {
            dice.duration(
                SignedDuration::from_mins(low),
                SignedDuration::from_mins(high),
            )
        };
        let on = |usual: f64| weather > 0 && dice.chance(usual);
        let rate = |highest: f64| {
            if on(0.6) {
                highest * 0.02_f64.powf(dice.share())
            } else {
                0.0
            }
        };
        let number = |usual: f64, most: usize| {
            if on(usual) {
                dice.between(1, most * weather)
            } else {
                0
            }
        };
        let (people, deeds_each) = match weather {
            0 => (dice.between(2, 6), dice.between(2, 6)),
            1 => (dice.between(1, 4), dice.between(1, 4)),
            _ => (dice.between(1, 3), dice.between(1, 3)),
        };
        let long = minutes(&dice, 2, 120);
        let job = minutes(&dice, 2, 120);
        Self {
            span: minutes(&dice, 10, 120),
            accounts: dice.between(1, 3),
            tables: dice.between(1, 4),
            names: dice.between(1, 5),
            people,
            deeds_each,
            deeds: deeds(&dice),
            repeats: pick_share(&dice, 0.3),
            cancels: pick_share(&dice, 0.4),
            failing_calls: rate(0.3),
            lost_answers: rate(0.2),
            slow_calls: rate(0.2),
            failing_writes: rate(0.1),
            lost_writes: rate(0.1),
            outages: number(0.5, 3),
            store_outages: number(0.3, 2),
            crashes: number(0.5, 4),
            restarts: number(0.3, 2),
            clock_jumps: number(0.2, 2),
            outsiders: if dice.chance(0.3) {
                dice.between(1, 6)
            } else {
                0
            },
            restore_takes: (SignedDuration::from_secs(20), long),
            job_takes: (SignedDuration::from_secs(20), job),
            failing_jobs: pick_share(&dice, 0.3),
            restores_at_once: dice.chance(0.3).then(|| dice.between(1, 3)),
            lease: SignedDuration::from_secs(30),
            poll: SignedDuration::from_secs(10),
        }
    }

    /// The longest that AWS takes for anything.
    pub(crate) fn longest(&self) -> SignedDuration {
        self.restore_takes.1.max(self.job_takes.1)
    }
}

fn pick_share(dice: &Dice, highest: f64) -> f64 {
    if dice.chance(0.5) {
        highest * dice.share()
    } else {
        0.0
    }
}

fn deeds(dice: &Dice) -> Vec<Deed> {
    let mut deeds: BTreeSet<Deed> = dice.some(&Deed::ALL, 0.4).into_iter().collect();
    // Restores are what this is about most.
    if dice.chance(0.7) || deeds.is_empty() {
        deeds.insert(Deed::RestoreSecond);
    }
    deeds.into_iter().collect()
}
