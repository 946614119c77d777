use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tidemark_sandbox_backup::{
    BackupEngine, BackupError, CreateLegalHold, SimClock,
    model::{HoldSelection, JobTiming, Outage},
};

use super::{
    accounts::{IRELAND, MEDIA, ORDERS},
    block_storage, blocks, buckets, caches, databases, file_systems, identity, nodes, plans,
    records,
    remembered::{Failure, Remembered},
    seeder::Seeder,
    tables, vaults,
};
use crate::{error::SandboxError, gateway::Gateway};

/// Days that the history covers.
const DAYS: i64 = 400;

/// Rounds of the history: hours before now, and how much of the items is there in percent.
const ROUNDS: &[(i64, u64)] = &[
    (DAYS * 24, 40),
    (300 * 24, 60),
    (200 * 24, 74),
    (120 * 24, 84),
    (60 * 24, 92),
    (35 * 24, 96),
    (14 * 24, 98),
    (7 * 24, 99),
    (3 * 24, 99),
    (24, 100),
    (6, 100),
    (1, 100),
];

/// What is made once and changes from round to round.
struct Made {
    file_system: String,
    databases: Vec<String>,
    volumes: Vec<String>,
}

/// Makes the demo estate. Nothing may be served or driven meanwhile: the clock is set back by 400 days and
/// is at wall time again at the end.
pub(crate) async fn seed_demo(gateway: &Gateway, seed: u64) -> Result<(), SandboxError> {
    let clock = gateway.clock.clone();
    let backup = gateway.backup.clone();
    let seeder = Seeder { gateway, seed };
    let now = clock.now();
    clock.set_back(SignedDuration::from_hours(DAYS * 24));
    let start = clock.now();

    let failures = Arc::new(failures(now));
    let remembered = remember(&backup, &failures);
    backup.set_timing(JobTiming::lifelike());
    for outage in outages(now) {
        backup.add_outage(outage);
    }
    tick(&backup, start).await?;
    vaults::make_keys(&gateway.keys);
    vaults::make(&backup, start).map_err(refused)?;

    identity::make(&seeder).await?;
    tables::make(&seeder).await?;
    buckets::make(&seeder).await?;
    block_storage::make(&seeder).await?;
    caches::make(&seeder).await?;
    let made = Made {
        file_system: file_systems::make(&seeder).await?,
        databases: databases::make(&seeder).await?,
        volumes: nodes::make(&seeder).await?,
    };
    plans::make_first(&backup, start).map_err(refused)?;

    let mut present = 0;
    for (round, (hours, percent)) in (0_u64..).zip(ROUNDS) {
        let at = now - SignedDuration::from_hours(*hours);
        clock.catch_up_to(at);
        tick(&backup, at).await?;
        change(&seeder, &made, round, present, *percent, at).await?;
        milestones(&seeder, &backup, *hours, at).await?;
        present = *percent;
        for provider in &remembered {
            provider.forget();
        }
    }
    finish(&clock, &backup).await?;
    blocks::make(&seeder, clock.now()).await?;
    for provider in remembered {
        backup.register_provider(provider.inner());
    }
    backup.set_timing(JobTiming::watchable());
    Ok(())
}

/// What happens in every round.
async fn change(
    seeder: &Seeder<'_>,
    made: &Made,
    round: u64,
    from_percent: u64,
    to_percent: u64,
    at: Timestamp,
) -> Result<(), SandboxError> {
    for table in tables::TABLES {
        table.grow(seeder, from_percent, to_percent, at).await?;
    }
    if round > 4 {
        tables::change_orders(seeder, round, at).await?;
    }
    buckets::change(seeder, round).await?;
    file_systems::change(seeder, &made.file_system, round);
    databases::change(seeder, &made.databases, round);
    nodes::change(seeder, &made.volumes, round);
    caches::change(seeder, round);
    if round > 4 {
        caches::snapshot(seeder, round).await?;
    }
    Ok(())
}

/// What happens once, by the hours before now.
async fn milestones(
    seeder: &Seeder<'_>,
    backup: &BackupEngine,
    hours: i64,
    at: Timestamp,
) -> Result<(), SandboxError> {
    match hours / 24 {
        300 => hold(backup, at).map_err(refused)?,
        120 => plans::make_failing_copies(backup, at).map_err(refused)?,
        35 => {
            tables::protect(seeder).await?;
            tables::dress_orders(seeder).await?;
            plans::make_last(backup, at).map_err(refused)?;
        }
        14 => {
            tables::place_withdrawn(seeder, at).await?;
            records::make(seeder, at).await?;
        }
        3 => tables::withdraw(seeder).await?,
        _ => {}
    }
    Ok(())
}

