//! Lives of runs, one for each fault.

use std::{collections::BTreeSet, time::Duration};

use futures::{StreamExt as _, stream};
use serde_json::Value;
use tidemark_domain::runs::{Outcome, RunId, RunView};
use tidemark_sandbox::CallRecord;

use crate::{
    database::Database,
    estate::Estate,
    observe::{difference, observe},
    sky::{Action, Fault, Reach, Sky, Storm, effects},
    wish::Wish,
};

/// How often time is moved before a run counts as stuck.
const LONGEST: usize = 3_000;
/// How long a leap of time takes where a worker goes on beside the run.
const PACE: Duration = Duration::from_millis(100);
/// Lives at once: they wait more than they work.
const AT_ONCE: usize = 6;

/// Operations that have no token and cannot be told apart afterwards: each success is an effect of its own.
const ONCE: [&str; 9] = [
    "CreateTable",
    "DeleteBackupPlan",
    "DeleteBackupSelection",
    "DeleteItem",
    "DeleteRecoveryPoint",
    "DeleteTable",
    "RestoreTableFromBackup",
    "RestoreTableToPointInTime",
    "StopBackupJob",
];

/// What a life left.
struct Lived {
    view: RunView,
    world: Value,
    calls: Vec<(String, Vec<CallRecord>)>,
}

/// An undisturbed life, then one for each fault; all have to end alike.
pub(crate) async fn outlasts_everything(database: Database, wish: Wish) {
    if !database.is_there() {
        return;
    }
    let calm = live(database, wish, None)
        .await
        .unwrap_or_else(|why| panic!("undisturbed: {why}"));
    for world in calm.world.as_array().unwrap() {
        wish.check(world);
    }
    let changes: BTreeSet<Action> = effects(&calm.calls).into_keys().collect();
    assert!(!changes.is_empty(), "it changes nothing");
    let changes = Reach::Changes(changes);
    let all = std::env::var("TIDEMARK_TEST_ALL_FAULTS").is_ok();
    let storms: Vec<Storm> = Fault::ALL
        .into_iter()
        .flat_map(|fault| [(fault, Reach::Everything), (fault, changes.clone())])
        .filter(|(fault, reach)| all || is_tried(database, *fault, reach))
        .map(|(fault, reach)| Storm { fault, reach })
        .collect();
    let calm = &calm;
    let lives: Vec<Result<(), String>> = stream::iter(storms)
        .map(|storm| async move {
            let name = storm.to_string();
            let began = std::time::Instant::now();
            let judged = match live(database, wish, Some(storm.clone())).await {
                Ok(lived) => judge(calm, &lived, &storm),
                Err(why) => Err(why),
            };
            eprintln!("{name}: {:.1} s", began.elapsed().as_secs_f64());
            judged.map_err(|why| format!("{name}: {why}"))
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let failed: Vec<String> = lives.into_iter().filter_map(Result::err).collect();
    assert!(
        failed.is_empty(),
        "{} lives failed:\n{}",
        failed.len(),
        failed.join("\n\n")
    );
}

/// Which of them are tried each time: on SQLite each fault in the way in which it does most harm. Nothing below the store
/// differs on PostgreSQL, so that two are enough there.
fn is_tried(database: Database, fault: Fault, reach: &Reach) -> bool {
    match fault {
        // Where every answer is lost or late, no look ever leads to a change.
        Fault::LostAnswer => reach.is_changes(),
        Fault::Latency | Fault::Throttle => reach.is_changes() && database == Database::Sqlite,
        Fault::Drop | Fault::ExpiredCredentials => {
            !reach.is_changes() && database == Database::Sqlite
        }
        Fault::ServerError => !reach.is_changes(),
    }
}

async fn live(database: Database, wish: Wish, storm: Option<Storm>) -> Result<Lived, String> {
    let fault = storm.as_ref().map(|storm| storm.fault);
    let opened = database.open().await;
    let sky = Sky::new(storm).await;
    let estate = Estate::new(sky.clone(), &opened.store, fault).await;
    let id = wish.begin(&estate).await;
    sky.arm();
    let lived = match until_ended(&estate, id).await {
        Ok(view) => {
            if fault == Some(Fault::Latency) {
                // What the run gave up waiting for still takes place, such as the end of a mark.
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            Ok(Lived {
                view,
                calls: sky.calls(),
                world: observe(&sky, &estate.accounts().await).await,
            })
        }
        Err(why) => Err(why),
    };
    estate.end().await;
    opened.close().await;
    lived
}

/// Carries the run to its end, moving time from wake to wake.
pub(crate) async fn until_ended(estate: &Estate, id: RunId) -> Result<RunView, String> {
    let runs = &estate.services.runs;
    for _ in 0..LONGEST {
        let due = runs
            .run_until_idle()
            .await
            .map_err(|error| error.to_string())?;
        let view = runs.view(id).await.map_err(|error| error.to_string())?;
        if view.state.is_terminal() {
            return Ok(view);
        }
        let Some(due) = due else {
            return Err(format!(
                "it has not ended, and nothing is due\n{}",
                log(estate, id).await
            ));
        };
        let left = due.duration_since(estate.sky.now());
        if estate.has_worker() {
            tokio::time::sleep(PACE).await;
        }
        if left.is_positive() {
            estate.sky.pass(left).await;
        }
    }
    Err(format!(
        "it does not come to an end\n{}",
        log(estate, id).await
    ))
}

async fn log(estate: &Estate, id: RunId) -> String {
    let events = estate
        .services
        .runs
        .store()
        .events_after(id, 0, u32::MAX)
        .await
        .unwrap_or_default();
    let lines = events
        .iter()
        .map(|event| format!("  {} {:?}", event.at, event.kind));
    lines.collect::<Vec<_>>().join("\n")
}

fn judge(calm: &Lived, lived: &Lived, storm: &Storm) -> Result<(), String> {
    if lived.view.outcome != Some(Outcome::Succeeded) {
        return Err(format!(
            "it ended {:?}: {:?}\n{:#?}",
            lived.view.outcome, lived.view.error, lived.view.steps
        ));
    }
    let mut differences = Vec::new();
    difference("", &calm.world, &lived.world, &mut differences);
    if !differences.is_empty() {
        return Err(format!("the world differs: {}", differences.join("; ")));
    }
    let (wanted, had) = (effects(&calm.calls), effects(&lived.calls));
    for ((service, action), times) in had {
        let once = wanted
            .get(&(service.clone(), action.clone()))
            .copied()
            .unwrap_or(0);
        if once == 0 || (ONCE.contains(&action.as_str()) && times != once) {
            return Err(format!(
                "{service}:{action} had its effect {times} times, not {once}"
            ));
        }
    }
    // The test itself: each step that calls AWS met the storm.
    for (number, (step, calls)) in calm.calls.iter().enumerate() {
        let meets = |call: &CallRecord| match &storm.reach {
            Reach::Everything => true,
            Reach::Changes(actions) => {
                actions.contains(&(call.service.clone(), call.action.clone()))
            }
        };
        if !calls.iter().any(meets) {
            continue;
        }
        // A lost or late answer leaves the status that nobody saw.
        let unseen = matches!(storm.fault, Fault::LostAnswer | Fault::Latency);
        let struck =
            |call: &CallRecord| meets(call) && (unseen || !(200..300).contains(&call.status));
        let met = lived
            .calls
            .get(number)
            .is_some_and(|(_, calls)| calls.iter().any(struck));
        if !met {
            return Err(format!("the step {step} did not meet the storm"));
        }
    }
    Ok(())
}
