use async_trait::async_trait;
use tidemark_domain::{
    PutBack, ScalingTarget,
    runs::{OnFailure, StepError},
};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::world::World;
use crate::{ports::Target, runs::next_look};

/// Puts one setting back that the restore lost.
pub(super) struct PutBackStep {
    world: World,
    what: PutBack,
    name: String,
}

/// How the names of steps begin that put a setting back.
pub(super) const PREFIX: &str = "put-back-";

/// The step that puts the setting back.
pub(super) fn step_name(what: PutBack) -> String {
    format!("{PREFIX}{}", what.as_str().replace('_', "-"))
}

impl PutBackStep {
    pub(super) fn new(world: World, what: PutBack) -> Self {
        Self {
            world,
            what,
            name: step_name(what),
        }
    }
}

#[async_trait]
impl Step for PutBackStep {
    fn name(&self) -> &str {
        &self.name
    }

    fn title(&self) -> String {
        format!("Put back: {}", self.what.label().to_lowercase())
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let target = self.world.target(ctx).await?;
        if !self.world.is_active(ctx, &target).await? {
            return Ok(Self::later(ctx));
        }
        if self.apply(ctx, &target).await? {
            return Ok(StepOutcome::done());
        }
        Ok(Self::later(ctx))
    }

    /// The table is back, with or without this setting.
    fn on_failure(&self) -> OnFailure {
        OnFailure::Warn
    }
}

impl PutBackStep {
    fn later(ctx: &StepCtx) -> StepOutcome {
        let message = "The table is busy with the change before";
        StepOutcome::wait(next_look(ctx.now(), ctx.began_at()), message).into()
    }

    /// Puts it back; answers false where the table became busy meanwhile.
    async fn apply(&self, ctx: &StepCtx, target: &Target) -> Result<bool, StepError> {
        let World { cloud, plan, .. } = &self.world;
        let (table, settings) = (self.world.table()?, &plan.settings);
        let result = match self.what {
            PutBack::Tags => {
                cloud
                    .tag_table(target, &self.world.table_arn()?, &settings.tags)
                    .await
            }
            PutBack::TimeToLive => match &settings.ttl_attribute {
                Some(attribute) => cloud.put_time_to_live(target, table, attribute).await,
                None => Ok(()),
            },
            PutBack::Stream => match &settings.stream_view {
                Some(view) => cloud.put_stream(target, table, view).await,
                None => Ok(()),
            },
            PutBack::PointInTimeRecovery => match settings.pitr_days {
                Some(days) => cloud.put_point_in_time_recovery(target, table, days).await,
                None => Ok(()),
            },
            PutBack::DeletionProtection => cloud.put_deletion_protection(target, table, true).await,
            PutBack::AutoScaling => {
                for (number, scaling) in settings.scaling.iter().enumerate() {
                    // Each is a change of its own, and the table may be another one by now.
                    if number > 0 && !self.world.is_active(ctx, target).await? {
                        return Ok(false);
                    }
                    cloud
                        .put_scaling(target, &moved(scaling, plan.request.resource.name(), table))
                        .await
                        .map_err(|error| World::busy_is_retryable(&error))?;
                }
                Ok(())
            }
        };
        result
            .map(|()| true)
            .map_err(|error| World::busy_is_retryable(&error))
    }
}

/// The same scaling for the new table and its indexes.
fn moved(scaling: &ScalingTarget, from: &str, to: &str) -> ScalingTarget {
    let rest = scaling
        .resource_id
        .strip_prefix("table/")
        .and_then(|id| id.strip_prefix(from))
        .unwrap_or_default();
    ScalingTarget {
        resource_id: format!("table/{to}{rest}"),
        ..scaling.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaling_of_an_index_moves_to_the_new_tables_index() {
        let scaling = |id: &str| ScalingTarget {
            resource_id: id.to_owned(),
            dimension: "dynamodb:index:ReadCapacityUnits".to_owned(),
            min: 1,
            max: 9,
            policy: None,
        };
        assert_eq!(
            moved(&scaling("table/a/index/i"), "a", "b").resource_id,
            "table/b/index/i"
        );
        assert_eq!(moved(&scaling("table/a"), "a", "b").resource_id, "table/b");
    }
}