/// A hold on ten days of orders, whose points should have been gone for weeks.
fn hold(backup: &BackupEngine, at: Timestamp) -> Result<(), BackupError> {
    let day = |days: i64| at - SignedDuration::from_hours(24 * days);
    backup
        .create_legal_hold(
            &vaults::scope(&ORDERS, IRELAND),
            CreateLegalHold {
                title: "Case 2025-114".to_owned(),
                description: "Orders disputed in court: keep what existed in these days".to_owned(),
                idempotency_token: Some("case-2025-114".to_owned()),
                selection: HoldSelection {
                    vault_names: vec!["orders-main".to_owned()],
                    resource_identifiers: Vec::new(),
                    date_range: Some((day(90), day(80))),
                },
                ..CreateLegalHold::default()
            },
            at,
        )
        .map(|_| ())
}

/// Two nights in which no job of the media account could start in its window, whatever the time of the day
/// at which the demo is begun.
fn outages(now: Timestamp) -> Vec<Outage> {
    let midnight = now - SignedDuration::from_secs(now.as_second().rem_euclid(24 * 60 * 60));
    [(47, 30), (20, 20)]
        .into_iter()
        .map(|(days, hours)| {
            let from = midnight - SignedDuration::from_hours(24 * days);
            Outage {
                scope: vaults::scope(&MEDIA, IRELAND),
                resource_arn: None,
                from,
                until: from + SignedDuration::from_hours(hours),
            }
        })
        .collect()
}

/// Backups that failed for a while.
fn failures(now: Timestamp) -> Vec<Failure> {
    let window = |days: i64, long: i64| {
        let from = now - SignedDuration::from_hours(24 * days);
        (from, from + SignedDuration::from_hours(24 * long))
    };
    [
        (
            ":table/products",
            window(75, 3),
            "IAM Role arn:aws:iam::222222222222:role/service-role/AWSBackupDefaultServiceRole does not have \
             sufficient permissions to execute the backup",
        ),
        (
            ":db:rights-db",
            window(9, 2),
            "DB instance rights-db is not in the available state",
        ),
    ]
    .into_iter()
    .map(|(ends_with, (from, until), message)| Failure {
        ends_with,
        from,
        until,
        message,
    })
    .collect()
}

fn remember(backup: &BackupEngine, failures: &Arc<Vec<Failure>>) -> Vec<Arc<Remembered>> {
    backup
        .supported_resource_types()
        .into_iter()
        .filter_map(|name| backup.provider(name))
        .map(|inner| {
            let remembered = Arc::new(Remembered::new(inner, Arc::clone(failures)));
            backup.register_provider(remembered.clone());
            remembered
        })
        .collect()
}

/// Brings the clock back to wall time, and the backups with it.
async fn finish(clock: &SimClock, backup: &BackupEngine) -> Result<(), SandboxError> {
    clock.catch_up_to(Timestamp::now());
    tick(backup, clock.now()).await
}

/// Moves the backups on, off the runtime's own threads: providers wait for the services.
async fn tick(backup: &BackupEngine, until: Timestamp) -> Result<(), SandboxError> {
    let backup = backup.clone();
    tokio::task::spawn_blocking(move || backup.tick(until))
        .await
        .map_err(|error| SandboxError::Store(error.to_string()))
}

fn refused(error: BackupError) -> SandboxError {
    SandboxError::Call {
        service: "backup".to_owned(),
        operation: "demo".to_owned(),
        code: error.kind.code().to_owned(),
        message: error.message,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn an_outage_takes_a_whole_night_whenever_the_demo_is_begun() {
        for hour in 0..24 {
            let now: Timestamp = format!("2026-12-01T{hour:02}:24:00Z").parse().unwrap();
            let nights: Vec<Timestamp> = ["2026-10-15", "2026-11-11"]
                .into_iter()
                .map(|day| format!("{day}T02:30:00Z").parse().unwrap())
                .collect();
            for (outage, backup) in outages(now).iter().zip(nights) {
                let window = SignedDuration::from_mins(60);
                assert!(outage.from <= backup, "{hour}: {outage:?}");
                assert!(outage.until > backup + window, "{hour}: {outage:?}");
            }
        }
    }
}
