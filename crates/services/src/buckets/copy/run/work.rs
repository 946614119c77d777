use std::sync::Arc;

use async_trait::async_trait;
use futures::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tidemark_domain::{
    buckets::{CopyNote, ListedObject},
    runs::StepError,
};
use tidemark_runs::{Step, StepCtx, StepOutcome};

use super::{
    super::{
        beside::{source_page, there},
        policy::copy_policy,
    },
    CopyParams,
    one::{Fared, One, Proof},
};
use crate::{
    ports::{AccountStore, Buckets, CloudError, Target},
    runs::{run_target, step_error},
};

pub(super) const NAME: &str = "copy";

/// Objects between two notes of how far it has come.
const CHUNK: usize = 250;
/// Copies at once: at the beginning, and at most. S3 takes 3,500 writes a second for a prefix and wants fewer while it
/// makes room for more ("Best practices design patterns", S3's user guide).
const FEW: usize = 16;
const MOST: usize = 64;
/// How long one call works before the run sleeps for a moment, so that other runs get their turn.
const TURN: SignedDuration = SignedDuration::from_secs(15);
/// Objects that are named one by one.
const NAMED: usize = 100;

/// What every step works with.
#[derive(Clone)]
pub(super) struct Ports {
    pub(super) accounts: Arc<dyn AccountStore>,
    pub(super) buckets: Arc<dyn Buckets>,
}

/// Copies what is not there yet, in the order of the keys.
pub(super) struct CopyStep {
    pub(super) ports: Ports,
    pub(super) params: CopyParams,
}

/// How far a copy has come: everything up to a key, and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Progress {
    /// The last key that is done with.
    after: Option<String>,
    /// How many.
    seen: u64,
    copied: u64,
    copied_bytes: u64,
    /// Of the copied: compared by `ETag`, by checksum, by size alone.
    by_etag: u64,
    by_checksum: u64,
    by_size: u64,
    /// The same was there before.
    there: u64,
    /// Another is there.
    differ: u64,
    /// Cannot be copied as they are.
    left: u64,
    failed: u64,
    /// Copies at once.
    at_once: usize,
    /// How often in a row S3 wanted fewer requests.
    slowed: u32,
    /// The first that were not copied.
    notes: Vec<CopyNote>,
}

impl Progress {
    fn take(&mut self, source: &ListedObject, fared: Fared) {
        self.seen += 1;
        let why = match fared {
            Fared::Copied(proof) => {
                self.copied += 1;
                self.copied_bytes = self.copied_bytes.saturating_add(source.size);
                match proof {
                    Proof::ETag => self.by_etag += 1,
                    Proof::Checksum => self.by_checksum += 1,
                    Proof::Size => self.by_size += 1,
                }
                return;
            }
            Fared::There => {
                self.there += 1;
                return;
            }
            Fared::Differs(why) => {
                self.differ += 1;
                why
            }
            Fared::Left(why) => {
                self.left += 1;
                why
            }
            Fared::Failed(why) => {
                self.failed += 1;
                why
            }
            Fared::Later(error) => error.to_string(),
        };
        if self.notes.len() < NAMED {
            self.notes.push(CopyNote {
                key: source.key.clone(),
                why,
            });
        }
    }

    fn words(&self) -> String {
        let mut words = vec![format!("{} copied", self.copied)];
        for (number, what) in [
            (self.there, "there before"),
            (self.differ, "skipped: another object is there"),
            (self.left, "left"),
            (self.failed, "failed"),
        ] {
            if number > 0 {
                words.push(format!("{number} {what}"));
            }
        }
        words.join(", ")
    }

    fn percent(&self, of: Option<u64>) -> Option<u8> {
        let of = of.filter(|of| *of > 0)?;
        u8::try_from((self.seen.saturating_mul(100) / of).min(99)).ok()
    }
}

