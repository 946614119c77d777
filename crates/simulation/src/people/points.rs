use std::collections::BTreeSet;

use tidemark_domain::change::{ChangeRequest, ColdChange, PointAction, PointPick, PointSelection};
use tidemark_services::points::change::{self, Confirmed};
use tidemark_testkit::Thing;

use super::{Filled, Form, Visit};
use crate::oracle::{Wants, reason};

/// How many points are changed at once, at most.
const MOST: usize = 6;

impl Visit<'_> {
    /// Picks some points, to delete them or to keep them for so many days.
    pub(super) async fn change_points(&self, keep: Option<i64>) -> Option<Filled> {
        let world = self.world;
        world.time.now();
        let mut picks = Vec::new();
        for scope in &world.estate.scopes {
            for thing in world.aws.things(scope).into_values() {
                if let Thing::Point(point) = thing
                    && point.vault.is_some()
                    && point.status == "COMPLETED"
                    && picks.len() < MOST
                    && self.dice().chance(0.3)
                {
                    picks.push(PointPick {
                        account: point.account,
                        arn: point.arn,
                    });
                }
            }
        }
        if picks.is_empty() {
            return None;
        }
        let points: BTreeSet<_> = picks.iter().map(|pick| pick.arn.clone()).collect();
        let (action, wants) = match keep {
            None => (PointAction::Delete, Wants::Gone { points }),
            days => {
                let action = PointAction::ChangeLifecycle {
                    cold: ColdChange::Keep,
                    delete_after_days: days,
                };
                (action, Wants::Kept { points, days })
            }
        };
        let ask = world.oracle.ask(&self.person.caller.name, wants);
        let request = ChangeRequest {
            action,
            selection: PointSelection::Picked(picks),
            all: false,
        };
        let (caller, shown) = (self.person.caller.clone(), request.clone());
        let plan = self
            .ask(move |services| async move { change::plan(&services, &caller, shown).await })
            .await?;
        let plan = match plan {
            Ok(plan) => plan,
            Err(error) => {
                self.refused(ask, &error);
                return None;
            }
        };
        let confirmed = Confirmed {
            digest: plan.digest,
            confirmation: plan.confirmation,
            reason: reason(ask),
            token: format!("form-{ask}"),
        };
        Some(Filled {
            ask,
            form: Form::Points(request, confirmed),
        })
    }
}
