use std::collections::BTreeMap;

use tidemark_domain::{
    Scope,
    plan::{PlanDraft, PlanKey, RolloutRequest, SelectionDraft},
};
use tidemark_services::{ServiceError, plans};

use super::{Filled, Form, Visit};
use crate::{
    oracle::{Wants, reason},
    world::{plan, selection},
};

impl Visit<'_> {
    fn days(&self) -> i64 {
        i64::try_from(self.dice().between(30, 60)).unwrap_or(30)
    }

    fn ask_for(&self, wants: Wants) -> usize {
        self.world.oracle.ask(&self.person.caller.name, wants)
    }

    fn shown<T>(&self, ask: usize, answer: Result<T, ServiceError>) -> Option<T> {
        answer.map_err(|error| self.refused(ask, &error)).ok()
    }

    /// One of the plans that there are, and where.
    fn some_plan(&self) -> Option<(Scope, PlanKey)> {
        let (scope, id) = self.dice().pick(&self.world.estate.plans)?;
        let key = PlanKey {
            account: scope.account.clone(),
            region: scope.region.clone(),
            id: id.clone(),
        };
        Some((scope.clone(), key))
    }

    /// Makes a plan, or changes one.
    pub(super) async fn save_plan(&self) -> Option<Filled> {
        let days = self.days();
        let existing = self.some_plan().filter(|_| self.dice().chance(0.5));
        let (scope, id, name) = if let Some((scope, key)) = &existing {
            (scope.clone(), Some(key.id.clone()), "gold".to_owned())
        } else {
            let scope = self.dice().pick(&self.world.estate.scopes)?;
            let name = format!("plan-{}", self.dice().below(3));
            (scope.clone(), None, name)
        };
        let ask = self.ask_for(Wants::Plan {
            ids: BTreeMap::from([(scope.clone(), id)]),
            name: name.clone(),
            days,
        });
        let mut draft = match existing {
            Some((_, key)) => {
                let found = self
                    .ask(move |services| async move { services.catalogue.plan(&key).await })
                    .await?;
                let mut draft = PlanDraft::of(&found.ok()??);
                draft.plan.rules.clone_from(&plan(&name, days)?.rules);
                draft
            }
            None => PlanDraft {
                account: scope.account.clone(),
                region: scope.region.clone(),
                plan_id: None,
                version_id: None,
                plan: plan(&name, days)?,
                selections: vec![SelectionDraft {
                    id: None,
                    selection: selection(&scope)?,
                }],
                reason: String::new(),
            },
        };
        draft.reason = reason(ask);
        let (caller, drafted) = (self.person.caller.clone(), draft.clone());
        let change = self
            .ask(move |services| async move { plans::change(&services, &caller, drafted).await })
            .await?;
        let digest = self.shown(ask, change)?.digest;
        Some(Filled {
            ask,
            form: Form::Save(draft, digest),
        })
    }

    /// Deletes a plan.
    pub(super) async fn delete_plan(&self) -> Option<Filled> {
        let (scope, key) = self.some_plan()?;
        let ask = self.ask_for(Wants::NoPlan {
            scope,
            id: key.id.clone(),
        });
        let (caller, of) = (self.person.caller.clone(), key.clone());
        let shown = self
            .ask(move |services| async move { plans::deletion(&services, &caller, &of).await })
            .await?;
        let digest = self.shown(ask, shown)?.digest;
        Some(Filled {
            ask,
            form: Form::Delete(key, digest, reason(ask)),
        })
    }

    /// Rolls a plan out everywhere.
    pub(super) async fn roll_out(&self) -> Option<Filled> {
        let days = self.days();
        let name = format!("everywhere-{}", self.dice().below(2));
        let scopes = &self.world.estate.scopes;
        let ask = self.ask_for(Wants::Plan {
            ids: BTreeMap::new(),
            name: name.clone(),
            days,
        });
        let request = RolloutRequest {
            plan: plan(&name, days)?,
            selections: vec![selection(scopes.first()?)?],
            targets: scopes.clone(),
            reason: reason(ask),
        };
        let (caller, of) = (self.person.caller.clone(), request.clone());
        let shown = self
            .ask(move |services| async move { plans::rollout(&services, &caller, of).await })
            .await?;
        let shown = self.shown(ask, shown)?;
        // What a person asks for is what the page shows, be it true by now or not.
        let ids = shown.targets.iter().map(|target| {
            let scope = Scope {
                account: target.account.clone(),
                region: target.region.clone(),
            };
            let change = target.change.as_ref();
            let there = change.and_then(|change| change.before.as_ref());
            (scope, there.map(|plan| plan.id.clone()))
        });
        let wants = Wants::Plan {
            ids: ids.collect(),
            name,
            days,
        };
        self.world.oracle.asks_for(ask, wants);
        let digest = shown.digest;
        Some(Filled {
            ask,
            form: Form::RollOut(request, digest),
        })
    }

    /// Runs a rule of a plan now.
    pub(super) async fn run_rule(&self) -> Option<Filled> {
        let (scope, key) = self.some_plan()?;
        let (caller, of) = (self.person.caller.clone(), key.clone());
        let shown =
            self.ask(move |services| async move {
                plans::rule_run(&services, &caller, &of, "daily").await
            })
            .await?;
        let shown = shown.ok()?;
        let ask = self.ask_for(Wants::Backups {
            scope,
            of: shown.resources.iter().map(|(arn, _)| arn.clone()).collect(),
            into: "Default".to_owned(),
        });
        Some(Filled {
            ask,
            form: Form::RunRule(key, shown.digest, reason(ask)),
        })
    }
}
