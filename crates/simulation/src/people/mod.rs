//! People: they fill in forms, send some of them twice, cancel, and have things done again.

mod form;
mod plans;
mod points;
mod restores;
mod set_ups;

use form::{Filled, Form};

use jiff::SignedDuration;
use tidemark_domain::{Role, runs::RunId};
use tidemark_services::{Caller, ServiceError, runs};

use crate::{
    dice::Dice,
    oracle::Rule,
    profile::Deed,
    time::wait,
    world::{Gone, Slot, World},
};

/// Somebody who uses the console.
#[derive(Clone)]
pub(crate) struct Person {
    /// Who.
    pub(crate) caller: Caller,
    /// Chance, for this person.
    pub(crate) dice: Dice,
}

/// How long somebody waits for an answer.
const PATIENCE: SignedDuration = SignedDuration::from_secs(60);

/// The people of a world.
pub(crate) fn draw(world: &World) -> Vec<Person> {
    (0..world.profile.people)
        .map(|number| {
            let (name, role) = match number % 3 {
                0 => (format!("operator-{number}"), Role::Operator),
                1 => ("olga".to_owned(), Role::Owner),
                _ => (format!("admin-{number}"), Role::Admin),
            };
            Person {
                caller: Caller {
                    user_id: None,
                    name,
                    role,
                    origin: "page".to_owned(),
                },
                dice: Dice::new(world.seed, &format!("person {number}")),
            }
        })
        .collect()
}

/// The name of a restored table: there are few, so that two at times want the same.
pub(crate) fn target_name(number: usize) -> String {
    format!("back-{number}")
}

/// A life in the console.
pub(crate) async fn live(world: World, slots: Vec<Slot>, person: Person, number: usize) {
    // Nobody comes before the estate has been read once.
    let first = SignedDuration::from_secs(i64::try_from(number).unwrap_or(0) + 5);
    wait(first).await;
    let share =
        world.profile.span.as_secs() / i64::try_from(world.profile.deeds_each).unwrap_or(1).max(1);
    let pause = SignedDuration::from_secs(share.max(2));
    for _ in 0..world.profile.deeds_each {
        wait(person.dice.duration(SignedDuration::from_secs(1), pause)).await;
        if world.weather.is_calm() {
            return;
        }
        let person = Visit {
            world: &world,
            slots: &slots,
            person: &person,
        };
        person.deed().await;
    }
}

/// A person in front of the console.
struct Visit<'a> {
    world: &'a World,
    slots: &'a [Slot],
    person: &'a Person,
}

