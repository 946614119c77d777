//! What befalls a world: how fast AWS is, when accounts and the store are in trouble, when processes
//! die, when clocks go wrong, and what others do in the accounts.

use jiff::SignedDuration;
use tidemark_domain::Scope;
use tidemark_testkit::{FakeCloud, FakeTable, JobEnd, Pace, Takes, Thing};
use tokio::task::JoinSet;

use super::{Slot, World, estate};
use crate::{dice::Dice, people::target_name, profile::Profile, time::wait, weather::Trouble};

/// How fast AWS is, and how its jobs end.
pub(super) struct Speed {
    profile: Profile,
    dice: Dice,
}

impl Speed {
    pub(super) fn new(profile: Profile, dice: Dice) -> Self {
        Self { profile, dice }
    }
}

impl Pace for Speed {
    fn takes(&self, what: Takes) -> SignedDuration {
        let seconds = SignedDuration::from_secs;
        let (low, high) = match what {
            Takes::TableRestore => self.profile.restore_takes,
            Takes::Visibility => (SignedDuration::from_millis(1), seconds(3)),
            Takes::TableChange => (seconds(2), seconds(60)),
            Takes::TableDeletion => (seconds(2), seconds(30)),
            Takes::BackupJob | Takes::RestoreJob | Takes::CopyJob => self.profile.job_takes,
        };
        self.dice.duration(low, high)
    }

    fn ends(&self, job: Takes) -> JobEnd {
        if !self.dice.chance(self.profile.failing_jobs) {
            return JobEnd::Completed;
        }
        let (status, why) = match self.dice.below(3) {
            0 => ("FAILED", "the role may not use the key"),
            // Restore jobs have no window.
            1 if job == Takes::BackupJob => ("EXPIRED", "it did not start within its window"),
            _ => ("ABORTED", "somebody stopped it in AWS's own console"),
        };
        JobEnd::With(status.to_owned(), why.to_owned())
    }
}

/// Sets everything going that befalls the world.
pub(super) fn spawn(world: &World, slots: &[Slot], tasks: &mut JoinSet<()>) {
    let dice = Dice::new(world.seed, "fate");
    let profile = &world.profile;
    for _ in 0..profile.outages {
        tasks.spawn(outage(world.clone(), moment(&dice, profile), dice.clone()));
    }
    for _ in 0..profile.store_outages {
        tasks.spawn(store_outage(
            world.clone(),
            moment(&dice, profile),
            dice.clone(),
        ));
    }
    for orderly in std::iter::repeat_n(false, profile.crashes)
        .chain(std::iter::repeat_n(true, profile.restarts))
    {
        if let Some(slot) = dice.pick(slots) {
            let at = moment(&dice, profile);
            tasks.spawn(death(
                world.clone(),
                slot.clone(),
                at,
                orderly,
                dice.clone(),
            ));
        }
    }
    for _ in 0..profile.clock_jumps {
        if let Some(slot) = dice.pick(slots) {
            let at = moment(&dice, profile);
            tasks.spawn(clock_jump(world.clone(), slot.clone(), at, dice.clone()));
        }
    }
    for _ in 0..profile.outsiders {
        tasks.spawn(outsider(
            world.clone(),
            moment(&dice, profile),
            dice.clone(),
        ));
    }
}

/// Some moment while there is trouble.
fn moment(dice: &Dice, profile: &Profile) -> SignedDuration {
    let seconds = profile.span.as_secs_f64() * dice.share();
    SignedDuration::try_from_secs_f64(seconds).unwrap_or_default()
}

async fn outage(world: World, at: SignedDuration, dice: Dice) {
    wait(at).await;
    let accounts = world.estate.account_ids();
    let Some(account) = dice.pick(&accounts) else {
        return;
    };
    let trouble = Trouble::draw(&dice);
    world.trace.say(world.time.elapsed(), || {
        format!("trouble with {account}: {trouble:?}")
    });
    world.weather.begin(&world.aws, account, trouble);
    let lasts = dice.duration(SignedDuration::from_secs(5), SignedDuration::from_mins(45));
    wait(lasts).await;
    world.trace.say(world.time.elapsed(), || {
        format!("no more trouble with {account}")
    });
    world.weather.end(&world.aws, account);
}

async fn store_outage(world: World, at: SignedDuration, dice: Dice) {
    wait(at).await;
    world
        .trace
        .say(world.time.elapsed(), || "the store is away".to_owned());
    world.weather.take_store_away(true);
    wait(dice.duration(SignedDuration::from_secs(1), SignedDuration::from_mins(5))).await;
    world
        .trace
        .say(world.time.elapsed(), || "the store is back".to_owned());
    world.weather.take_store_away(false);
}

async fn death(world: World, slot: Slot, at: SignedDuration, orderly: bool, dice: Dice) {
    wait(at).await;
    if world.weather.is_calm() {
        return;
    }
    if orderly {
        slot.stop(&world).await;
    } else {
        slot.kill(&world);
    }
    wait(dice.duration(SignedDuration::from_secs(1), SignedDuration::from_mins(5))).await;
    slot.revive(&world);
}

async fn clock_jump(world: World, slot: Slot, at: SignedDuration, dice: Dice) {
    wait(at).await;
    if world.weather.is_calm() {
        return;
    }
    let far = dice.duration(SignedDuration::from_secs(1), SignedDuration::from_mins(20));
    let ahead = match dice.below(3) {
        0 => SignedDuration::ZERO,
        1 => far,
        _ => -far,
    };
    world.trace.say(world.time.elapsed(), || {
        format!("a clock is now {ahead:#} ahead")
    });
    slot.clock().set_ahead(ahead);
}

/// Somebody does something in an account without the console.
async fn outsider(world: World, at: SignedDuration, dice: Dice) {
    wait(at).await;
    let Some(scope) = dice.pick(&world.estate.scopes) else {
        return;
    };
    world.oracle.look(scope);
    let what = meddle(&world, scope, &dice);
    world.oracle.outsider(scope, &what);
}

fn is_active(aws: &FakeCloud, scope: &Scope, name: &str) -> bool {
    let things = aws.things(scope);
    things.values().any(
        |thing| matches!(thing, Thing::Table(table) if table.name == name && table.status == "ACTIVE"),
    )
}

fn meddle(world: &World, scope: &Scope, dice: &Dice) -> String {
    let aws = &world.aws;
    let name = target_name(dice.below(world.profile.names));
    match dice.below(3) {
        0 if aws.items(scope, &name).is_none() => {
            aws.add_table(scope, FakeTable::new(&name).items(7));
            format!("makes table {name} in {}", scope.account)
        }
        // DynamoDB refuses to delete a table that is being made or changed (API reference of DeleteTable).
        1 if is_active(aws, scope, &name) => {
            aws.drop_table(scope, &name);
            format!("deletes table {name} in {}", scope.account)
        }
        _ => {
            let plans = aws.plans(scope);
            let changed = dice.pick(&plans).zip(estate::plan("gold", 77));
            match changed {
                Some((found, plan)) => {
                    aws.change_plan(scope, &found.id, &plan);
                    format!("changes plan {} in {}", found.id, scope.account)
                }
                None => "looks around".to_owned(),
            }
        }
    }
}