#[async_trait]
impl Step for CopyStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn title(&self) -> String {
        let request = &self.params.request;
        format!(
            "Copy {}/{} to {}/{}",
            request.from.bucket, request.prefix, request.to.bucket, request.to_prefix
        )
    }

    async fn execute(&self, ctx: &StepCtx) -> Result<StepOutcome, StepError> {
        let request = &self.params.request;
        let to = self.target(ctx).await?;
        let from = Target {
            region: request.from.region.clone(),
            ..to.clone()
        };
        let one = One {
            buckets: self.ports.buckets.as_ref(),
            from: &from,
            to: &to,
            params: &self.params,
            began: ctx.work_began_at(),
        };
        let turn_ends = later(ctx.now(), TURN);
        let mut progress = known(ctx)?;
        loop {
            let after = progress.after.clone();
            let page = source_page(one.buckets, &from, request, after.as_deref())
                .await
                .map_err(|error| step_error(&error))?;
            if page.is_empty() {
                return done(ctx, progress);
            }
            let there = there(one.buckets, &to, request, after.as_deref(), &page)
                .await
                .map_err(|error| step_error(&error))?;
            for chunk in page.chunks(CHUNK) {
                // What was asked for is done with: here it is safe to stop.
                ctx.check_cancelled()?;
                let copies: Vec<_> = chunk
                    .iter()
                    .map(|source| {
                        let key = request.target(&source.key);
                        let there = key.and_then(|key| there.get(&key));
                        one.copy(source, there)
                    })
                    .collect();
                let fared: Vec<Fared> = stream::iter(copies)
                    .buffered(progress.at_once)
                    .collect()
                    .await;
                if let Some(error) = slowed(&fared) {
                    return self.slow_down(ctx, progress, error);
                }
                for (source, fared) in chunk.iter().zip(fared) {
                    progress.take(source, fared);
                }
                progress.after = chunk.last().map(|object| object.key.clone());
                progress.at_once = (progress.at_once + 4).min(MOST);
                progress.slowed = 0;
                // What fails for all of the first fails for all of the rest.
                if progress.failed == progress.seen {
                    return done(ctx, progress);
                }
                ctx.progress_with(
                    progress.percent(self.params.objects),
                    progress.words(),
                    json!(progress),
                );
                if ctx.now() >= turn_ends {
                    let soon = later(ctx.now(), SignedDuration::from_millis(50));
                    return Ok(self.wait(&progress, soon, progress.words()));
                }
            }
        }
    }

    /// Each turn is short; the deadline is for an object of terabytes, which is copied by parts.
    fn deadline(&self) -> Option<SignedDuration> {
        Some(SignedDuration::from_hours(12))
    }
}

impl CopyStep {
    async fn target(&self, ctx: &StepCtx) -> Result<Target, StepError> {
        let to = &self.params.request.to;
        run_target(
            self.ports.accounts.as_ref(),
            &to.account,
            &to.region,
            ctx.run_id(),
            &ctx.source_identity(),
            copy_policy(&self.params.request, self.params.keeps_locks).fitted(),
        )
        .await
    }

    fn wait(&self, progress: &Progress, until: Timestamp, words: String) -> StepOutcome {
        let wait = StepOutcome::wait(until, words).memo(json!(progress));
        match progress.percent(self.params.objects) {
            Some(percent) => wait.percent(percent).into(),
            None => wait.into(),
        }
    }

    /// Goes on later with half as many at once, from before the objects that S3 did not take: what of them is there by now is
    /// found.
    fn slow_down(
        &self,
        ctx: &StepCtx,
        mut progress: Progress,
        error: &CloudError,
    ) -> Result<StepOutcome, StepError> {
        progress.at_once = (progress.at_once / 2).max(1);
        progress.slowed = progress.slowed.saturating_add(1);
        // Long enough a time without coming further is told as trouble, and waited out with growing pauses.
        if progress.slowed > 5 {
            return Err(step_error(error));
        }
        let pause = SignedDuration::from_millis(250 << progress.slowed);
        let words = format!("{}; S3 wants fewer requests: {error}", progress.words());
        Ok(self.wait(&progress, later(ctx.now(), pause), words))
    }
}

/// The end: every object was looked at.
fn done(ctx: &StepCtx, progress: Progress) -> Result<StepOutcome, StepError> {
    ctx.progress(Some(100), progress.words());
    if progress.failed > 0 && progress.copied == 0 && progress.there == 0 {
        return Err(StepError::permanent(format!(
            "none of {} objects could be copied",
            progress.seen
        ))
        .with_guidance("Fix the cause, then run it again.")
        .with_detail(json!(progress)));
    }
    StepOutcome::done_with(progress)
}

/// How far it has come: what the last wait or the last note of progress says, whichever is further.
fn known(ctx: &StepCtx) -> Result<Progress, StepError> {
    let memo: Option<Progress> = ctx.memo()?;
    let detail: Option<Progress> = ctx.last_detail()?;
    let mut known = match (memo, detail) {
        (Some(memo), Some(detail)) if detail.seen > memo.seen => detail,
        (Some(memo), _) => memo,
        (None, detail) => detail.unwrap_or_default(),
    };
    if known.at_once == 0 {
        known.at_once = FEW;
    }
    Ok(known)
}

/// Why S3 did not take an object now; none where it took all.
fn slowed(fared: &[Fared]) -> Option<&CloudError> {
    fared.iter().find_map(|fared| match fared {
        Fared::Later(error) => Some(error),
        _ => None,
    })
}

fn later(now: Timestamp, pause: SignedDuration) -> Timestamp {
    now.checked_add(pause).unwrap_or(now)
}