impl Visit<'_> {
    fn dice(&self) -> &Dice {
        &self.person.dice
    }

    async fn deed(&self) {
        let Some(deed) = self.dice().pick(&self.world.profile.deeds) else {
            return;
        };
        let filled = match deed {
            Deed::RestoreSecond
            | Deed::RestoreBackup
            | Deed::RestoreTablePoint
            | Deed::RestoreOther => self.restore(*deed).await,
            Deed::Backup => self.backup(),
            Deed::DeletePoints => self.change_points(None).await,
            Deed::ChangeLifecycle => {
                let days = i64::try_from(self.dice().between(30, 60)).unwrap_or(30);
                self.change_points(Some(days)).await
            }
            Deed::SavePlan => self.save_plan().await,
            Deed::DeletePlan => self.delete_plan().await,
            Deed::RollOut => self.roll_out().await,
            Deed::RunRule => self.run_rule().await,
            Deed::SetUp => self.set_up().await,
        };
        let Some(Filled { ask, form }) = filled else {
            return;
        };
        if let Some(run) = self.send(ask, form).await {
            self.follow(run).await;
        }
    }

    /// Sends a form, at times more than once, at times to both processes at once.
    async fn send(&self, ask: usize, form: Form) -> Option<RunId> {
        let more = if self.dice().chance(self.world.profile.repeats) {
            self.dice().between(1, 4)
        } else {
            0
        };
        let sends = (0..=more).map(|time| {
            let form = form.clone();
            async move {
                if time > 0 {
                    let soon = (SignedDuration::from_millis(1), SignedDuration::from_secs(5));
                    wait(self.dice().duration(soon.0, soon.1)).await;
                }
                self.send_once(ask, form).await
            }
        });
        let answers = futures::future::join_all(sends).await;
        answers.into_iter().flatten().next()
    }

    async fn send_once(&self, ask: usize, form: Form) -> Option<RunId> {
        self.world.oracle.sent(ask);
        let caller = self.person.caller.clone();
        let answer = self
            .ask(move |services| async move { form.send(&services, &caller).await })
            .await?;
        match answer {
            Ok(run) => {
                self.world.oracle.answered(ask, run);
                Some(run)
            }
            Err(error) => {
                self.refused(ask, &error);
                None
            }
        }
    }

    fn refused(&self, ask: usize, error: &ServiceError) {
        self.world.trace.say(self.world.time.elapsed(), || {
            let who = &self.person.caller.name;
            format!("{who} is refused (ask {ask}): {error}")
        });
    }

    /// Has some process do something; none where it goes away or takes too long.
    async fn ask<T, Fut>(
        &self,
        work: impl FnOnce(std::sync::Arc<tidemark_services::Services>) -> Fut,
    ) -> Option<T>
    where
        T: Send + 'static,
        Fut: Future<Output = T> + Send + 'static,
    {
        let slot = self.dice().pick(self.slots)?;
        let answer = slot.ask(|services| Box::pin(work(services)));
        tokio::select! {
            biased;
            answer = answer => match answer {
                Ok(answer) => Some(answer),
                Err(Gone::Panicked) => {
                    let what = "a request panicked".to_owned();
                    self.world.oracle.report(Rule::NoPanic, what);
                    None
                }
                Err(Gone::Away) => None,
            },
            () = wait(PATIENCE) => None,
        }
    }

    /// Follows a run for a while: cancels it, or has it begun again when it failed.
    async fn follow(&self, run: RunId) {
        let dice = self.dice();
        let longest = self.world.profile.longest();
        if dice.chance(self.world.profile.cancels) {
            wait(dice.duration(SignedDuration::from_secs(1), longest)).await;
            let caller = self.person.caller.clone();
            let reason = "I have changed my mind";
            let _ =
                self.ask(move |services| async move {
                    runs::cancel(&services, &caller, run, reason).await
                })
                .await;
        }
        if !dice.chance(0.5) {
            return;
        }
        for _ in 0..240 {
            wait(SignedDuration::from_secs(30)).await;
            let caller = self.person.caller.clone();
            let seen = self
                .ask(move |services| async move { runs::get(&services, &caller, run).await })
                .await;
            let Some(Ok(detail)) = seen else {
                continue;
            };
            self.compare(
                run,
                detail.run.head.state.as_str(),
                detail.view.state.as_str(),
            );
            match detail.run.head.state.as_str() {
                "failed" | "cancelled" | "succeeded_with_warnings" | "partly_failed"
                    if dice.chance(0.4) =>
                {
                    return self.retry(run).await;
                }
                _ if detail.run.head.state.is_terminal() => return,
                _ => {}
            }
            if self.world.weather.is_calm() {
                return;
            }
        }
    }

    /// A page shows a run's steps and its state: they must tell the same.
    fn compare(&self, run: RunId, head: &str, steps: &str) {
        // The two are read one after the other, so that the log may be further.
        let now = self.world.oracle.state_of(run);
        if head != steps && now == Some(head) && now != Some(steps) {
            let what = format!("a page shows {head} and steps that are {steps}");
            self.world.oracle.report(Rule::LogFolds, what);
        }
    }

    async fn retry(&self, run: RunId) {
        let caller = self.person.caller.clone();
        let again = self
            .ask(move |services| async move { runs::retry(&services, &caller, run).await })
            .await;
        if let Some(Err(error)) = again {
            self.world.trace.say(self.world.time.elapsed(), || {
                let who = &self.person.caller.name;
                format!("{who} may not try again: {error}")
            });
        }
    }
}
